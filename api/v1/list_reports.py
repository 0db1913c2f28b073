"""GET /v1/comments/{id}/reports: what became of the reports on a comment."""

from uuid import UUID

from flask import Response

from api.v1.access import access
from api.v1.answering import respond
from api.v1.complaint_resource import ReportPage, report_resource
from api.v1.operation import Operation, Success
from api.v1.paging import PageQuery
from api.v1.parsing import read_query
from api.web import web
from moderation.model.ids import CommentId
from moderation.services.idempotency import Answer
from moderation.services.reporting import reports_after


def list_reports(comment_id: UUID) -> Response:
    """Return the reports on a comment in the order in which they came, without their words."""
    query = read_query(PageQuery)
    site_id, which, after = access().site_id, CommentId(comment_id), int(query.after)
    found = reports_after(web().runtime, site_id, which, after, query.one_more)
    page = [report_resource(report) for report in found[: query.limit]]
    body = {"reports": page} | query.next_page([one.number for one in found])
    return respond(Answer(200, body))


OPERATION = Operation(
    method="GET",
    path="/comments/<uuid:comment_id>/reports",
    view=list_reports,
    summary="List the reports on a comment",
    query=PageQuery,
    successes={200: Success("Reports, and where to go on.", ReportPage)},
    problems=(404, 410),
)
