"""A comment as sites post it."""

from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict, Field

from api.v1.field_types import (
    NO_NUL,
    ExternalId,
    HexDigest,
    IpAddress,
    Language,
    Metadata,
    Moment,
    Name,
    PerspectiveScores,
    Title,
    Website,
    WebUrl,
    Word,
)
from moderation.model.comments import MAX_TEXT_LENGTH, Author, Format, NewComment, Thread
from moderation.model.ids import SiteId
from moderation.services.ip_digests import digest_ip
from moderation.settings import Settings

MAX_BATCH = 100


class _Input(BaseModel):
    # A misspelt field would otherwise be lost without a word.
    model_config = ConfigDict(extra="forbid", frozen=True)


class AuthorInput(_Input):
    """Who wrote the comment, as far as the site knows."""

    id: Name | None = None
    name: Name | None = None
    role: Word | None = None
    created_at: Moment | None = Field(default=None, description="When the account was made.")
    email_digest: HexDigest | None = Field(
        default=None,
        description="A digest of the address in hexadecimal, never the address itself.",
    )
    url: Website | None = None
    ip: IpAddress | None = Field(default=None, description="Kept only as a salted digest.")


class ThreadInput(_Input):
    """The conversation that the comment belongs to."""

    id: Name | None = None
    url: WebUrl | None = None
    title: Title | None = None
    section: Name | None = None


class CommentInput(_Input):
    """A new comment, or a new text of a known one."""

    external_id: ExternalId = Field(description="The site's own id of the comment.")
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_LENGTH, pattern=NO_NUL)]
    format: Format = Format.PLAIN
    author: AuthorInput = Field(default_factory=AuthorInput)
    thread: ThreadInput = Field(default_factory=ThreadInput)
    url: WebUrl | None = Field(default=None, description="Where the comment can be seen.")
    parent_external_id: ExternalId | None = Field(
        default=None, description="The comment that this one answers."
    )
    created_at: Moment | None = None
    edited_at: Moment | None = Field(
        default=None, description="An older text than the one held is refused by this moment."
    )
    language: Language | None = Field(
        default=None, description="A BCP 47 tag, such as `en` or `pt-BR`."
    )
    user_agent: Title | None = None
    metadata: Metadata = Field(
        default_factory=dict, description="Whatever the site wants to keep with it; small."
    )
    perspective_scores: PerspectiveScores = Field(
        default_factory=dict,
        description="What Google's Perspective API said of this text, such as "
        '`{"TOXICITY": 0.93}`; kept to compare thresholds, and nothing follows from it.',
    )

    def to_new(self, settings: Settings, site_id: SiteId) -> NewComment:
        """Return the domain's value: empty strings as None, the address as a digest."""
        return NewComment(
            external_id=self.external_id,
            text=self.text,
            format=self.format,
            author=_author(self.author, settings, site_id),
            thread=_thread(self.thread),
            url=self.url or None,
            parent_external_id=self.parent_external_id,
            created_at=self.created_at,
            edited_at=self.edited_at,
            language=self.language or None,
            user_agent=self.user_agent or None,
            metadata=cast("dict[str, str | int | float | bool | None]", self.metadata),
            perspective_scores=self.perspective_scores,
        )


class BatchInput(_Input):
    """Several comments at once."""

    comments: list[CommentInput] = Field(min_length=1, max_length=MAX_BATCH)


def _author(given: AuthorInput, settings: Settings, site_id: SiteId) -> Author:
    return Author(
        id=given.id or None,
        name=given.name or None,
        role=given.role or None,
        created_at=given.created_at,
        email_digest=given.email_digest or None,
        url=given.url or None,
        ip_digest=digest_ip(settings, site_id, given.ip) if given.ip else None,
    )


def _thread(given: ThreadInput) -> Thread:
    return Thread(
        id=given.id or None,
        url=given.url or None,
        title=given.title or None,
        section=given.section or None,
    )
