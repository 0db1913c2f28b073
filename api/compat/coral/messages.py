"""What Coral sends, in its own words; fields that a later Coral may add are passed over."""

from pydantic import BaseModel, ConfigDict
from pydantic_core import from_json

from api.compat.coral.refusal import Refusal


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PostedComment(_Message):
    """The comment, which has no id yet, or does not say it."""

    body: str
    parentID: str | None = None  # noqa: N815 - as Coral spells it


class Author(_Message):
    """Who posts it."""

    id: str
    role: str | None = None


class Story(_Message):
    """The page under which it stands."""

    id: str
    url: str | None = None


class Place(_Message):
    """One of the sites that a Coral serves."""

    id: str | None = None


class ModerationRequest(_Message):
    """What an external moderation phase is sent."""

    action: str
    comment: PostedComment
    author: Author
    story: Story
    site: Place
    tenantID: str  # noqa: N815
    tenantDomain: str | None = None  # noqa: N815


def read_message(body: bytes) -> ModerationRequest:
    """Return the message in a body. Raises Refusal."""
    try:
        return ModerationRequest.model_validate(from_json(body, allow_inf_nan=False))
    except ValueError:
        raise Refusal("malformed") from None
