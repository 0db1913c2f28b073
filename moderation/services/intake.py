"""Intake: a comment is accepted when its row and its job are committed."""

from collections.abc import Sequence
from datetime import datetime

from moderation.announcer import Announcer
from moderation.model.comments import NewComment
from moderation.model.errors import ModerationError
from moderation.model.ids import SiteId
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from moderation.services.accepting import Store, Stored, Submission, Submitted
from moderation.services.group_commit import GroupCommit
from moderation.storage.database import Connection

GROUP_LIMIT = 200
"""Submissions in one transaction; more wait for the next, so that none waits for long."""


class Intake:
    """Accepts comments for one process; safe to use from many threads.

    The commits of concurrent requests are grouped: one disk flush serves many of them, and SQLite's
    one writer is not fought over. This is the one place where a transaction is not one call's.
    """

    def __init__(self, runtime: Runtime, announcer: Announcer) -> None:
        self._runtime = runtime
        self._announcer = announcer
        self._commits = GroupCommit(self._store_group, GROUP_LIMIT)

    def submit(self, site_id: SiteId, new: NewComment, lane: Lane = Lane.LIVE) -> Submitted:
        """Store one comment durably, then have its job announced.

        Raises Erased, StaleRevision, StorageUnavailable.
        """
        return self._commits.put(Submission(site_id, new, lane)).result().submitted

    def submit_many(
        self, site_id: SiteId, news: Sequence[NewComment], lane: Lane = Lane.LIVE
    ) -> list[Submitted | ModerationError]:
        """Store several comments; each has its own result, in order."""
        futures = [self._commits.put(Submission(site_id, new, lane)) for new in news]
        return [_result(future.exception() or future.result()) for future in futures]

    def close(self) -> None:
        """Commit what waits, and end the thread."""
        self._commits.close()

    def _announce(self, results: Sequence[Stored | ModerationError]) -> None:
        for lane in Lane:
            job_ids = [
                one.job_id
                for one in results
                if isinstance(one, Stored) and one.job_id and one.lane is lane
            ]
            if job_ids:
                self._announcer.announce(lane, job_ids)

    def _store_group(self, submissions: Sequence[Submission]) -> list[Stored | ModerationError]:
        with self._runtime.transaction() as connection:
            now = self._runtime.database_now(connection)
            store = Store(connection, now, self._runtime.settings.classifier)
            # One order for all processes, so that none waits for another in a circle.
            order = sorted(range(len(submissions)), key=lambda n: _place(submissions[n]))
            stored = store.all([submissions[n] for n in order])
        self._announce(stored)
        results = dict(zip(order, stored, strict=True))
        return [results[n] for n in range(len(submissions))]


def _place(submission: Submission) -> tuple[SiteId, str]:
    return (submission.site_id, submission.new.external_id)


def _result(outcome: Stored | BaseException) -> Submitted | ModerationError:
    if isinstance(outcome, Stored):
        return outcome.submitted
    if isinstance(outcome, ModerationError):
        return outcome
    raise outcome


def submit_in(
    connection: Connection, now: datetime, classifier: str, site_id: SiteId, new: NewComment
) -> Submitted:
    """Store one comment of a bulk import inside the caller's transaction; no announcement.

    Raises Erased, StaleRevision. The workers find the job in the database.
    """
    [stored] = Store(connection, now, classifier).all([Submission(site_id, new, Lane.BULK)])
    if isinstance(stored, ModerationError):
        raise stored
    return stored.submitted
