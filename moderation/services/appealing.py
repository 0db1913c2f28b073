"""Appealing: authors contest that their comment was taken off."""

from datetime import datetime, timedelta
from typing import Any

from moderation.model.appeals import APPEAL_RISK, Appeal
from moderation.model.comments import Comment, Display, Status
from moderation.model.decisions import ReasonKind, Source
from moderation.model.errors import AppealedBefore, NothingToAppeal, TooLateToAppeal
from moderation.model.ids import AppealId, CommentId, SiteId, new_uuid
from moderation.runtime import Runtime
from moderation.services.access import Which, comment_of_site
from moderation.services.complaints import display_after
from moderation.services.opening import let_wait
from moderation.storage import appeals, audit, comments, decisions, sites
from moderation.storage.database import Connection


def appeal(runtime: Runtime, site_id: SiteId, which: Which, words: str | None) -> Appeal:
    """Keep an author's appeal against the decision that took the comment off.

    The comment stays off until somebody judges. What a person saw of it before is stale, and the
    contested decision cannot be undone any more.
    Raises NotFound, Erased, NothingToAppeal, AppealedBefore, TooLateToAppeal.
    """
    with runtime.transaction() as connection:
        comment = comment_of_site(connection, site_id, which, lock=True)
        now = runtime.database_now(connection)
        contested = _contested(connection, comment, now)
        appeal_id = AppealId(new_uuid())
        appeals.add(
            connection,
            id=appeal_id,
            comment_id=comment.id,
            site_id=site_id,
            decision_id=contested.id,
            words=words,
            appealed_at=now,
        )
        comments.change(connection, comment.id, sequence=comment.sequence + 1)
        let_wait(connection, comment, ReasonKind.APPEAL, APPEAL_RISK, now)
        data = {"appeal": str(appeal_id), "decision": str(contested.id)}
        audit.add(connection, "appeal", now, site_id=site_id, data=data)
        return _stored(connection, appeal_id)


def appeals_of(runtime: Runtime, site_id: SiteId, comment_id: CommentId) -> list[Appeal]:
    """Return a comment's appeals, oldest first. Raises NotFound, Erased."""
    with runtime.reading() as connection:
        comment = comment_of_site(connection, site_id, comment_id)
        return appeals.of(connection, comment.id)


def _contested(connection: Connection, comment: Comment, now: datetime) -> Any:  # noqa: ANN401 - a row
    """Return the decision that an author of this comment can appeal against."""
    site = sites.of(connection, comment.site_id)
    last = decisions.last(connection, comment.id)
    shown = display_after(site, comment, last) is Display.SHOW
    if last is None or shown or comment.status is Status.PENDING:
        raise NothingToAppeal("The comment is not taken off by a decision.")
    waits = bool(appeals.open_among(connection, [comment.id]))
    if waits or last.source == Source.APPEAL or appeals.against(connection, last.id):
        raise AppealedBefore("The author appealed against this decision before.")
    if last.decided_at + timedelta(days=site.appeal_days) < now:
        raise TooLateToAppeal(f"The decision is older than {site.appeal_days} days.")
    return last


def _stored(connection: Connection, appeal_id: AppealId) -> Appeal:
    stored = appeals.by_id(connection, appeal_id)
    if stored is None:
        raise AssertionError("an appeal that was just written cannot be read")
    return stored
