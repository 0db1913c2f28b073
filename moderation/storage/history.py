"""History: comments without scores by a classifier version, and the jobs that score them anew."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, literal, select

from moderation.model.comments import Status
from moderation.model.ids import CommentId, JobId, lowest_uuid
from moderation.model.jobs import History, JobState, Purpose
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from moderation.storage.database import Connection, insert_or_skip
from moderation.storage.jobs import call_off, jobs

_c, _d, _j = comments.c, classifications.c, jobs.c

NO_HISTORY = (Status.PENDING, Status.ERASED)
"""What waits is scored anyway, and what was withdrawn never again."""


def newest(
    connection: Connection, wanted: History, before: CommentId | None, limit: int
) -> list[Row[Any]]:
    """Return a site's newest comments before one: id, revision, and whether each is `decided`.

    All of the site's, so that the cost is that of `limit` comments however few lack scores.
    """
    is_decided: ColumnElement[bool] = _c.status.not_in(NO_HISTORY)
    if wanted.since is not None:
        # Of what was imported since, only what was written since.
        is_decided &= func.coalesce(_c.created_at, _c.received_at) >= wanted.since
    statement = select(_c.id, _c.revision, is_decided.label("decided"))
    statement = statement.where(_c.site_id == wanted.site_id).order_by(_c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(_c.id < before)
    if wanted.since is not None:
        statement = statement.where(_c.id >= lowest_uuid(wanted.since))
    return list(connection.execute(statement))


def scored(
    connection: Connection, comment_ids: Sequence[CommentId], classifier: str
) -> set[tuple[CommentId, int]]:
    """Return which revisions of these comments have scores by this version."""
    statement = select(_d.comment_id, _d.revision).where(
        _d.comment_id.in_(comment_ids), _d.classifier == classifier
    )
    return {(row.comment_id, row.revision) for row in connection.execute(statement)}


def add_jobs(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Insert jobs, those that are there already aside; return how many were new."""
    statement = insert_or_skip(connection, jobs).returning(_j.id)
    return len(connection.execute(statement, list(rows)).all())


def count(connection: Connection, wanted: History, state: JobState) -> int:
    """Count the jobs of a site's history in a state, whichever moment they go back to."""
    statement = select(func.count()).select_from(jobs).where(_of(wanted, state))
    return connection.execute(statement).scalar_one()


def cancel(connection: Connection, wanted: History, limit: int) -> int:
    """Cancel some of the jobs that are still to be done; return how many.

    Those that a worker is just taking or recording are passed over.
    """
    ids = _some(connection, wanted, JobState.QUEUED, limit)
    call_off(connection, ids)
    return len(ids)


def forget_cancelled(connection: Connection, wanted: History, limit: int) -> int:
    """Remove some of the cancelled jobs, so that their like can be queued; return how many."""
    ids = _some(connection, wanted, JobState.CANCELLED, limit)
    connection.execute(delete(jobs).where(_j.id.in_(ids)))
    return len(ids)


def count_not_scored(connection: Connection, wanted: History) -> int:
    """Count jobs that a worker cancelled although their text is still the comment's."""
    statement = (
        select(func.count())
        .select_from(jobs)
        .join(comments, (_c.id == _j.comment_id) & (_c.revision == _j.revision))
        .where(_of(wanted, JobState.CANCELLED), _j.attempts > 0, _c.status != Status.ERASED)
    )
    return connection.execute(statement).scalar_one()


def _some(connection: Connection, wanted: History, state: JobState, limit: int) -> list[JobId]:
    statement = select(_j.id).where(_of(wanted, state)).limit(limit)
    statement = statement.with_for_update(skip_locked=True)
    return list(connection.execute(statement).scalars())


def _of(wanted: History, state: JobState) -> ColumnElement[bool]:
    # Written into the statement: SQLite uses a partial index only for the very words of its
    # condition.
    rescoring = literal(Purpose.RESCORE.value, literal_execute=True)
    return and_(
        _j.purpose == rescoring,
        _j.site_id == wanted.site_id,
        _j.classifier == wanted.classifier,
        _j.state == state,
    )
