"""The standing of an author or a thread, as sites set it and see it."""

from enum import StrEnum
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from api.v1.access import access
from api.v1.answering import respond
from api.v1.comment_resource import Moment
from api.v1.field_types import NO_NUL, ExternalId
from api.v1.field_types import Moment as GivenMoment
from api.v1.parsing import read_body, read_query
from api.web import web
from moderation.model.standings import (
    MAX_REASON_LENGTH,
    NewStanding,
    Standing,
    StandingChange,
    StandingSource,
    Subject,
    SubjectKind,
)
from moderation.services import standings
from moderation.services.idempotency import Answer
from moderation.services.standings import Setter

BY_THE_SITE = Setter(StandingSource.SITE)

ReasonText = Annotated[str, Field(max_length=MAX_REASON_LENGTH, pattern=NO_NUL)]


class ThreadStanding(StrEnum):
    """What a thread can be."""

    ORDINARY = Standing.ORDINARY.value
    HELD = Standing.HELD.value


class SubjectQuery(BaseModel):
    """Whose standing, by the site's own id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: ExternalId = Field(description="As in `author.id` or `thread.id` of comments.")


class _StandingInput(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    standing: StrEnum
    reason: ReasonText | None = Field(default=None, description="For moderators.")
    ends_at: GivenMoment | None = Field(
        default=None, description="When it is ordinary again; without it, never."
    )


class AuthorStandingInput(_StandingInput):
    """What the next comments of an author shall be decided by."""

    standing: Standing


class ThreadStandingInput(_StandingInput):
    """What the next comments in a thread shall be decided by."""

    standing: ThreadStanding


class StandingResource(BaseModel):
    """What stands now; the rest is null where it is ordinary."""

    standing: Standing
    reason: str | None
    ends_at: Moment | None
    set_at: Moment | None
    by: str | None = Field(description="The moderator's name; null where no moderator set it.")


def answer_with_standing(kind: SubjectKind) -> Response:
    """Return what stands of the author or thread that the address names."""
    return respond(Answer(200, _resource(_standing(_subject(kind)))))


def _standing(subject: Subject) -> StandingChange | None:
    """Return the entry that stands at the site whose key the request carries."""
    return standings.standing_of(web().runtime, access().site_id, subject)


def answer_after_setting(kind: SubjectKind, model: type[_StandingInput]) -> Response:
    """Set what the body says, and return what stands now."""
    subject, given = _subject(kind), read_body(model)
    new = NewStanding(subject, Standing(given.standing), given.reason, given.ends_at)
    standings.set_standing(web().runtime, access().site_id, new, BY_THE_SITE)
    return respond(Answer(200, _resource(_standing(subject))))


def answer_after_forgetting(kind: SubjectKind) -> Response:
    """Remove all that was set of the author or thread that the address names."""
    standings.forget_subject(web().runtime, access().site_id, _subject(kind), BY_THE_SITE)
    return Response(status=204)


def _subject(kind: SubjectKind) -> Subject:
    return Subject(kind, read_query(SubjectQuery).id)


def _resource(change: StandingChange | None) -> dict[str, Any]:
    if change is None:
        nothing = dict.fromkeys(("reason", "ends_at", "set_at", "by"))
        return {"standing": Standing.ORDINARY.value, **nothing}
    return {
        "standing": change.standing.value,
        "reason": change.reason,
        "ends_at": change.ends_at and change.ends_at.isoformat(),
        "set_at": change.set_at.isoformat(),
        "by": change.user_name,
    }
