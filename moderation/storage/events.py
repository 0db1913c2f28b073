"""Events: decisions as sites learn of them, in one feed per site."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    select,
    update,
)

from moderation.model.comments import Display
from moderation.model.events import EventState
from moderation.model.ids import CommentId, SiteId
from moderation.storage.appeals import appeals
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions
from moderation.storage.inserting import insert_all
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference
from moderation.storage.users import users

events = Table(
    "events",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    reference("comment_id", "comments"),
    reference("decision_id", "decisions"),
    Column("sequence", Integer, nullable=False),
    enum_column("display", Display),
    # Of the revision that was decided; the comment may have been edited since.
    Column("text_digest", String(64)),
    enum_column("state", EventState),
    # The place in the site's feed; given when the event is published.
    Column("position", BigInteger),
    moment("publish_at"),
    Index("ix_events_site_id_position", "site_id", "position", unique=True),
    Index("ix_events_comment_id", "comment_id"),
)

_c = events.c
_scheduled = _c.state == EventState.SCHEDULED
Index("ix_events_scheduled", _c.publish_at, sqlite_where=_scheduled, postgresql_where=_scheduled)

_whole = (
    select(
        decisions,
        _c.id.label("event_id"),
        _c.display,
        _c.text_digest,
        _c.position,
        comments.c.external_id,
        users.c.name.label("user_name"),
        appeals.c.id.label("appeal_id"),
        appeals.c.state.label("appeal_state"),
        appeals.c.decision_id.label("contested_id"),
        appeals.c.own_decision,
    )
    .select_from(events)
    .join(decisions, decisions.c.id == _c.decision_id)
    .join(comments, comments.c.id == _c.comment_id)
    .outerjoin(users, users.c.id == decisions.c.user_id)
    .outerjoin(appeals, appeals.c.outcome_id == decisions.c.id)
)


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert events."""
    insert_all(connection, events, rows)


def due(connection: Connection, now: datetime, limit: int) -> list[Row[Any]]:
    """Lock and return scheduled events whose time has come, oldest first."""
    return list(
        connection.execute(
            select(events)
            .where(_scheduled, _c.publish_at <= now)
            .order_by(_c.publish_at, _c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def has_due(connection: Connection, now: datetime) -> bool:
    """Say whether a scheduled event's time has come."""
    statement = select(_c.id).where(_scheduled, _c.publish_at <= now).limit(1)
    return connection.execute(statement).first() is not None


def publish(connection: Connection, positions: Mapping[Any, int]) -> None:
    """Give events their places in the feed; `positions` is by event id."""
    for event_id, position in positions.items():
        connection.execute(
            update(events)
            .where(_c.id == event_id)
            .values(state=EventState.PUBLISHED, position=position)
        )


def cancel_scheduled(connection: Connection, comment_id: CommentId) -> None:
    """Cancel what the site was not told yet about a comment."""
    connection.execute(
        update(events)
        .where(_c.comment_id == comment_id, _scheduled)
        .values(state=EventState.CANCELLED)
    )


def last_told(connection: Connection, comment_id: CommentId) -> Row[Any, Any, Any] | None:
    """Return revision, action and display of what the site last learned about a comment."""
    return connection.execute(
        select(decisions.c.revision, decisions.c.action, _c.display)
        .join(events, _c.decision_id == decisions.c.id)
        .where(_c.comment_id == comment_id, _c.state == EventState.PUBLISHED)
        .order_by(_c.sequence.desc())
        .limit(1)
    ).one_or_none()


def forget_digests(connection: Connection, comment_id: CommentId) -> None:
    """Erase the digests of a comment's texts: a short text could be guessed from one."""
    connection.execute(update(events).where(_c.comment_id == comment_id).values(text_digest=None))


def feed(connection: Connection, site_id: SiteId, after: int, limit: int) -> list[Row[Any]]:
    """Return the site's published events after a place, in order, with what they tell."""
    statement = (
        _whole.where(_c.site_id == site_id, _c.position > after).order_by(_c.position).limit(limit)
    )
    return list(connection.execute(statement))


def whole(connection: Connection, event_ids: Sequence[Any]) -> dict[Any, Row[Any]]:
    """Return events with what they tell, by their ids."""
    found = connection.execute(_whole.where(_c.id.in_(event_ids)))
    return {row.event_id: row for row in found}
