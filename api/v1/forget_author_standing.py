"""DELETE /v1/authors/standing?id=: forget what was set of an author."""

from flask import Response

from api.v1.operation import Operation, Success
from api.v1.standing_resource import SubjectQuery, answer_after_forgetting
from moderation.model.standings import SubjectKind


def forget_author_standing() -> Response:
    """Make an author ordinary, and remove all that was ever set of it, its id included."""
    return answer_after_forgetting(SubjectKind.AUTHOR)


OPERATION = Operation(
    method="DELETE",
    path="/authors/standing",
    view=forget_author_standing,
    summary="Forget the standing of an author",
    query=SubjectQuery,
    successes={204: Success("Nothing is kept of it.")},
)
