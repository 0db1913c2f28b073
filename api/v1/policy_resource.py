"""Versions of a site's policy, as its programs see them."""

from typing import Any

from flask import Response
from pydantic import BaseModel, Field

from api.v1.access import access
from api.v1.answering import respond
from api.v1.comment_resource import Moment
from api.v1.operation import Header
from api.v1.policy_schema import PolicyDocument
from api.web import web
from moderation.model.policy import PublishedPolicy
from moderation.services.idempotency import Answer
from moderation.services.policy_versions import Versions, read_versions

ETAG_HEADERS = {
    "ETag": Header("The number of the site's newest version, for `If-Match` of what changes it.")
}


class ChangeResource(BaseModel):
    """What says something else than before; null: nothing."""

    pointer: str = Field(description="A JSON Pointer (RFC 6901) into the document.")
    before: str | float | bool | None
    after: str | float | bool | None


class PolicyVersionResource(BaseModel):
    """Who published a version, when and why."""

    version: int
    classifier: str
    in_force: bool = Field(description="Whether it judges its classifier's scores.")
    decides: bool = Field(description="Whether that is the classifier that decides now.")
    published_at: Moment
    published_by: str | None = Field(description="A person's name; null where a program did.")
    reason: str
    changes: list[ChangeResource] | None = Field(
        description="Against the version before it for the same classifier; null for the first."
    )


class PolicyResource(PolicyVersionResource):
    """A version, and what it says."""

    policy: PolicyDocument


class PolicyVersionList(BaseModel):
    """All versions, the newest first."""

    versions: list[PolicyVersionResource]


def read() -> Versions:
    """Return the versions of the site whose key the request carries."""
    return read_versions(web().runtime, access().site_id)


def answer_with(versions: Versions, one: PublishedPolicy) -> Response:
    """Return a version, and how to say that it was seen."""
    return tagged(versions, versions.described_whole(one))


def tagged(versions: Versions, body: dict[str, Any]) -> Response:
    """Return an answer with the tag of all that there is now."""
    return respond(Answer(200, body), {"ETag": f'"{versions.newest}"'})
