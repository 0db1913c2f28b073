"""PUT /v1/policy: put a policy into force."""

from flask import Response

from api.bodies import MAX_LARGE_BYTES
from api.v1.access import access
from api.v1.operation import Operation, Success
from api.v1.parsing import read_body
from api.v1.policy_input import IF_MATCH_HEADERS, PolicyInput, policy_in, wish, within_policy
from api.v1.policy_resource import ETAG_HEADERS, PolicyResource, answer_with, read
from api.web import web
from moderation.model.keys import KeyScope
from moderation.services import policy_versions


def publish_policy() -> Response:
    """Publish a policy as a new version for its classifier, unless that in force says the same.

    The answer is the version that is in force for it now. Comments that were decided stay as they
    are.
    """
    given = read_body(PolicyInput)
    policy, wanted = policy_in(given), wish(given.reason)
    with within_policy():
        found = policy_versions.publish_policy(web().runtime, access().site_id, policy, wanted)
    return answer_with(read(), found.published)


OPERATION = Operation(
    method="PUT",
    path="/policy",
    view=publish_policy,
    summary="Publish a policy",
    body=PolicyInput,
    headers=IF_MATCH_HEADERS,
    successes={200: Success("The version in force.", PolicyResource, ETAG_HEADERS)},
    problems=(409,),
    scope=KeyScope.POLICY,
    most_bytes=MAX_LARGE_BYTES,
)
