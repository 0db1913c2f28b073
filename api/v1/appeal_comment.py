"""POST /v1/comments/{id}/appeals: an author contests that a comment was taken off."""

from http import HTTPStatus
from uuid import UUID

from flask import Response

from api.v1.access import access
from api.v1.complaint_input import AppealInput
from api.v1.complaint_resource import AppealResource, appeal_resource, appeals_path
from api.v1.operation import Header, Operation, Success
from api.v1.parsing import read_body
from api.v1.repeating import KEY_HEADERS, REPLAYED_HEADERS, answer_once
from api.web import web
from moderation.model.ids import CommentId
from moderation.services.access import Which
from moderation.services.appealing import appeal
from moderation.services.idempotency import Answer


def appeal_comment(comment_id: UUID) -> Response:
    """Keep an author's appeal: another person than the one who decided judges it."""
    words = read_body(AppealInput).words or None
    return answer_once(lambda: make_appeal(CommentId(comment_id), words))


def make_appeal(which: Which, words: str | None) -> Answer:
    """Appeal against the decision that took a comment off."""
    made = appeal(web().runtime, access().site_id, which, words)
    return Answer(HTTPStatus.CREATED, appeal_resource(made), {"Location": appeals_path(made)})


SUCCESSES = {
    201: Success(
        "The appeal is kept, and waits for a person.",
        AppealResource,
        headers={"Location": Header("The path of the comment's appeals.")} | REPLAYED_HEADERS,
    )
}

OPERATION = Operation(
    method="POST",
    path="/comments/<uuid:comment_id>/appeals",
    view=appeal_comment,
    summary="Appeal against a decision",
    body=AppealInput,
    headers=KEY_HEADERS,
    successes=SUCCESSES,
    problems=(404, 409, 410),
)
