"""What the metrics count, over several tables; cheap however many comments there are."""

from datetime import datetime

from sqlalchemy import func, select, text

from moderation.model.comments import Status
from moderation.model.jobs import Lane, Purpose
from moderation.storage import backlog
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.jobs import fresh, jobs, started
from moderation.storage.reviews import reviews, waiting
from moderation.storage.sites import sites

_pending = (comments.c.site_id == sites.c.id) & (comments.c.status == Status.PENDING)


def answers(connection: Connection) -> None:
    """Do the least that shows that the database answers."""
    connection.execute(text("SELECT 1"))


def pending(connection: Connection) -> int:
    """Return how many comments are pending."""
    # One look at each site: only so does the index on site and status serve.
    count = select(func.count()).select_from(comments).where(_pending).scalar_subquery()
    return sum(connection.execute(select(count).select_from(sites)).scalars())


def oldest_pending(connection: Connection) -> datetime | None:
    """Return since when a comment waits that waits the longest; an edited one from its edit on."""
    untried = [backlog.oldest(connection, lane) for lane in Lane]
    tried = select(func.min(jobs.c.created_at)).where(started, jobs.c.purpose == Purpose.DECIDE)
    found = [*untried, connection.execute(tried).scalar_one()]
    return min((moment for moment in found if moment is not None), default=None)


def oldest_received(connection: Connection) -> datetime | None:
    """Return when the oldest pending comment came, by its own row alone: reads all of them."""
    oldest = select(func.min(comments.c.received_at)).where(_pending).scalar_subquery()
    found = connection.execute(select(oldest).select_from(sites)).scalars()
    return min((moment for moment in found if moment is not None), default=None)


def open_reviews(connection: Connection) -> int:
    """Return how many comments wait for a person."""
    statement = select(func.count()).select_from(reviews).where(waiting)
    return connection.execute(statement).scalar_one()


def fresh_jobs(connection: Connection) -> dict[str, int]:
    """Return how many jobs nobody has tried yet, by lane."""
    statement = select(jobs.c.lane, func.count()).where(fresh).group_by(jobs.c.lane)
    rows = connection.execute(statement)
    return {row[0]: row[1] for row in rows}


def tried_jobs(connection: Connection) -> tuple[int, int]:
    """Return how many unfinished jobs have been tried once, and how many more often."""
    again = func.count().filter(jobs.c.attempts > 1)
    row = connection.execute(select(func.count(), again).where(started)).one()
    return row[0] - row[1], row[1]
