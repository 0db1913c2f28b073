"""Jobs for shadows: comments that another classifier scores once more, for no decision."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select

from moderation.model.comments import Status
from moderation.model.ids import lowest_uuid
from moderation.model.jobs import JobState, Lane, Purpose
from moderation.model.shadows import Shadow
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.jobs import call_off, fresh, jobs

_j, _d, _c = jobs.c, classifications.c, comments.c


_WAITING = and_(fresh, _j.lane == Lane.BULK, _j.purpose == Purpose.SHADOW)
# Written into the statement: SQLite uses a partial index only for the very words of its condition.
_IS_SHADOW = _j.purpose == literal(Purpose.SHADOW.value, literal_execute=True)


def are_many(connection: Connection, many: int) -> bool:
    """Say whether so many comments wait to be scored for shadows, of all sites together."""
    statement = select(_j.lane).where(_WAITING).offset(many - 1).limit(1)
    return connection.execute(statement).first() is not None


def count_waiting(connection: Connection, shadow: Shadow) -> int:
    """Count the comments that wait to be scored for it."""
    statement = select(func.count()).select_from(jobs)
    return connection.execute(statement.where(_of(shadow, JobState.QUEUED))).scalar_one()


def count_called_off(connection: Connection, shadow: Shadow) -> tuple[int, bool]:
    """Count comments for which no worker had the classifier; and whether one was the last tried.

    What was edited or withdrawn meanwhile is none of them.
    """
    statement = (
        select(func.count(), func.max(_j.created_at))
        .select_from(jobs)
        .join(comments, (_c.id == _j.comment_id) & (_c.revision == _j.revision))
        .where(_of(shadow, JobState.CANCELLED), _j.attempts > 0, _c.status != Status.ERASED)
        .where(_j.created_at >= shadow.started_at)
    )
    number, newest = connection.execute(statement).one()
    return number, bool(number) and not _scored_since(connection, shadow, newest)


def cancel(connection: Connection, shadow: Shadow) -> None:
    """Cancel what waits for a shadow, but for what a worker is just taking or recording."""
    statement = select(_j.id).where(_of(shadow, JobState.QUEUED)).with_for_update(skip_locked=True)
    call_off(connection, list(connection.execute(statement).scalars()))


def _scored_since(connection: Connection, shadow: Shadow, at: Any) -> bool:  # noqa: ANN401 - a moment
    statement: Select[Any] = (
        select(_d.id)
        .where(_d.site_id == shadow.site_id, _d.classifier == shadow.classifier)
        .where(_d.id >= lowest_uuid(at), _d.purpose == Purpose.SHADOW)
        .limit(1)
    )
    return connection.execute(statement).first() is not None


def _of(shadow: Shadow, state: JobState) -> ColumnElement[bool]:
    return and_(
        _IS_SHADOW,
        _j.site_id == shadow.site_id,
        _j.classifier == shadow.classifier,
        _j.state == state,
    )
