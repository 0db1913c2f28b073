"""PUT /v1/threads/standing?id=: set what the next comments in a thread are decided by."""

from flask import Response

from api.v1.operation import Operation, Success
from api.v1.standing_resource import (
    StandingResource,
    SubjectQuery,
    ThreadStandingInput,
    answer_after_setting,
)
from moderation.model.standings import SubjectKind


def set_thread_standing() -> Response:
    """Hold a thread, or release it; a moderator can take it back.

    Every comment in it waits for a person until then. Those that were decided stay as they are.
    """
    return answer_after_setting(SubjectKind.THREAD, ThreadStandingInput)


OPERATION = Operation(
    method="PUT",
    path="/threads/standing",
    view=set_thread_standing,
    summary="Hold or release a thread",
    query=SubjectQuery,
    body=ThreadStandingInput,
    successes={200: Success("What stands now.", StandingResource)},
)
