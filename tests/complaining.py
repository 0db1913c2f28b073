"""Builders of reports and appeals."""

from typing import Any

from moderation.model.appeals import Appeal
from moderation.model.comments import Status
from moderation.model.decisions import Action
from moderation.model.ids import CommentId, SiteId
from moderation.model.people import User
from moderation.model.reports import NewReport, ReportReason
from moderation.runtime import Runtime
from moderation.services.appealing import appeal
from moderation.services.cards import Card
from moderation.services.moderating import decide_comment
from moderation.services.queue import queue_page
from moderation.services.reading import get_comment
from moderation.services.reporting import Reported, report
from moderation.storage import users
from tests.factories import classify_all, submit


def approved_comment(runtime: Runtime, site_id: SiteId, external_id: str = "c1") -> CommentId:
    """Return a comment that the classifier approved."""
    submitted = submit(runtime, site_id, external_id)
    classify_all(runtime)
    return submitted.comment_id


def reported(
    runtime: Runtime,
    site_id: SiteId,
    comment_id: CommentId,
    *readers: str,
    reason: ReportReason = ReportReason.HARASSMENT,
    **fields: Any,  # noqa: ANN401 - fields of NewReport
) -> Reported:
    """Let readers report a comment; return what the last of them was answered."""
    for reader in readers or ("reader-1",):
        made = report(runtime, site_id, comment_id, NewReport(reader, reason, **fields))
    return made


def decide(
    runtime: Runtime,
    user: User,
    comment_id: CommentId,
    action: Action,
    **more: Any,  # noqa: ANN401 - options of decide_comment
) -> Any:  # noqa: ANN401 - the decision
    """Decide on a comment as it stands."""
    site_id = next(iter(user.site_ids))
    seen = get_comment(runtime, site_id, comment_id).comment.sequence
    return decide_comment(runtime, user, comment_id, action, seen=seen, **more)


def appealed(
    runtime: Runtime, site_id: SiteId, comment_id: CommentId, words: str | None = "It was irony."
) -> Appeal:
    """Let the author appeal."""
    return appeal(runtime, site_id, comment_id, words)


def waiting(runtime: Runtime, user: User) -> dict[CommentId, Card]:
    """Return what waits at the desk of a person."""
    cards = queue_page(runtime, user, list(user.site_ids)).cards
    return {card.comment.id: card for card in cards}


def status_of(runtime: Runtime, site_id: SiteId, comment_id: CommentId) -> Status:
    """Return where a comment stands."""
    return get_comment(runtime, site_id, comment_id).comment.status


def let_sign_in(runtime: Runtime, *people: User) -> None:
    """Let people count as being there: they chose a password."""
    with runtime.transaction() as connection:
        for user in people:
            users.set_password_hash(connection, user.id, "a hash")
