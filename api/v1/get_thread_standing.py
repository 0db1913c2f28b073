"""GET /v1/threads/standing?id=: what the next comments in a thread are decided by."""

from flask import Response

from api.v1.operation import Operation, Success
from api.v1.standing_resource import StandingResource, SubjectQuery, answer_with_standing
from moderation.model.standings import SubjectKind


def get_thread_standing() -> Response:
    """Return whether a thread is held, or ordinary as most are."""
    return answer_with_standing(SubjectKind.THREAD)


OPERATION = Operation(
    method="GET",
    path="/threads/standing",
    view=get_thread_standing,
    summary="Get the standing of a thread",
    query=SubjectQuery,
    successes={200: Success("What stands now.", StandingResource)},
)
