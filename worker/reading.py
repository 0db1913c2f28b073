"""Reading: a text as readers see it, the language that it counts as, and who judges it.

The one way to a classifier: of comments that a site posted, and of texts that are scored at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from classifiers.interface import Classifier
from classifiers.languages import language_of
from moderation.markup import as_read
from moderation.model.classification import Facts
from moderation.model.comments import Written
from moderation.model.errors import ClassifierUnavailable
from moderation.model.labels import Scores

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Read:
    """A text as readers see it, the language that it counts as, and who judges it."""

    text: str
    language: str
    judge: Classifier
    routed_by: str | None = None

    def facts(self, scores: Scores) -> Facts:
        """Return what these scores and this text are to a policy."""
        # Markup without words, such as a picture, says something that no classifier has seen.
        failure = None if self.text else "there are no words in its HTML"
        return Facts(
            classifier=self.judge.version,
            scores=scores,
            failure=failure,
            readable=self.judge.can_read(self.text),
            language=self.language,
            supported=self.language in self.judge.languages,
        )


def no_other() -> Classifier | None:
    """Return the classifier for other languages where there is none."""
    return None


def none_of(_version: str) -> Classifier | None:
    """Return a classifier by its version where there is one only."""
    return None


@dataclass(frozen=True, slots=True)
class Reader:
    """Finds out who judges a text: the classifier, or `other` where a policy routes it there.

    `of_version` finds who scores history by a version. Both load at their first use.
    """

    classifier: Classifier
    other: Callable[[], Classifier | None] = no_other
    of_version: Callable[[str], Classifier | None] = none_of

    def read(self, written: Written) -> Read:
        """Return the text as it is judged."""
        text = as_read(written.text, written.format)
        language = _language(text, written, self.classifier)
        if written.route is None or language in self.classifier.languages:
            return Read(text, language, self.classifier)
        other = self._other(written.route)
        if other is None:
            return Read(text, language, self.classifier)
        # The rest of the text may be in a third language, which nobody here knows.
        third = _language(text, written, other)
        if third not in other.languages:
            return Read(text, third, self.classifier)
        return Read(text, language, other, routed_by=self.classifier.version)

    def read_for(self, version: str, written: Written) -> Read | None:
        """Return the text as the classifier of this version judges it; None where nobody has it."""
        own = version == self.classifier.version
        judge = self.classifier if own else self.of_version(version)
        if judge is None:
            return None
        text = as_read(written.text, written.format)
        return Read(text, _language(text, written, judge), judge)

    def _other(self, version: str) -> Classifier | None:
        """Return who is routed to; None where there is none, or another version, or it is away."""
        other = self.other()
        try:
            if other is not None and not other.classify([]) and other.version == version:
                return other
        except ClassifierUnavailable as error:
            log.warning("other_classifier_away", reason=str(error))
        return None


def _language(text: str, written: Written, judge: Classifier) -> str:
    """Return a language of the text that this classifier does not know, or else what it is."""
    found = language_of(text, judge.languages, written.said_language)
    return written.site_language if found is None else found.language
