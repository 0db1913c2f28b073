"""DELETE /v1/comments/{id}: withdraw a comment."""

from http import HTTPStatus
from uuid import UUID

from flask import Response

from api.v1.access import access
from api.v1.operation import Operation, Success
from api.web import web
from moderation.model.ids import CommentId
from moderation.services.erasure import erase


def erase_comment(comment_id: UUID) -> Response:
    """Erase a comment's text and author; its decisions stay, and its id is not used again."""
    erase(web().runtime, access().site_id, CommentId(comment_id))
    return Response(status=HTTPStatus.NO_CONTENT)


OPERATION = Operation(
    method="DELETE",
    path="/comments/<uuid:comment_id>",
    view=erase_comment,
    summary="Withdraw a comment",
    successes={204: Success("Text and author are erased.")},
    problems=(404, 410),
)
