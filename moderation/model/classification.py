"""Classifications: what a classifier said about one text, and the facts a policy judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moderation.model.circumstances import NOTHING_SPECIAL, Circumstances
from moderation.model.jobs import ClaimedJob
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.model.measures import Measure
from moderation.model.places import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that `decide` may look at, stored with the classification for replay.

    `failure` says in words why there are no scores; it is None where the classifier answered.
    `readable` is False where the text is in a script that the classifier has not learnt.
    `language` is what the text counts as (that of the site where nobody can tell), and `supported`
    is False where the classifier does not know that language. `circumstances` and `counts` are
    known only where a comment is decided; a measure that is missing was not counted. `place` is
    known where it is one that a site posted.
    """

    classifier: str
    scores: Mapping[Label, float] = field(default_factory=dict)
    failure: str | None = None
    readable: bool = True
    language: str | None = None
    supported: bool = True
    circumstances: Circumstances = NOTHING_SPECIAL
    counts: Mapping[Measure, int] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claimed job: the facts, or for a job that explains them the marks.

    `routed_by` is the version whose policy routed the comment to the classifier of these facts.
    `marks` is None where nobody looked for words, or in vain.
    """

    job: ClaimedJob
    facts: Facts
    routed_by: str | None = None
    marks: tuple[Mark, ...] | None = None

    @property
    def judged_for(self) -> str:
        """The classifier version whose policy judges the facts."""
        return self.routed_by or self.facts.classifier
