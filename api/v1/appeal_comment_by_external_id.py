"""POST /v1/comments/appeals?external_id=: an author appeals, by the site's own id."""

from flask import Response

from api.v1.appeal_comment import SUCCESSES, make_appeal
from api.v1.complaint_input import AppealInput
from api.v1.external_id_query import ExternalIdQuery
from api.v1.operation import Operation
from api.v1.parsing import read_body, read_query
from api.v1.repeating import KEY_HEADERS, answer_once


def appeal_comment_by_external_id() -> Response:
    """Keep an author's appeal about the comment that the site knows by this id."""
    external_id = read_query(ExternalIdQuery).external_id
    words = read_body(AppealInput).words or None
    return answer_once(lambda: make_appeal(external_id, words))


OPERATION = Operation(
    method="POST",
    path="/comments/appeals",
    view=appeal_comment_by_external_id,
    summary="Appeal against a decision by the site's own id",
    body=AppealInput,
    query=ExternalIdQuery,
    headers=KEY_HEADERS,
    successes=SUCCESSES,
    problems=(404, 409, 410),
)
