"""POST /v1/comments/reports?external_id=: a reader complains, by the site's own id."""

from flask import Response

from api.v1.complaint_input import ReportInput
from api.v1.external_id_query import ExternalIdQuery
from api.v1.operation import Operation
from api.v1.parsing import read_body, read_query
from api.v1.repeating import KEY_HEADERS, answer_once
from api.v1.report_comment import SUCCESSES, make_report


def report_comment_by_external_id() -> Response:
    """Keep a reader's report on the comment that the site knows by this id."""
    external_id = read_query(ExternalIdQuery).external_id
    new = read_body(ReportInput).to_new()
    return answer_once(lambda: make_report(external_id, new))


OPERATION = Operation(
    method="POST",
    path="/comments/reports",
    view=report_comment_by_external_id,
    summary="Report a comment by the site's own id",
    body=ReportInput,
    query=ExternalIdQuery,
    headers=KEY_HEADERS,
    successes=SUCCESSES,
    problems=(404, 409, 410),
)
