"""GET /v1/policy/versions/{version}: one version of the policy."""

from flask import Response

from api.v1.operation import Operation, Success
from api.v1.policy_resource import ETAG_HEADERS, PolicyResource, answer_with, read
from moderation.model.keys import KeyScope


def get_policy_version(version: int) -> Response:
    """Return what a version says, whether it is in force or not."""
    versions = read()
    return answer_with(versions, versions.numbered(version))


OPERATION = Operation(
    method="GET",
    path="/policy/versions/<int:version>",
    view=get_policy_version,
    summary="Get a version of the policy",
    successes={200: Success("The version.", PolicyResource, ETAG_HEADERS)},
    problems=(404,),
    scope=KeyScope.POLICY,
)
