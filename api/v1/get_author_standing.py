"""GET /v1/authors/standing?id=: what the next comments of an author are decided by."""

from flask import Response

from api.v1.operation import Operation, Success
from api.v1.standing_resource import StandingResource, SubjectQuery, answer_with_standing
from moderation.model.standings import SubjectKind


def get_author_standing() -> Response:
    """Return whether an author is trusted, held, banned, or ordinary as most are."""
    return answer_with_standing(SubjectKind.AUTHOR)


OPERATION = Operation(
    method="GET",
    path="/authors/standing",
    view=get_author_standing,
    summary="Get the standing of an author",
    query=SubjectQuery,
    successes={200: Success("What stands now.", StandingResource)},
)
