"""Scores that a site's own moderators say a text should have; never the text."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Float,
    Index,
    String,
    Table,
    UniqueConstraint,
    delete,
    or_,
    select,
)

from moderation.model.ids import CommentId, SiteId
from moderation.model.labels import OF_CLASSIFIERS
from moderation.storage.comments import comments
from moderation.storage.database import Connection, insert_or_replace
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference

KEY = ("site_id", "text_digest", "client_token", "community", "label")

suggested_scores = Table(
    "suggested_scores",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    # Known where the site named the comment; else the digest of its text leads there.
    reference("comment_id", "comments", nullable=True),
    Column("community", String(255), nullable=False),
    Column("client_token", String(255), nullable=False),
    Column("text_digest", String(64), nullable=False),
    enum_column("label", OF_CLASSIFIERS),
    Column("score", Float, nullable=False),
    Column("language", String(35)),
    moment("suggested_at"),
    UniqueConstraint(*KEY),
    Index("ix_suggested_scores_comment_id", "comment_id"),
)

_c = suggested_scores.c


def put_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert scores; what the same people said of the same text before is replaced."""
    connection.execute(insert_or_replace(connection, suggested_scores, KEY), list(rows))


def with_texts(connection: Connection, site_id: SiteId) -> Iterator[Any]:
    """Yield a site's suggested scores of comments that it still has, with text and external id.

    A comment is the one that was named, as long as it has this text, or any other that has it.
    """
    statement = (
        select(_c.label, _c.score, _c.language, comments.c.external_id, comments.c.text)
        .join(
            comments,
            (comments.c.site_id == _c.site_id)
            & (comments.c.text_digest == _c.text_digest)
            & or_(_c.comment_id.is_(None), _c.comment_id == comments.c.id),
        )
        .where(_c.site_id == site_id)
        .order_by(comments.c.id, _c.label, _c.id)
    )
    yield from connection.execute(statement)


def forget(
    connection: Connection, site_id: SiteId, comment_id: CommentId, digests: Collection[str]
) -> None:
    """Delete what was said of a comment, and of its texts where no other comment was named."""
    nameless = (_c.site_id == site_id) & _c.comment_id.is_(None) & _c.text_digest.in_(digests)
    statement = delete(suggested_scores).where(or_(_c.comment_id == comment_id, nameless))
    connection.execute(statement)
