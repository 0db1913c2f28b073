"""Reading: what a site may know of its comments."""

import time
from dataclasses import dataclass
from typing import Any

from moderation.model.comments import Comment, Display, DisplayRules, Status
from moderation.model.decisions import Decision, displayed
from moderation.model.ids import CommentId, SiteId
from moderation.model.labels import Scores
from moderation.model.marks import Mark
from moderation.runtime import Runtime
from moderation.services.accepting import Submitted
from moderation.services.access import seen_by
from moderation.services.announcements import Announcement, to_announcement
from moderation.storage import classifications, comments, decisions, events, sites, views
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
    with runtime.glancing() as connection:
        return _view(site_id, views.by_id(connection, comment_id))


def get_comment_by_external_id(runtime: Runtime, site_id: SiteId, external_id: str) -> CommentView:
    """Return one comment by the site's own id. Raises NotFound, Erased."""
    with runtime.glancing() as connection:
        return _view(site_id, views.by_external_id(connection, site_id, external_id))


def wait_for_decision(
    runtime: Runtime, waiters: Waiters, site_id: SiteId, submitted: Submitted, seconds: float
) -> CommentView:
    """Return the comment as soon as it is decided, or as it stands after `seconds`.

    Where Redis tells nobody, it looks again after an eighth of the time that it has waited so far.
    Raises NotFound, Erased.
    """
    started, comment_id = time.monotonic(), submitted.comment_id
    with waiters.expecting(comment_id) as told:
        if submitted.changed:
            # Stored just now, and hardly ever decided yet: a look would be in the workers' way.
            told.wait(min(SHORTEST_PAUSE, seconds))
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


def _view(site_id: SiteId, row: Any) -> CommentView:  # noqa: ANN401 - a row of storage.views
    comment = seen_by(site_id, None if row is None else comments.to_comment(row))
    # While an edited comment waits, the last decision was about another text.
    waits = comment.status is Status.PENDING
    last = None if waits else views.decision_in(row)
    judged = None if waits else views.classification_in(row)
    decision = last and decisions.to_decision(last)
    return CommentView(
        comment=comment,
        display=displayed(sites.display_rules(row), comment.status, decision),
        decision=decision,
        scores=judged and classifications.scores_of(judged),
        language=judged and judged.language,
        marks=judged and classifications.marks_of(judged),
    )
