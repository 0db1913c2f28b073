"""The classifier that asks a server, and knows whether the server or a text is to blame."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from classifiers.interface import nothing
from classifiers.remote import HARMLESS
from classifiers.remote.circuit import CircuitBreaker
from classifiers.remote.contract import (
    MOST_TEXTS,
    Description,
    read_answer,
    read_description,
    request_body,
)
from classifiers.remote.server import Server
from classifiers.scripts import can_read, scripts_of
from moderation.model.errors import ClassifierFailed, ClassifierUnavailable
from moderation.model.labels import Label, Scores


@dataclass(slots=True)
class RemoteClassifier:
    """Asks for every score; what the server is, it is told at the first use."""

    server: Server
    circuit: CircuitBreaker = field(default_factory=CircuitBreaker)
    _described: Description | None = None

    @property
    def version(self) -> str:
        """The server's own version after our name, as in `remote@toxic-bert-3`."""
        return f"remote@{self._description().version}"

    @property
    def labels(self) -> frozenset[Label]:
        """The labels that the server scores."""
        return self._description().labels

    @property
    def languages(self) -> frozenset[str]:
        """The languages that the server knows."""
        return self._description().languages

    def can_read(self, text: str) -> bool:
        """Say whether the text is in the letters of languages that the server knows."""
        return can_read(text, scripts_of(self.languages))

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        """Score each text; see `Classifier.classify`.

        Raises ClassifierFailed where the server answers, but not with scores of these texts.
        """
        if self.circuit.is_open:
            self._let_through()
            # Whoever comes back may have become another.
            self._describe()
            self._probe()
        self._description()
        found: list[Scores] = []
        for start in range(0, len(texts), MOST_TEXTS):
            found += self._blamed(texts[start : start + MOST_TEXTS])
            between()
        return found

    def _description(self) -> Description:
        if self._described is None:
            self._let_through()
            return self._describe()
        return self._described

    def _describe(self) -> Description:
        try:
            described = read_description(self.server.describe())
        except (ClassifierFailed, ClassifierUnavailable) as error:
            self.circuit.failed(str(error))
            raise self._unavailable() from error
        self._described = described
        return described

    def _blamed(self, texts: Sequence[str]) -> list[Scores]:
        """Score texts; where that fails, find out whether the server is away."""
        try:
            return self._score(texts)
        except ClassifierFailed:
            # These texts were sent and may be what broke it, so that this counts against them;
            # others are kept from a server that is away.
            with suppress(ClassifierUnavailable):
                self._probe()
            raise

    def _probe(self) -> None:
        try:
            self._score([HARMLESS])
        except ClassifierFailed as error:
            raise self._unavailable() from error

    def _let_through(self) -> None:
        if self.circuit.pauses:
            raise self._unavailable()

    def _score(self, texts: Sequence[str]) -> list[Scores]:
        try:
            scores = self._ask(texts)
        except ClassifierUnavailable as error:
            self.circuit.failed(str(error))
            raise self._unavailable() from error
        except ClassifierFailed as error:
            self.circuit.failed(str(error))
            raise
        self.circuit.succeeded()
        return scores

    def _ask(self, texts: Sequence[str]) -> list[Scores]:
        described = self._description()
        answer = read_answer(self.server.score(request_body(texts)))
        if answer.version != described.version:
            # It is asked anew what it is, before anything of another version is believed.
            self._described = None
            raise ClassifierUnavailable("it has become another version")
        return answer.checked(len(texts), described.labels)

    def _unavailable(self) -> ClassifierUnavailable:
        reason = f"the remote classifier is away: {self.circuit.reason}"
        return ClassifierUnavailable(reason, self.circuit.seconds)
