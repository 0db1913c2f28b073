"""Backlogs: comments that wait, with the rows that intake stores, but many at a time.

The search index is left out: no worker touches it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from socket import gethostname
from typing import Any

from celery.app.control import Inspect
from sqlalchemy import insert, select

from moderation.broker import Task
from moderation.model.comments import Author, NewComment, Thread
from moderation.model.ids import SiteId, new_uuid
from moderation.model.jobs import JobState, Lane, Purpose
from moderation.services.accepting import comment_columns
from moderation.services.explaining import thresholds_over
from moderation.services.sites import find_site
from moderation.storage.comments import comments
from moderation.storage.jobs import jobs
from tests.bench import texts
from tests.bench.bare import Flagged
from tests.installation import Installation, wait_until

AT_ONCE = 1_000
MINUTES_10 = 600.0


def preload(
    desk: Installation, written: Sequence[str], prefix: str, lane: Lane = Lane.LIVE
) -> None:
    """Store comments with their jobs, and announce them on their lane."""
    site_id = find_site(desk.runtime, "agora").id
    for start in range(0, len(written), AT_ONCE):
        with desk.runtime.transaction() as connection:
            now = desk.runtime.database_now(connection)
            comment_rows, job_rows = [], []
            for number, text in enumerate(written[start : start + AT_ONCE], start):
                comment, job = _rows(site_id, new_comment(prefix, number, text), lane, now)
                comment_rows.append(comment)
                job_rows.append(job)
            connection.execute(insert(comments), comment_rows)
            connection.execute(insert(jobs), job_rows)
        desk.runtime.broker.announce(lane, [row["id"] for row in job_rows])


def new_comment(prefix: str, number: int, text: str) -> NewComment:
    """Return a comment as `posting.singles` posts it."""
    who, where = texts.author(number), texts.thread(number)
    author = Author(id=who["id"], name=who["name"])
    thread = Thread(id=where["id"], url=where["url"], title=where["title"])
    return NewComment(f"{prefix}-{number}", text, author=author, thread=thread)


@contextmanager
def asleep(desk: Installation) -> Iterator[None]:
    """Take no calls of the workers meanwhile: nothing is drained before the clock starts.

    Not by SIGSTOP: they are in the middle of a task nearly always, and one that is stopped has used
    up its time limit after, and is killed with what it claims then.
    """
    control = desk.runtime.broker.celery.control
    queue, whose = Task.CLASSIFY.value, [f"classify@{gethostname()}"]
    control.cancel_consumer(queue, destination=whose)
    try:
        wait_until(lambda: _does_nothing(control.inspect(whose)), MINUTES_10)
        yield
    finally:
        control.add_consumer(queue, destination=whose)


def _does_nothing(inspect: Inspect) -> bool:
    """Say whether a worker answers that no process of it is in a task, and that none is to be."""
    answers = [inspect.active(), inspect.reserved()]
    return all(answers) and not any(tasks for one in answers for tasks in one.values())


def wait_for_workers(desk: Installation) -> None:
    """Wait until every process of the workers has loaded its classifier."""
    log = desk.folder / "classify.log"
    wait_until(lambda: log.read_text().count("worker_ready") >= desk.settings.workers)


def drained(desk: Installation) -> None:
    """Wait until no job waits; looks in the cheapest way, since it takes time from the workers."""
    wait_until(lambda: not jobs_wait(desk), MINUTES_10)


def check_decided(desk: Installation, prefix: str, count: int) -> None:
    """Raise RuntimeError unless each comment was decided once, at the first attempt.

    A figure that leaves comments out, or in which work was done twice, is none.
    """
    decided = desk.rows(
        "SELECT count(*), count(DISTINCT c.id) FROM decisions d"  # noqa: S608 - our own words
        f" JOIN comments c ON c.id = d.comment_id WHERE c.external_id LIKE '{prefix}-%%'"
    )
    again = desk.rows("SELECT id FROM jobs WHERE attempts > 1")
    if [tuple(row) for row in decided] != [(count, count)] or again:
        raise RuntimeError(f"{count} comments, {decided} decided, {len(again)} tried again")


def explained(desk: Installation, prefix: str) -> list[Flagged]:
    """Return the flagged comments whose words were looked at until now."""
    marked = (
        select(comments.c.id, comments.c.text)
        .join(jobs, jobs.c.comment_id == comments.c.id)
        .where(jobs.c.purpose == Purpose.EXPLAIN, jobs.c.state == JobState.DONE)
        .where(comments.c.external_id.startswith(f"{prefix}-", autoescape=True))
    )
    with desk.runtime.reading() as connection:
        rows = connection.execute(marked).all()
        return [Flagged(row.text, thresholds_over(connection, row.id)) for row in rows]


def jobs_wait(desk: Installation) -> bool:
    # Two questions, for each has an index of its own.
    fresh = (
        "SELECT id FROM jobs WHERE state = 'queued' AND purpose = 'decide' AND attempts = 0 LIMIT 1"
    )
    started = (
        "SELECT id FROM jobs WHERE state = 'queued' AND purpose = 'decide' AND attempts > 0 LIMIT 1"
    )
    return bool(desk.rows(fresh) or desk.rows(started))


def _rows(
    site_id: SiteId, new: NewComment, lane: Lane, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    comment_id, job_id = new_uuid(), new_uuid()
    comment = {"id": comment_id, "site_id": site_id, "received_at": now, **comment_columns(new)}
    job = {
        "id": job_id,
        "comment_id": comment_id,
        "site_id": site_id,
        "revision": 1,
        "classifier": "compact",
        "lane": lane,
        "created_at": now,
    }
    return comment, job
