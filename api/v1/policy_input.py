"""Policies as programs send them, and which version they had seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from flask import request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.v1.access import access
from api.v1.field_types import NO_NUL, whole
from api.v1.operation import Header
from api.v1.policy_schema import PolicyDocument
from moderation.model.errors import FieldError, InvalidInput
from moderation.model.policy import Policy
from moderation.model.policy_document import policy_of
from moderation.services.operating import MAX_REASON_LENGTH
from moderation.services.policy_versions import Wish

MAX_DAYS = 3660
MAX_VERSION = 2**31 - 1

IF_MATCH_HEADERS = {
    "If-Match": Header(
        "The `ETag` of what you saw. If somebody published meanwhile, nothing is (409). Without "
        "it, whatever is in force is replaced.",
        {"type": "string", "pattern": r'^("[0-9]{1,9}"|\*)$'},
    )
}


def _check_reason(value: str) -> str:
    if not value.strip():
        raise ValueError("say why")
    return value


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PolicyInput(_Input):
    """A policy that shall be in force, and why."""

    policy: PolicyDocument
    reason: Annotated[
        str,
        Field(max_length=MAX_REASON_LENGTH, pattern=NO_NUL, description="For the people here."),
        AfterValidator(_check_reason),
    ]


class SimulationInput(_Input):
    """A policy to be tried, and on what."""

    policy: PolicyDocument
    days: Annotated[int, Field(strict=True, ge=0, le=MAX_DAYS), BeforeValidator(whole)] | None = (
        Field(
            default=None,
            description="Replay what was written in so many; 0: all. Without it, 30, or all where "
            "that is not much.",
        )
    )


class RollbackInput(_Input):
    """Which version shall be in force again."""

    version: Annotated[int, Field(strict=True, ge=1, le=MAX_VERSION), BeforeValidator(whole)]


def policy_in(given: PolicyInput | SimulationInput) -> Policy:
    """Return the policy of a request. Raises InvalidInput."""
    with within_policy():
        return policy_of(given.policy)


@contextmanager
def within_policy() -> Iterator[None]:
    """Point at places of a policy where they stand in the request."""
    try:
        yield
    except InvalidInput as error:
        places = tuple(FieldError(f"/policy{e.pointer}", e.detail) for e in error.errors)
        raise InvalidInput(str(error), places) from None


def wish(reason: str = "") -> Wish:
    """Return why the request wants a policy in force, what it saw, and whose key it carries."""
    tags = request.if_match
    seen = None if tags.star_tag or not tags else _seen(sorted(tags.as_set()))
    return Wish(reason, seen, access().key_id)


def _seen(tags: list[str]) -> int:
    """Return the version of a tag; 0, which never was, for what is none of ours."""
    ours = [tag for tag in tags if tag.isascii() and tag.isdigit() and len(tag) < 10]  # noqa: PLR2004 - digits
    return int(ours[0]) if ours else 0
