"""GET /v1/policy/versions: every version of the policy."""

from flask import Response

from api.v1.operation import Operation, Success
from api.v1.policy_resource import ETAG_HEADERS, PolicyVersionList, read, tagged
from moderation.model.keys import KeyScope


def list_policy_versions() -> Response:
    """Return who published which version when and why, and what each changed; the newest first."""
    versions = read()
    return tagged(versions, {"versions": [versions.described(one) for one in versions.history]})


OPERATION = Operation(
    method="GET",
    path="/policy/versions",
    view=list_policy_versions,
    summary="List the versions of the policy",
    successes={200: Success("The versions.", PolicyVersionList, ETAG_HEADERS)},
    scope=KeyScope.POLICY,
)
