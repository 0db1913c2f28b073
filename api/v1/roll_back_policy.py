"""POST /v1/policy/rollbacks: put an older version into force again."""

from flask import Response

from api.v1.access import access
from api.v1.operation import Operation, Success
from api.v1.parsing import read_body
from api.v1.policy_input import IF_MATCH_HEADERS, RollbackInput, wish
from api.v1.policy_resource import ETAG_HEADERS, PolicyResource, answer_with, read
from api.web import web
from moderation.model.keys import KeyScope
from moderation.services.policy_versions import put_back


def roll_back_policy() -> Response:
    """Publish what an older version said as a new one, unless that in force says the same."""
    version = read_body(RollbackInput).version
    found = put_back(web().runtime, access().site_id, version, wish())
    return answer_with(read(), found.published)


OPERATION = Operation(
    method="POST",
    path="/policy/rollbacks",
    view=roll_back_policy,
    summary="Roll back to a version of the policy",
    body=RollbackInput,
    headers=IF_MATCH_HEADERS,
    successes={200: Success("The version in force.", PolicyResource, ETAG_HEADERS)},
    problems=(404, 409),
    scope=KeyScope.POLICY,
)
