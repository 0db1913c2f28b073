"""Shadows: for which sites Perspective is asked beside our own classifier, and how that goes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Text,
    Uuid,
    and_,
    exists,
    select,
    update,
)

from moderation.model.comments import Status
from moderation.model.ids import SiteId
from moderation.model.jobs import Purpose
from moderation.model.perspective import ShadowState
from moderation.storage.classifications import classifications, judged
from moderation.storage.comments import comments
from moderation.storage.database import Connection, insert_or_replace
from moderation.storage.perspective_scores import perspective_scores
from moderation.storage.schema import enum_column, metadata, moment

perspective_shadows = Table(
    "perspective_shadows",
    metadata,
    Column("site_id", Uuid, ForeignKey("sites.id"), primary_key=True),
    # Needed in the clear to ask with, and gone once it is over.
    Column("key", String(200)),
    Column("share", Float, nullable=False),
    Column("a_second", Float, nullable=False),
    enum_column("state", ShadowState),
    moment("started_at"),
    moment("ended_at", nullable=True),
    # The last classification that was looked at; those after it are still to be asked about.
    Column("seen", Uuid, nullable=False),
    moment("next_at"),
    Column("failures", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    moment("answered_at", nullable=True),
    Column("problem", Text),
)

_c, _d, _p = perspective_shadows.c, classifications.c, perspective_scores.c
_on = _c.state == ShadowState.ON


def put(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert the shadow of a site, or begin it anew."""
    connection.execute(insert_or_replace(connection, perspective_shadows, ("site_id",)), values)


def of(connection: Connection, site_id: SiteId, *, lock: bool = False) -> Row[Any] | None:
    """Return the shadow of a site; `lock` keeps others from changing it."""
    statement = select(perspective_shadows).where(_c.site_id == site_id)
    return connection.execute(statement.with_for_update() if lock else statement).one_or_none()


def any_on(connection: Connection) -> bool:
    """Say whether Perspective is asked for any site."""
    return connection.execute(select(_c.site_id).where(_on).limit(1)).first() is not None


def due(connection: Connection, classifier: str, now: datetime, floor: UUID) -> bool:
    """Say whether there is anything to ask about now."""
    statement = select(_c.site_id).where(_due(classifier, now, floor)).limit(1)
    return connection.execute(statement).first() is not None


def lock_due(
    connection: Connection, classifier: str, now: datetime, floor: UUID
) -> Row[Any] | None:
    """Lock and return the shadow that has waited longest; those that others hold aside."""
    statement = (
        select(perspective_shadows)
        .where(_due(classifier, now, floor))
        .order_by(_c.next_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(statement).one_or_none()


def _due(classifier: str, now: datetime, floor: UUID) -> ColumnElement[bool]:
    unseen = exists().where(
        _d.site_id == _c.site_id, _d.classifier == classifier, _d.id > _c.seen, _d.id > floor
    )
    return and_(_on, _c.next_at <= now, unseen)


def to_ask_about(
    connection: Connection, site_id: SiteId, classifier: str, after: UUID, limit: int
) -> list[Row[Any]]:
    """Return decided texts, the oldest first, and whether Perspective's scores are still `wanted`.

    All that a version has scored, so that the cost is that of `limit` whatever they are.
    """
    scored = exists().where(_p.comment_id == _d.comment_id, _p.revision == _d.revision)
    wanted = and_(
        judged(classifications, classifier),
        _d.purpose == Purpose.DECIDE,
        _d.revision == comments.c.revision,
        comments.c.status != Status.ERASED,
        ~scored,
    )
    statement = (
        select(_d.id, _d.comment_id, _d.revision, _d.language, wanted.label("wanted"))
        .join(comments, comments.c.id == _d.comment_id)
        .where(_d.site_id == site_id, _d.classifier == classifier, _d.id > after)
        .order_by(_d.id)
        .limit(limit)
    )
    return list(connection.execute(statement))


def change(connection: Connection, site_id: SiteId, **values: Any) -> None:  # noqa: ANN401 - column values
    """Change columns of a shadow."""
    connection.execute(update(perspective_shadows).where(_c.site_id == site_id).values(**values))
