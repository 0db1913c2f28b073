"""Reporting: what readers complain of reaches the desk."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderation.model.comments import Comment, Display, Status
from moderation.model.errors import TooManyReports
from moderation.model.ids import CommentId, ReportId, SiteId, new_uuid
from moderation.model.reports import NewReport, Report, ReportState
from moderation.runtime import Runtime
from moderation.services.access import Which, comment_of_site
from moderation.services.complaints import display_after, look
from moderation.settings import Settings
from moderation.storage import comments, decisions, reports, sites
from moderation.storage.database import Connection

MOST_WITH_WORDS = 20
"""Of one comment, and as many notices: nobody reads more, and the others count all the same."""

REPORTS_AN_HOUR = 30
"""Of one reader at one site: more than anybody reads and judges."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with its comment; `is_new` is False where the reader said so before."""

    report: Report
    comment: Comment
    display: Display
    is_new: bool


def report(runtime: Runtime, site_id: SiteId, which: Which, new: NewReport) -> Reported:
    """Keep a reader's report, and let people look at the comment if it asks for that.

    The comment stays as it is: readers cannot take it off display. One report of a reader on a text
    counts; another changes nothing. What is rejected already needs no look.
    Raises NotFound, Erased, TooManyReports.
    """
    reporter = digest_reporter(runtime.settings, site_id, new.reporter)
    with runtime.transaction() as connection:
        comment = comment_of_site(connection, site_id, which, lock=True)
        site = sites.of(connection, site_id)
        known = reports.of_reporter(connection, comment.id, comment.revision, reporter)
        if known is None:
            now = runtime.database_now(connection)
            _keep(connection, comment, new, reporter, now)
            if comment.status in {Status.APPROVED, Status.FLAGGED}:
                look(connection, site, comment, now)
        kept = known or reports.of_reporter(connection, comment.id, comment.revision, reporter)
        if kept is None:
            raise AssertionError("a report that was just written cannot be read")
        display = display_after(site, comment, decisions.last(connection, comment.id))
    return Reported(kept, comment, display, is_new=known is None)


def reports_after(
    runtime: Runtime, site_id: SiteId, comment_id: CommentId, after: int, limit: int
) -> list[Report]:
    """Return a comment's reports after a number, in order. Raises NotFound, Erased."""
    with runtime.reading() as connection:
        comment = comment_of_site(connection, site_id, comment_id)
        return reports.page(connection, comment.id, after, limit)


def digest_reporter(settings: Settings, site_id: SiteId, reporter: str) -> str:
    """Return the salted digest of a site's own id of a reader; another at each site."""
    message = site_id.bytes + reporter.encode()
    return hmac.digest(settings.derive_key("reporter"), message, "sha256").hex()


def _keep(
    connection: Connection, comment: Comment, new: NewReport, reporter: str, now: datetime
) -> None:
    sent = reports.count_since(connection, comment.site_id, reporter, now - _HOUR)
    if sent >= REPORTS_AN_HOUR:
        raise TooManyReports(f"This reader sent {sent} reports within an hour.")
    row: dict[str, Any] = {
        "id": ReportId(new_uuid()),
        "comment_id": comment.id,
        "site_id": comment.site_id,
        "revision": comment.revision,
        "reporter": reporter,
        "reason": new.reason,
        "is_notice": new.notice is not None,
        "reported_at": now,
    }
    row |= _words(connection, comment, new) | _answer(connection, comment, now)
    reports.add(connection, **row)
    if not comment.reported:
        comments.change(connection, comment.id, reported=True)


def _words(connection: Connection, comment: Comment, new: NewReport) -> dict[str, str | None]:
    """Return what of a report is kept to be read."""
    contact = None if new.notice is None else new.notice.contact
    if new.words is None and contact is None:
        return {}
    notices = new.notice is not None
    kept = reports.count_with_words(connection, comment.id, notices=notices)
    return {} if kept >= MOST_WITH_WORDS else {"words": new.words, "contact": contact}


def _answer(connection: Connection, comment: Comment, now: datetime) -> dict[str, Any]:
    """Return how a report ends at once that is about a rejected comment."""
    if comment.status is not Status.REJECTED:
        return {}
    last = decisions.last(connection, comment.id)
    return {
        "state": ReportState.UPHELD,
        "decision_id": None if last is None else last.id,
        "settled_at": now,
    }
