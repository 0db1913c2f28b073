"""GET /v1/policy: the policy that is in force."""

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from api.v1.operation import Operation, Success
from api.v1.parsing import read_query
from api.v1.policy_resource import ETAG_HEADERS, PolicyResource, answer_with, read
from moderation.model.document_reading import MAX_NAME_LENGTH
from moderation.model.keys import KeyScope


class PolicyQuery(BaseModel):
    """For whose scores."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    classifier: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_NAME_LENGTH,
        description="A classifier version; without it, the one that decides.",
    )


def get_policy() -> Response:
    """Return the policy that judges the scores of the classifier that decides, or of another."""
    query, versions = read_query(PolicyQuery), read()
    return answer_with(versions, versions.standing(query.classifier))


OPERATION = Operation(
    method="GET",
    path="/policy",
    view=get_policy,
    summary="Get the policy in force",
    query=PolicyQuery,
    successes={200: Success("The policy.", PolicyResource, ETAG_HEADERS)},
    problems=(404,),
    scope=KeyScope.POLICY,
)
