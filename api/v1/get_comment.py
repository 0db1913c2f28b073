"""GET /v1/comments/{id}: one comment."""

from uuid import UUID

from flask import Response

from api.v1.access import access
from api.v1.answering import respond
from api.v1.comment_resource import CommentResource, resource_of
from api.v1.operation import Operation, Success
from api.web import web
from moderation.model.ids import CommentId
from moderation.services import reading
from moderation.services.idempotency import Answer


def get_comment(comment_id: UUID) -> Response:
    """Return a comment's state: what to do with it now, and why."""
    view = reading.get_comment(web().runtime, access().site_id, CommentId(comment_id))
    return respond(Answer(200, resource_of(view)))


OPERATION = Operation(
    method="GET",
    path="/comments/<uuid:comment_id>",
    view=get_comment,
    summary="Get a comment",
    successes={200: Success("The comment.", CommentResource)},
    problems=(404, 410),
)
