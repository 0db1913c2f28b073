"""POST /v1/comments: accept a comment."""

from http import HTTPStatus

from flask import Response

from api.v1.access import access
from api.v1.comment_input import CommentInput
from api.v1.comment_resource import CommentResource, location_of, resource_of
from api.v1.operation import Header, Operation, Success
from api.v1.parsing import read_body
from api.v1.repeating import KEY_HEADERS, REPLAYED_HEADERS, answer_once
from api.v1.waiting import APPLIED_HEADERS, PREFER_HEADERS, seats, wanted_seconds
from api.web import web
from moderation.model.comments import NewComment, Status
from moderation.services.accepting import Submitted
from moderation.services.idempotency import Answer
from moderation.services.reading import (
    CommentView,
    get_comment,
    pending_view,
    wait_for_decision,
)


def submit_comment() -> Response:
    """Accept one comment; it is stored for good when the answer leaves."""
    new = read_body(CommentInput).to_new(web().runtime.settings, access().site_id)
    return answer_once(lambda: _submit(new))


def _submit(new: NewComment) -> Answer:
    submitted = web().intake.submit(access().site_id, new)
    seconds = wanted_seconds()
    if not seconds or not seats().take():
        return _answer(submitted, _look(submitted, 0))
    try:
        view = _look(submitted, seconds)
    finally:
        seats().leave()
    return _answer(submitted, view, {"Preference-Applied": f"wait={seconds}"})


def _look(submitted: Submitted, seconds: int) -> CommentView:
    runtime, site_id = web().runtime, access().site_id
    if seconds:
        return wait_for_decision(runtime, web().waiters, site_id, submitted, seconds)
    if submitted.comment is not None:
        # What was stored just now needs no look into the database.
        return pending_view(submitted.comment, access().display_rules)
    return get_comment(runtime, site_id, submitted.comment_id)


def _answer(
    submitted: Submitted, view: CommentView, applied: dict[str, str] | None = None
) -> Answer:
    decided = applied is not None and view.comment.status is not Status.PENDING
    done = decided or not submitted.changed
    headers = {"Location": location_of(view)} | (applied or {})
    return Answer(HTTPStatus.OK if done else HTTPStatus.ACCEPTED, resource_of(view), headers)


_HEADERS = {"Location": Header("The path of the comment.")} | APPLIED_HEADERS | REPLAYED_HEADERS

OPERATION = Operation(
    method="POST",
    path="/comments",
    view=submit_comment,
    summary="Submit a comment",
    body=CommentInput,
    headers=KEY_HEADERS | PREFER_HEADERS,
    successes={
        202: Success("Accepted: a new comment or a new text.", CommentResource, headers=_HEADERS),
        200: Success(
            "The comment was known with this text, or was decided while the request waited.",
            CommentResource,
            headers=_HEADERS,
        ),
    },
    problems=(409, 410),
)
