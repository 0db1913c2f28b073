"""POST /v1/policy/simulations: what a policy would do."""

from flask import Response

from api.bodies import MAX_LARGE_BYTES
from api.v1.access import access
from api.v1.answering import respond
from api.v1.operation import Operation, Success
from api.v1.parsing import read_body
from api.v1.policy_input import SimulationInput, policy_in, within_policy
from api.v1.simulation_resource import SimulationResource
from api.web import web
from moderation.model.keys import KeyScope
from moderation.services.idempotency import Answer
from moderation.services.policy_versions import try_policy
from moderation.services.simulation_figures import figures_of


def simulate_policy() -> Response:
    """Replay stored comments under a policy and under the one in force; nothing changes.

    With a million comments it takes some seconds.
    """
    given = read_body(SimulationInput)
    policy = policy_in(given)
    with within_policy():
        found = try_policy(web().runtime, access().site_id, policy, given.days)
    return respond(Answer(200, figures_of(found)))


OPERATION = Operation(
    method="POST",
    path="/policy/simulations",
    view=simulate_policy,
    summary="Try a policy",
    body=SimulationInput,
    successes={200: Success("What it would do.", SimulationResource)},
    scope=KeyScope.POLICY,
    most_bytes=MAX_LARGE_BYTES,
)
