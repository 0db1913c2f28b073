"""Appeals of authors: one for each contested decision."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Row,
    Select,
    Table,
    Text,
    Uuid,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from moderation.model.appeals import Appeal, AppealState, Contested
from moderation.model.decisions import Action
from moderation.model.ids import AppealId, CommentId, DecisionId, SiteId, UserId
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions
from moderation.storage.reviews import reviews, waiting
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference
from moderation.storage.second_looks import second_looks
from moderation.storage.users import users

appeals = Table(
    "appeals",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    reference("site_id", "sites"),
    # Unique: a decision is contested once.
    Column("decision_id", Uuid, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("words", Text),
    enum_column("state", AppealState, default=AppealState.OPEN),
    # The decision on the appeal; its message is the statement to the author.
    Column("outcome_id", Uuid, ForeignKey("decisions.id"), unique=True),
    # Whether the person who judged it had made the contested decision too.
    Column("own_decision", Boolean, nullable=False, default=False),
    moment("appealed_at"),
    moment("settled_at", nullable=True),
    Index("ix_appeals_comment_id", "comment_id"),
)

_c = appeals.c
# Written into the statement: SQLite uses a partial index only for the very words of its condition.
_open = _c.state == literal(AppealState.OPEN.value, literal_execute=True)
worded = _c.words.is_not(None)
"""Whether anything is left that an author wrote."""

Index(
    "uq_appeals_open",
    _c.comment_id,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)
Index("ix_appeals_worded", _c.id, sqlite_where=worded, postgresql_where=worded)


def add(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert an appeal."""
    connection.execute(insert(appeals).values(**values))


def by_id(connection: Connection, appeal_id: AppealId) -> Appeal | None:
    """Return one appeal."""
    row = connection.execute(_whole().where(_c.id == appeal_id)).one_or_none()
    return None if row is None else _to_appeal(row)


def against(connection: Connection, decision_id: DecisionId) -> Appeal | None:
    """Return the appeal against a decision."""
    row = connection.execute(_whole().where(_c.decision_id == decision_id)).one_or_none()
    return None if row is None else _to_appeal(row)


def of(connection: Connection, comment_id: CommentId) -> list[Appeal]:
    """Return a comment's appeals, oldest first."""
    rows = connection.execute(_whole().where(_c.comment_id == comment_id).order_by(_c.id))
    return [_to_appeal(row) for row in rows]


def open_among(
    connection: Connection, comment_ids: Collection[CommentId]
) -> dict[CommentId, Contested]:
    """Return the open appeals of these comments, with the decisions that they contest."""
    contested, by = decisions.alias(), users.alias()
    statement = (
        _whole()
        .add_columns(contested.c.action, contested.c.user_id, contested.c.note)
        .add_columns(contested.c.decided_at, by.c.name, second_looks.c.second_by)
        .join(contested, contested.c.id == _c.decision_id)
        .outerjoin(by, by.c.id == contested.c.user_id)
        .outerjoin(second_looks, second_looks.c.decision_id == contested.c.id)
        .where(_c.comment_id.in_(comment_ids), _open)
    )
    return {row.comment_id: _to_contested(row) for row in connection.execute(statement)}


def against_judgements_of(
    connection: Connection, user_id: UserId, site_ids: Collection[SiteId]
) -> list[Row[Any]]:
    """Return the open appeals against what a person decided, or took a second look at.

    With their site and waiting review, and who decided and looked.
    """
    decided_by, second_by = decisions.c.user_id, second_looks.c.second_by
    statement = (
        select(
            _c.site_id,
            reviews.c.id.label("review_id"),
            decided_by.label("decided_by"),
            second_by,
        )
        .join(decisions, decisions.c.id == _c.decision_id)
        .outerjoin(second_looks, second_looks.c.decision_id == _c.decision_id)
        .join(reviews, (reviews.c.comment_id == _c.comment_id) & waiting)
        .where(_open, _c.site_id.in_(site_ids), or_(decided_by == user_id, second_by == user_id))
    )
    return list(connection.execute(statement))


def settle(  # noqa: PLR0913 - one column each
    connection: Connection,
    appeal_id: AppealId,
    state: AppealState,
    outcome_id: DecisionId,
    at: datetime,
    *,
    own_decision: bool,
) -> None:
    """Close an appeal by the decision on it."""
    connection.execute(
        update(appeals)
        .where(_c.id == appeal_id)
        .values(state=state, outcome_id=outcome_id, settled_at=at, own_decision=own_decision)
    )


def reopen(connection: Connection, outcome_id: DecisionId) -> bool:
    """Open the appeal again that a decision closed; False where there is none."""
    values: dict[str, Any] = {"outcome_id": None, "settled_at": None, "own_decision": False}
    closed = update(appeals).where(_c.outcome_id == outcome_id)
    return connection.execute(closed.values(state=AppealState.OPEN, **values)).rowcount > 0


def close(connection: Connection, comment_id: CommentId, at: datetime) -> None:
    """Close an open appeal about a text that is gone."""
    connection.execute(
        update(appeals)
        .where(_c.comment_id == comment_id, _open)
        .values(state=AppealState.MOOT, settled_at=at)
    )


def forget(connection: Connection, comment_id: CommentId) -> None:
    """Erase what the author of a comment wrote."""
    connection.execute(update(appeals).where(_c.comment_id == comment_id).values(words=None))


def count_open(connection: Connection) -> int:
    """Count the appeals that nobody judged."""
    return connection.execute(select(func.count()).where(_open)).scalar_one()


def _whole() -> Select[Any]:
    """Select appeals with the statements on them."""
    outcome = decisions.alias("outcome")
    return select(appeals, outcome.c.message_to_author.label("statement")).outerjoin(
        outcome, outcome.c.id == _c.outcome_id
    )


def _to_appeal(row: Row[Any]) -> Appeal:
    return Appeal(
        id=row.id,
        comment_id=row.comment_id,
        decision_id=row.decision_id,
        words=row.words,
        state=AppealState(row.state),
        outcome_id=row.outcome_id,
        own_decision=row.own_decision,
        statement=row.statement,
        appealed_at=row.appealed_at,
        settled_at=row.settled_at,
    )


def _to_contested(row: Row[Any]) -> Contested:
    return Contested(
        appeal=_to_appeal(row),
        action=Action(row.action),
        user_id=row.user_id,
        user_name=row.name,
        note=row.note,
        decided_at=row.decided_at,
        second_by=row.second_by,
    )
