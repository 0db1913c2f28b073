"""GET /v1/comments/{id}/appeals: what became of an author's appeals."""

from uuid import UUID

from flask import Response

from api.v1.access import access
from api.v1.answering import respond
from api.v1.complaint_resource import AppealList, appeal_resource
from api.v1.operation import Operation, Success
from api.web import web
from moderation.model.ids import CommentId
from moderation.services.appealing import appeals_of
from moderation.services.idempotency import Answer


def list_appeals(comment_id: UUID) -> Response:
    """Return the appeals about a comment, oldest first, with the statements to its author."""
    found = appeals_of(web().runtime, access().site_id, CommentId(comment_id))
    return respond(Answer(200, {"appeals": [appeal_resource(appeal) for appeal in found]}))


OPERATION = Operation(
    method="GET",
    path="/comments/<uuid:comment_id>/appeals",
    view=list_appeals,
    summary="List the appeals about a comment",
    successes={200: Success("The appeals.", AppealList)},
    problems=(404, 410),
)
