"""GET /v1/comments/{id}/reports: what became of the reports on a comment."""

from uuid import UUID

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from api.v1.access import access
from api.v1.answering import respond
from api.v1.complaint_resource import ReportPage, report_resource
from api.v1.field_types import Cursor
from api.v1.operation import Operation, Success
from api.v1.parsing import read_query
from api.web import web
from moderation.model.ids import CommentId
from moderation.services.idempotency import Answer
from moderation.services.reporting import reports_after

DEFAULT_LIMIT = 100
MAX_LIMIT = 500


class ReportsQuery(BaseModel):
    """Where to go on, and how far."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Cursor = Field(
        default="0", description="`next` of an earlier answer; without it, the start."
    )
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)


def list_reports(comment_id: UUID) -> Response:
    """Return the reports on a comment in the order in which they came, without their words."""
    query = read_query(ReportsQuery)
    after = int(query.after)
    site_id, which = access().site_id, CommentId(comment_id)
    found = reports_after(web().runtime, site_id, which, after, query.limit + 1)
    page = found[: query.limit]
    body = {
        "reports": [report_resource(report) for report in page],
        "next": str(page[-1].number if page else after),
        "has_more": len(found) > len(page),
    }
    return respond(Answer(200, body))


OPERATION = Operation(
    method="GET",
    path="/comments/<uuid:comment_id>/reports",
    view=list_reports,
    summary="List the reports on a comment",
    query=ReportsQuery,
    successes={200: Success("Reports, and where to go on.", ReportPage)},
    problems=(404, 410),
)
