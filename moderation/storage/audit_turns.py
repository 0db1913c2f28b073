"""Turns of the audit: which samples somebody can be given, and who has which before them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, or_, select, update

from moderation.model.audits import WAITS_FOR
from moderation.model.ids import AuditSampleId, CommentId, SiteId, UserId
from moderation.model.reviews import CLAIM
from moderation.storage.audit_samples import NOT_HELD, audit_samples, unjudged
from moderation.storage.database import Connection
from moderation.storage.reviews import reviews, waiting

_c = audit_samples.c


def free(
    connection: Connection,
    site_ids: Collection[SiteId],
    user_id: UserId,
    now: datetime,
    most: int,
) -> list[Row[Any]]:
    """Return what somebody could be given: what they have already, then by its turn."""
    statement = (
        select(_c.id, _c.comment_id)
        .where(_for(site_ids, user_id, now))
        .order_by((_c.held_by == user_id).desc().nulls_last(), _c.turn)
        .limit(most)
    )
    return list(connection.execute(statement))


def count(
    connection: Connection,
    site_ids: Collection[SiteId],
    user_id: UserId,
    now: datetime,
    most: int,
) -> int:
    """Count what somebody could be given, up to `most`."""
    few = select(_c.id).where(_for(site_ids, user_id, now)).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(few)).scalar_one()


def take(
    connection: Connection,
    sample_ids: Sequence[AuditSampleId],
    user_id: UserId,
    now: datetime,
    *,
    blind: bool,
) -> CommentId | None:
    """Give somebody the first of these that nobody else has; None where others were faster."""
    place = {sample_id: number for number, sample_id in enumerate(sample_ids)}
    chosen = (
        select(_c.id)
        .where(_c.id.in_(sample_ids), unjudged, _not_held(user_id, now))
        .order_by(case(place, value=_c.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    statement = (
        update(audit_samples)
        .where(_c.id.in_(select(chosen.c.id)))
        .values(held_by=user_id, held_until=now + CLAIM, blind=blind)
        .returning(_c.comment_id)
    )
    return connection.execute(statement).scalar_one_or_none()


def renew(
    connection: Connection, comment_id: CommentId, user_id: UserId, now: datetime
) -> Row[Any] | None:
    """Let somebody keep what they were given, if nobody else was given it since."""
    statement = update(audit_samples).where(_c.comment_id == comment_id, unjudged)
    mine = statement.where(_c.held_by == user_id).values(held_until=now + CLAIM)
    return connection.execute(mine.returning(audit_samples)).one_or_none()


def skip(
    connection: Connection, sample_id: AuditSampleId, user_id: UserId, until: datetime
) -> None:
    """Put it behind the others for somebody, and leave it to everybody else."""
    put_off = {"skipped_by": user_id, "skipped_until": until} | NOT_HELD
    connection.execute(update(audit_samples).where(_c.id == sample_id).values(put_off))


def unskip(connection: Connection, sample_id: AuditSampleId, user_id: UserId) -> bool:
    """Take a skip back; False where somebody else skipped it since."""
    statement = update(audit_samples).where(_c.id == sample_id, unjudged, _c.skipped_by == user_id)
    return connection.execute(statement.values(skipped_by=None, skipped_until=None)).rowcount == 1


def _for(site_ids: Collection[SiteId], user_id: UserId, now: datetime) -> ColumnElement[bool]:
    """Return the condition of a sample that somebody can be given.

    What waits in the queue too, because readers complained, is judged there.
    """
    unskipped = or_(_c.skipped_by.is_(None), _c.skipped_by != user_id, _c.skipped_until <= now)
    waits = exists().where(reviews.c.comment_id == _c.comment_id, waiting)
    return and_(
        unjudged,
        _c.site_id.in_(site_ids),
        _c.sampled_at > now - WAITS_FOR,
        _not_held(user_id, now),
        unskipped,
        ~waits,
    )


def _not_held(user_id: UserId, now: datetime) -> ColumnElement[bool]:
    return or_(_c.held_by.is_(None), _c.held_by == user_id, _c.held_until <= now)
