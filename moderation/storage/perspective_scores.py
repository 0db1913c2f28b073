"""Scores that Perspective gave comments of ours: a column for each attribute, and never a text."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Row,
    Table,
    Uuid,
    delete,
    func,
    select,
)

from moderation.model.comments import Comment
from moderation.model.ids import CommentId, SiteId
from moderation.model.labels import Label
from moderation.model.perspective import Attribute, AttributeScores
from moderation.storage.classifications import classifications, judged
from moderation.storage.comments import comments, to_comment
from moderation.storage.database import Connection, insert_or_add
from moderation.storage.schema import metadata, moment, reference

KEY = ("comment_id", "revision")

perspective_scores = Table(
    "perspective_scores",
    metadata,
    Column("comment_id", Uuid, ForeignKey("comments.id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    reference("site_id", "sites"),
    *(Column(attribute.lower(), Float) for attribute in Attribute),
    moment("recorded_at"),
    Index("ix_perspective_scores_site_id_comment_id", "site_id", "comment_id"),
)

_c = perspective_scores.c


def row_of(scores: AttributeScores) -> dict[str, float | None]:
    """Return the columns of scores, empty where an attribute has none."""
    return {attribute.lower(): scores.get(attribute) for attribute in Attribute}


def record(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert scores, row by row; to what is known of a text they are added, the same replaced."""
    connection.execute(insert_or_add(connection, perspective_scores, KEY), list(rows))


def lock_comments(
    connection: Connection, site_id: SiteId, external_ids: Sequence[str]
) -> dict[str, Comment]:
    """Lock comments by the site's own ids, in one order for everybody, and return them."""
    statement = (
        select(comments)
        .where(comments.c.site_id == site_id, comments.c.external_id.in_(external_ids))
        .order_by(comments.c.id)
        .with_for_update(key_share=True)
    )
    return {row.external_id: to_comment(row) for row in connection.execute(statement)}


def pairs(connection: Connection, site_id: SiteId, classifier: str, limit: int) -> list[Row[Any]]:
    """Return the scores of the newest comments that Perspective and a version could judge.

    Each attribute and each label has a column, such as `old_profanity` and `new_obscene`.
    """
    d = classifications.c
    statement = (
        select(
            *(_c[attribute.lower()].label(f"old_{attribute.lower()}") for attribute in Attribute),
            *(d[label].label(f"new_{label}") for label in Label),
        )
        .join(classifications, (d.comment_id == _c.comment_id) & (d.revision == _c.revision))
        .where(_c.site_id == site_id, judged(classifications, classifier))
        .order_by(_c.comment_id.desc())
        .limit(limit)
    )
    return list(connection.execute(statement))


def first_recorded(connection: Connection, site_id: SiteId) -> datetime | None:
    """Return when scores of the site's oldest comment that has any were recorded."""
    statement = select(_c.recorded_at).where(_c.site_id == site_id).order_by(_c.comment_id).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def count(connection: Connection, site_id: SiteId) -> int:
    """Count the texts of a site with scores by Perspective."""
    statement = select(func.count()).select_from(perspective_scores).where(_c.site_id == site_id)
    return connection.execute(statement).scalar_one()


def forget(connection: Connection, comment_id: CommentId) -> None:
    """Delete the scores of a comment, those of its older texts too."""
    connection.execute(delete(perspective_scores).where(_c.comment_id == comment_id))
