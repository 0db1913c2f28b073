"""GET /v1/decisions: what webhooks tell, for sites that fetch it."""

from flask import Response
from pydantic import BaseModel, Field

from api.v1.access import access
from api.v1.answering import respond
from api.v1.comment_resource import DecisionResource
from api.v1.operation import Operation, Success
from api.v1.paging import PageQuery
from api.v1.parsing import read_query
from api.web import web
from moderation.model.appeals import AppealState
from moderation.model.comments import Display, Status
from moderation.services.announcements import payload
from moderation.services.idempotency import Answer
from moderation.services.reading import decisions_after


class AppealOutcome(BaseModel):
    """What became of the author's appeal; `state` is said of the decision that was contested."""

    id: str
    state: AppealState
    decision_id: str = Field(description="The contested decision.")
    own_decision: bool = Field(
        description="Whether it was judged by the person who had decided, because nobody else was "
        "there."
    )


class AnnouncedDecision(BaseModel):
    """A decision, and what the site should do since."""

    comment_id: str
    external_id: str
    revision: int
    sequence: int = Field(description="Of the comment: a lower one than known may be ignored.")
    text_sha256: str | None = Field(description="Of the text that was decided on.")
    status: Status
    display: Display
    decision: DecisionResource
    appeal: AppealOutcome | None = Field(
        description="Where the decision is one on an appeal; its message is the answer."
    )


class DecisionPage(BaseModel):
    """Decisions in the order in which they were announced."""

    decisions: list[AnnouncedDecision]
    next: str = Field(description="The cursor for the next request, also where nothing is new.")
    has_more: bool


def list_decisions() -> Response:
    """Return the decisions announced after a cursor, oldest first; none is left out."""
    query = read_query(PageQuery)
    site_id, after = access().site_id, int(query.after)
    found = decisions_after(web().runtime, site_id, after, query.one_more)
    page = [payload(announcement) for announcement in found[: query.limit]]
    body = {"decisions": page} | query.next_page([one.position for one in found])
    return respond(Answer(200, body))


OPERATION = Operation(
    method="GET",
    path="/decisions",
    view=list_decisions,
    summary="List decisions",
    query=PageQuery,
    successes={200: Success("Decisions, and where to go on.", DecisionPage)},
)
