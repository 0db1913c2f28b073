"""Reading: what a site may know of its comments."""

import time
from dataclasses import dataclass

from moderation.model.comments import Comment, Display, DisplayRules, Status
from moderation.model.decisions import Decision, displayed
from moderation.model.ids import CommentId, SiteId
from moderation.model.labels import Scores
from moderation.model.marks import Mark
from moderation.runtime import Runtime
from moderation.services.access import comment_of_site
from moderation.services.announcements import Announcement, to_announcement
from moderation.storage import classifications, decisions, events, sites
from moderation.storage.database import Connection
from moderation.waiters import Waiters

SHORTEST_PAUSE = 0.025
LONGEST_PAUSE = 0.1
"""Seconds between two looks at a comment that somebody waits for, if nobody tells of it before."""


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment with what the site should do, and why."""

    comment: Comment
    display: Display
    decision: Decision | None
    scores: Scores | None
    language: str | None
    marks: tuple[Mark, ...] | None


def pending_view(comment: Comment, rules: DisplayRules) -> CommentView:
    """Return how a comment looks that nobody has judged yet."""
    return CommentView(
        comment,
        rules.display(Status.PENDING),
        decision=None,
        scores=None,
        language=None,
        marks=None,
    )


def get_comment(runtime: Runtime, site_id: SiteId, comment_id: CommentId) -> CommentView:
    """Return one comment of a site. Raises NotFound, Erased."""
    with runtime.reading() as connection:
        return _view(connection, comment_of_site(connection, site_id, comment_id))


def get_comment_by_external_id(runtime: Runtime, site_id: SiteId, external_id: str) -> CommentView:
    """Return one comment by the site's own id. Raises NotFound, Erased."""
    with runtime.reading() as connection:
        return _view(connection, comment_of_site(connection, site_id, external_id))


def wait_for_decision(
    runtime: Runtime, waiters: Waiters, site_id: SiteId, comment_id: CommentId, seconds: float
) -> CommentView:
    """Return the comment as soon as it is decided, or as it stands after `seconds`.

    Where Redis tells nobody, it looks again after an eighth of the time that it has waited so far.
    Raises NotFound, Erased.
    """
    started = time.monotonic()
    with waiters.expecting(comment_id) as told:
        view = get_comment(runtime, site_id, comment_id)
        while view.comment.status is Status.PENDING:
            waited = time.monotonic() - started
            if waited >= seconds:
                break
            pause = min(max(waited / 8, SHORTEST_PAUSE), LONGEST_PAUSE)
            told.wait(min(pause, seconds - waited))
            told.clear()
            view = get_comment(runtime, site_id, comment_id)
    return view


def decisions_after(
    runtime: Runtime, site_id: SiteId, after: int, limit: int
) -> list[Announcement]:
    """Return the site's events after a place in its feed, in order."""
    with runtime.reading() as connection:
        return [to_announcement(row) for row in events.feed(connection, site_id, after, limit)]


def _view(connection: Connection, comment: Comment) -> CommentView:
    rules = sites.of(connection, comment.site_id).display_rules
    # While an edited comment waits, the last decision was about another text.
    last = None if comment.status is Status.PENDING else decisions.last(connection, comment.id)
    row = (
        last
        and last.classification_id
        and classifications.by_id(connection, last.classification_id)
    )
    decision = None if last is None else decisions.to_decision(last)
    return CommentView(
        comment=comment,
        display=displayed(rules, comment.status, decision),
        decision=decision,
        scores=classifications.scores_of(row) if row else None,
        language=row.language if row else None,
        marks=classifications.marks_of(row) if row else None,
    )
