"""A second view: a disguised text is classified as it stands and as it reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifiers.cleaning import RULES, cleaned, in_plain_letters
from classifiers.cleaning.known_words import known_words
from classifiers.interface import nothing
from classifiers.windowed import WindowedClassifier
from moderation.model.labels import Label, Scores

MOST_TOKENS = 8_000
"""In a second view's windows together, so that it cannot double the time of the dearest texts.

20,000 characters of English have fewer. What has more is soup, and goes to a person.
"""


def versioned(version: str) -> str:
    """Return the version of a classifier that looks twice: its own and that of the rules."""
    return f"{version}+cleaning{RULES}"


@dataclass(frozen=True, slots=True)
class TwoViews:
    """Takes the highest score of each label from a text and from its cleaned form.

    Only windows that the model would not see anyway are added: a text that cleaning leaves alone,
    or changes in nothing that the tokenizer keeps, costs no tensor call more.
    """

    inner: WindowedClassifier

    @property
    def version(self) -> str:
        """Name, digest and the rules' number, as in `compact@5cb4ca47be35+cleaning1`."""
        return versioned(self.inner.version)

    @property
    def labels(self) -> frozenset[Label]:
        """The labels that every text gets a score for."""
        return self.inner.labels

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it has learnt."""
        return self.inner.languages

    def can_read(self, text: str) -> bool:
        """Say whether the model has learnt the letters that this text seems to be written in.

        Look-alikes in an English word are no other language. What has too much to clean has not
        been read whole.
        """
        seen = cleaned(text)
        return self.inner.can_read(seen) and (seen == text or self._windows(seen) is not None)

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        """Score each text; see `Classifier.classify`."""
        return [self._score(text, between) for text in texts]

    def _score(self, text: str, between: Callable[[], None]) -> Scores:
        windows = self.inner.windows.of(self._first(text))
        if (seen := cleaned(text)) != text:
            second = self._windows(seen) or ()
            windows += [window for window in second if window not in windows]
        return self.inner.score(windows, between)

    def _first(self, text: str) -> str:
        """Return the text as it stands, in plain letters where the model has not learnt others.

        Scores of letters that it cannot read are noise: they would flag harmless comments.
        """
        plain = in_plain_letters(text)
        return text if plain == text or self.inner.can_read(text) else plain

    def _windows(self, seen: str) -> list[list[int]] | None:
        windows = self.inner.windows.of(seen)
        return windows if sum(map(len, windows)) <= MOST_TOKENS else None


def with_second_view(classifier: WindowedClassifier) -> TwoViews:
    """Return the classifier that looks twice. Raises NotConfigured without its words."""
    known_words()
    return TwoViews(classifier)
