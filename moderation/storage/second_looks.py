"""Second looks: decisions of people that others judge once more, without seeing them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from moderation.model.decisions import Action, Decision
from moderation.model.ids import CommentId, DecisionId, SecondLookId, SiteId, UserId
from moderation.model.reviews import CLAIM, Cause
from moderation.model.second_looks import Looked, LookState
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions
from moderation.storage.reviews import reviews, waiting
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference

second_looks = Table(
    "second_looks",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    reference("site_id", "sites"),
    # Unique: a decision is looked at once more, not twice.
    Column("decision_id", Uuid, ForeignKey("decisions.id"), nullable=False, unique=True),
    # The comment's sequence after that decision: once it has another, there is nothing to compare.
    Column("sequence", Integer, nullable=False),
    # What the comment was flagged for, and with which chance it was chosen.
    Column("causes", Integer, nullable=False),
    Column("share", Float, nullable=False),
    enum_column("state", LookState, default=LookState.WAITING),
    reference("first_by", "users"),
    enum_column("first_action", Action),
    reference("second_by", "users", nullable=True),
    Column("second_action", String(20)),
    # What the third person decided, where two disagreed.
    Column("outcome_id", Uuid, ForeignKey("decisions.id"), unique=True),
    Column("outcome_action", String(20)),
    # Who has it on the screen just now, and until when nobody else gets it.
    reference("held_by", "users", nullable=True),
    moment("held_until", nullable=True),
    moment("chosen_at"),
    moment("looked_at", nullable=True),
)

_c = second_looks.c
# Written into the statement: SQLite uses a partial index only for the very words of its condition.
_waiting = _c.state == literal(LookState.WAITING.value, literal_execute=True)
_stands = comments.c.sequence == _c.sequence
"""Whether the comment is still as it was when it was looked at."""

_disputed = and_(
    _c.state == literal(LookState.DISAGREED.value, literal_execute=True), _c.outcome_id.is_(None)
)

for _name, _columns, _which in (
    ("ix_second_looks_waiting", (_c.site_id, _c.id), _waiting),
    ("ix_second_looks_disputed", (_c.comment_id,), _disputed),
):
    Index(_name, *_columns, sqlite_where=_which, postgresql_where=_which)
Index("ix_second_looks_looked", _c.site_id, _c.looked_at)


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Let a decision be looked at once more."""
    connection.execute(insert(second_looks).values(**values))


def by_id(connection: Connection, look_id: SecondLookId) -> Row[Any] | None:
    """Return a second look as a whole row."""
    return connection.execute(select(second_looks).where(_c.id == look_id)).one_or_none()


def take(
    connection: Connection, site_ids: Collection[SiteId], user_id: UserId, now: datetime
) -> Row[Any] | None:
    """Give somebody the oldest one that is nobody's, or the one that they have already."""
    chosen = (
        select(_c.id)
        .join(comments, comments.c.id == _c.comment_id)
        .where(_for(site_ids, user_id, now))
        .order_by((_c.held_by == user_id).desc().nulls_last(), _c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=second_looks)
        .cte("chosen")
    )
    statement = (
        update(second_looks)
        .where(_c.id.in_(select(chosen.c.id)))
        .values(held_by=user_id, held_until=now + CLAIM)
        .returning(second_looks)
    )
    return connection.execute(statement).one_or_none()


def count(
    connection: Connection,
    site_ids: Collection[SiteId],
    user_id: UserId,
    now: datetime,
    most: int,
) -> int:
    """Count what somebody could look at now, up to `most`."""
    few = (
        select(_c.id)
        .join(comments, comments.c.id == _c.comment_id)
        .where(_for(site_ids, user_id, now))
        .limit(most)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(few)).scalar_one()


def answer(
    connection: Connection, look_id: SecondLookId, user_id: UserId, action: Action, now: datetime
) -> LookState | None:
    """Record what the second person decided; None where somebody else was first."""
    row = connection.execute(
        select(_c.first_action).where(_c.id == look_id, _waiting).with_for_update()
    ).one_or_none()
    if row is None:
        return None
    state = LookState.AGREED if row.first_action == action else LookState.DISAGREED
    _change(
        connection, look_id, state=state, second_by=user_id, second_action=action, looked_at=now
    )
    return state


def take_back(connection: Connection, look_id: SecondLookId, now: datetime) -> None:
    """Let it wait again, for the same person first."""
    gone = dict.fromkeys(("second_by", "second_action", "looked_at"))
    _change(connection, look_id, state=LookState.WAITING, held_until=now + CLAIM, **gone)


def disputes(
    connection: Connection, comment_ids: Collection[CommentId]
) -> dict[CommentId, frozenset[UserId]]:
    """Return on which of these comments which two disagree, until a third person decides."""
    statement = (
        select(_c.comment_id, _c.first_by, _c.second_by)
        .join(comments, comments.c.id == _c.comment_id)
        .where(_c.comment_id.in_(comment_ids), _disputed, _stands)
    )
    return {
        row.comment_id: frozenset((row.first_by, row.second_by))
        for row in connection.execute(statement)
    }


def with_disputes_of(
    connection: Connection, user_id: UserId, site_ids: Collection[SiteId]
) -> list[Row[Any]]:
    """Return site, waiting review and the two people of the disputes that somebody is part of."""
    statement = (
        select(_c.site_id, reviews.c.id.label("review_id"), _c.first_by, _c.second_by)
        .join(comments, comments.c.id == _c.comment_id)
        .join(reviews, (reviews.c.comment_id == _c.comment_id) & waiting)
        .where(_disputed, _stands, _c.site_id.in_(site_ids))
        .where(or_(_c.first_by == user_id, _c.second_by == user_id))
    )
    return list(connection.execute(statement))


def settle(connection: Connection, decision: Decision) -> None:
    """Note what was decided on a comment on which two people disagree."""
    statement = update(second_looks).where(
        _c.comment_id == decision.comment_id, _disputed, _c.sequence == decision.sequence - 1
    )
    # Where no third person was there, one of the two decided: that is nobody's judgement of both.
    third = and_(_c.first_by != decision.user_id, _c.second_by != decision.user_id)
    outcome = case((third, decision.action))
    settled = statement.values(outcome_id=decision.id, outcome_action=outcome)
    connection.execute(settled)


def reopen(connection: Connection, undone: DecisionId, sequence: int) -> bool:
    """Let a comment that has this sequence now be disputed again; False where it was not."""
    statement = update(second_looks).where(_c.outcome_id == undone)
    values = {"outcome_id": None, "outcome_action": None, "sequence": sequence}
    return connection.execute(statement.values(values)).rowcount == 1


def looked(connection: Connection, site_ids: Collection[SiteId], since: datetime) -> list[Looked]:
    """Count the second looks since a moment by what was decided."""
    columns = (_c.causes, _c.first_action, _c.second_action, _c.outcome_action)
    statement = (
        select(*columns, func.count().label("number"))
        .where(_c.site_id.in_(site_ids), _c.looked_at >= since)
        .group_by(*columns)
    )
    return [
        Looked(
            Cause(row.causes),
            Action(row.first_action),
            Action(row.second_action),
            None if row.outcome_action is None else Action(row.outcome_action),
            row.number,
        )
        for row in connection.execute(statement)
    ]


def give_up(connection: Connection, before: datetime) -> int:
    """Close those that were chosen before a moment and that nobody looked at."""
    statement = update(second_looks).where(_waiting, _c.chosen_at < before)
    return connection.execute(statement.values(state=LookState.MOOT)).rowcount


def _for(site_ids: Collection[SiteId], user_id: UserId, now: datetime) -> Any:  # noqa: ANN401 - a condition
    """Return the condition of a second look that somebody can take: they never judged it before."""
    free = or_(_c.held_by.is_(None), _c.held_by == user_id, _c.held_until <= now)
    own = exists().where(decisions.c.comment_id == _c.comment_id, decisions.c.user_id == user_id)
    return and_(_waiting, _c.site_id.in_(site_ids), _stands, free, ~own)


def _change(connection: Connection, look_id: SecondLookId, **values: Any) -> None:  # noqa: ANN401 - column values
    connection.execute(update(second_looks).where(_c.id == look_id).values(**values))
