"""A comment as sites see it: what to do with it and why, never its text."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, PlainSerializer

from moderation.model.comments import Display, Status
from moderation.model.decisions import Action, ReasonKind, Source
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.services.announcements import decision_payload
from moderation.services.reading import CommentView

Moment = Annotated[datetime, PlainSerializer(datetime.isoformat, return_type=datetime)]
"""Written as in webhooks: with `+00:00`."""

COMMENTS_PATH = "/v1/comments"


class ReasonResource(BaseModel):
    """One cause of a decision."""

    kind: ReasonKind
    label: Label | None = None
    score: float | None = None
    threshold: float | None = None
    detail: str | None = None
    code: str | None = Field(
        default=None,
        description="Of the kind `moderator`: the code of one of the site's reasons. It stays the "
        "same when operators change its words.",
    )
    title: str | None = Field(
        default=None,
        description="That reason's title, as it was when it was chosen. Of the kind `word-list` "
        "the name of the list.",
    )


class DecisionResource(BaseModel):
    """A recorded action on the comment."""

    id: UUID
    action: Action
    source: Source
    by: str | None = Field(description="The moderator's name; null where automation decided.")
    reasons: list[ReasonResource]
    note: str | None = Field(description="For the site's people, not for the author.")
    message_to_author: str | None = Field(
        description="What the site should pass on to whoever wrote the comment."
    )
    policy_version: int | None
    classifier: str | None
    undoes: UUID | None
    decided_at: Moment


class MarkResource(BaseModel):
    """Some characters of the text: `start` to before `end`, counted in code points from 0."""

    start: int
    end: int
    label: Label
    weight: float = Field(description="From 0 to 1: how much of the label's score is theirs.")


class ExplanationResource(BaseModel):
    """The words that raised the scores of the labels that flagged the comment.

    Found by scoring phrases without a word, and words alone.
    """

    approximate: Literal[True]
    marks: list[MarkResource] = Field(description="Empty where no word stood out.")


class Links(BaseModel):
    """Where to go from here."""

    self: str


class CommentResource(BaseModel):
    """A comment's state: `display` is what the site should do now."""

    id: UUID
    external_id: str
    revision: int = Field(description="Raised with each new text.")
    status: Status
    display: Display
    scores: dict[Label, float] | None = Field(
        description="From 0 to 1; null while pending, or where no classifier answered."
    )
    judged_language: str | None = Field(
        description="The language that the text counted as, as an ISO 639-1 code, or `und` where "
        "it has no name here; null while pending, or where no classifier answered."
    )
    explanation: ExplanationResource | None = Field(
        description="Of a comment that its scores flagged, some seconds after that; else null. In "
        "HTML, the characters are those of the text that readers see."
    )
    decision: DecisionResource | None = Field(description="The one in force; null while pending.")
    sequence: int = Field(description="Raised with each change: a higher one is newer.")
    received_at: Moment
    links: Links


def resource_of(view: CommentView) -> dict[str, Any]:
    """Return the JSON of a comment, shaped as CommentResource."""
    comment = view.comment
    return {
        "id": str(comment.id),
        "external_id": comment.external_id,
        "revision": comment.revision,
        "status": comment.status.value,
        "display": view.display.value,
        "scores": None if view.scores is None else dict(view.scores),
        "judged_language": view.language,
        "explanation": None if view.marks is None else _explanation(view.marks),
        "decision": None if view.decision is None else decision_payload(view.decision),
        "sequence": comment.sequence,
        "received_at": comment.received_at.isoformat(),
        "links": {"self": location_of(view)},
    }


def _explanation(marks: Iterable[Mark]) -> dict[str, Any]:
    return {"approximate": True, "marks": [asdict(mark) for mark in marks]}


def location_of(view: CommentView) -> str:
    """Return the path of a comment."""
    return f"{COMMENTS_PATH}/{view.comment.id}"
