"""PUT /v1/authors/standing?id=: set what the next comments of an author are decided by."""

from flask import Response

from api.v1.operation import Operation, Success
from api.v1.standing_resource import (
    AuthorStandingInput,
    StandingResource,
    SubjectQuery,
    answer_after_setting,
)
from moderation.model.standings import SubjectKind


def set_author_standing() -> Response:
    """Ban, hold or trust an author, or make it ordinary again; a moderator can take it back.

    It decides the next comments. Those that were decided stay as they are.
    """
    return answer_after_setting(SubjectKind.AUTHOR, AuthorStandingInput)


OPERATION = Operation(
    method="PUT",
    path="/authors/standing",
    view=set_author_standing,
    summary="Ban, hold or trust an author",
    query=SubjectQuery,
    body=AuthorStandingInput,
    successes={200: Success("What stands now.", StandingResource)},
)
