"""Keeping: what a classifier said of a comment, whatever it was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.model.classification import Outcome
from moderation.model.comments import Comment
from moderation.model.ids import ClassificationId, new_uuid
from moderation.model.labels import Label
from moderation.model.measures import Measure
from moderation.model.places import Place
from moderation.model.prints import Cut
from moderation.model.repeats import Print
from moderation.storage import classifications
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Scored:
    """An outcome that counts, with its comment (locked) and the id of its classification.

    Where it is decided, its text is cut up, and others that say the same find it by `print`.
    """

    outcome: Outcome
    comment: Comment
    classification_id: ClassificationId
    cut: Cut | None = None
    print: Print | None = None

    def of_comment(self) -> dict[str, Any]:
        """Return the columns that say which text it is about."""
        return {
            "comment_id": self.comment.id,
            "site_id": self.comment.site_id,
            "revision": self.comment.revision,
        }


def placed(outcome: Outcome, comment: Comment) -> Scored:
    """Return an outcome that counts, with the place of its comment: an edit may move it later."""
    place = Place(comment.thread.section, comment.thread.id)
    facts = replace(outcome.facts, place=place)
    return Scored(replace(outcome, facts=facts), comment, ClassificationId(new_uuid()))


def keep(connection: Connection, scored: Sequence[Scored], now: datetime) -> None:
    """Store classifications, and change nothing else."""
    classifications.add_all(connection, [_row(one, now) for one in scored])


def _row(one: Scored, now: datetime) -> dict[str, Any]:
    facts = one.outcome.facts
    return (
        one.of_comment()
        | {label.value: facts.scores.get(label) for label in Label}
        | {measure.value: facts.counts.get(measure) for measure in Measure}
        | {
            "id": one.classification_id,
            "classifier": facts.classifier,
            "purpose": one.outcome.job.purpose,
            "failure": facts.failure,
            "readable": facts.readable,
            "language": facts.language,
            "supported": facts.supported,
            "section": facts.place.section,
            "thread": facts.place.thread,
            "circumstances": classifications.from_circumstances(facts.circumstances),
            "head": one.outcome.head,
            "classified_at": now,
            "written_at": one.comment.written_at,
        }
        | classifications.from_print(one.print)
        | classifications.summary_of(facts, one.outcome.judged_for)
    )
