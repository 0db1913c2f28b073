"""POST /v1/comments/{id}/reports: a reader complains of a comment."""

from http import HTTPStatus
from uuid import UUID

from flask import Response

from api.v1.access import access
from api.v1.complaint_input import ReportInput
from api.v1.complaint_resource import ReportReceipt, receipt
from api.v1.operation import Operation, Success
from api.v1.parsing import read_body
from api.v1.repeating import KEY_HEADERS, REPLAYED_HEADERS, answer_once
from api.web import web
from moderation.model.ids import CommentId
from moderation.model.reports import NewReport
from moderation.services.access import Which
from moderation.services.idempotency import Answer
from moderation.services.reporting import report


def report_comment(comment_id: UUID) -> Response:
    """Keep a reader's report; people look at the comment, which stays as it is meanwhile."""
    new = read_body(ReportInput).to_new()
    return answer_once(lambda: make_report(CommentId(comment_id), new))


def make_report(which: Which, new: NewReport) -> Answer:
    """Report a comment: 201, or 200 where this reader reported this text before."""
    reported = report(web().runtime, access().site_id, which, new)
    return Answer(HTTPStatus.CREATED if reported.is_new else HTTPStatus.OK, receipt(reported))


SUCCESSES = {
    201: Success("The report is kept.", ReportReceipt, headers=REPLAYED_HEADERS),
    200: Success(
        "The reader reported this text before: that report, which alone counts.",
        ReportReceipt,
        headers=REPLAYED_HEADERS,
    ),
}

OPERATION = Operation(
    method="POST",
    path="/comments/<uuid:comment_id>/reports",
    view=report_comment,
    summary="Report a comment",
    body=ReportInput,
    headers=KEY_HEADERS,
    successes=SUCCESSES,
    problems=(404, 409, 410),
)
