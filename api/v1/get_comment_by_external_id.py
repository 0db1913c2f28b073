"""GET /v1/comments?external_id=: one comment by the site's own id."""

from flask import Response

from api.v1.access import access
from api.v1.answering import respond
from api.v1.comment_resource import CommentResource, location_of, resource_of
from api.v1.external_id_query import ExternalIdQuery
from api.v1.operation import Header, Operation, Success
from api.v1.parsing import read_query
from api.web import web
from moderation.services import reading
from moderation.services.idempotency import Answer


def get_comment_by_external_id() -> Response:
    """Return the comment that the site knows by this id."""
    external_id = read_query(ExternalIdQuery).external_id
    view = reading.get_comment_by_external_id(web().runtime, access().site_id, external_id)
    headers = {"Content-Location": location_of(view)}
    return respond(Answer(200, resource_of(view), headers))


OPERATION = Operation(
    method="GET",
    path="/comments",
    view=get_comment_by_external_id,
    summary="Get a comment by the site's own id",
    query=ExternalIdQuery,
    successes={
        200: Success(
            "The comment.",
            CommentResource,
            headers={"Content-Location": Header("The path of the comment.")},
        )
    },
    problems=(404, 410),
)
