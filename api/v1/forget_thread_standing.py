"""DELETE /v1/threads/standing?id=: forget what was set of a thread."""

from flask import Response

from api.v1.operation import Operation, Success
from api.v1.standing_resource import SubjectQuery, answer_after_forgetting
from moderation.model.standings import SubjectKind


def forget_thread_standing() -> Response:
    """Make a thread ordinary, and remove all that was ever set of it, its id included."""
    return answer_after_forgetting(SubjectKind.THREAD)


OPERATION = Operation(
    method="DELETE",
    path="/threads/standing",
    view=forget_thread_standing,
    summary="Forget the standing of a thread",
    query=SubjectQuery,
    successes={204: Success("Nothing is kept of it.")},
)
