"""Moderating: what a person decides about a comment, and takes back."""

from datetime import datetime
from typing import Any

from moderation.model.acts import Act, ActKind
from moderation.model.audits import may_be_of_sample
from moderation.model.comments import Comment
from moderation.model.decisions import Action, Decision, Reason, ReasonKind, Source
from moderation.model.errors import Forbidden, NotFound, StaleReview, TooLateToUndo
from moderation.model.ids import ActId, CommentId, DecisionId, SiteId, UserId
from moderation.model.people import User
from moderation.model.reports import ALL_REPORTS, SeenReports
from moderation.model.reviews import Cause
from moderation.model.sites import Site
from moderation.model.words_of_decisions import NOTHING_SAID, Words
from moderation.runtime import Runtime
from moderation.services import complaints, disputes
from moderation.services.access import comment_for
from moderation.services.applying import Made, New, apply, tell
from moderation.services.claims import check_free
from moderation.storage import acts, audit_samples, decisions, reviews, site_reasons, sites
from moderation.storage.database import Connection


def decide_comment(  # noqa: PLR0913 - who does what to which comment, as seen when, and why
    runtime: Runtime,
    user: User,
    comment_id: CommentId,
    action: Action,
    *,
    seen: int,
    words: Words = NOTHING_SAID,
    reports: SeenReports = ALL_REPORTS,
    alone: bool = False,
    despite: UserId | None = None,
) -> Decision:
    """Record a person's decision on a comment of any status, and on what is complained of it.

    `seen` is the comment's sequence that the person looked at, `reports` what readers said of it;
    `alone` says that the person was told that nobody else can judge the appeal, and `despite` names
    a colleague whom they know to be on it. The site is told after the undo window; of a comment
    that is taken off display it is told at once.
    Raises NotFound, Erased, InvalidInput, StaleReview (somebody decided, edited, appealed or
    escalated meanwhile), Claimed, Forbidden (somebody else has to judge the appeal, or to settle a
    disagreement).
    """
    with runtime.transaction() as connection:
        comment = comment_for(connection, user, comment_id, lock=True, seen=seen)
        review = reviews.of_waiting(connection, comment_id)
        _check_not_for_operators(user, review)
        now, site = runtime.database_now(connection), sites.of(connection, comment.site_id)
        waits_for = reviews.waits_for(review)
        beside = complaints.before_decision(
            connection, site, comment, user, action, waits_for=waits_for, alone=alone
        )
        disputed = disputes.before_decision(connection, comment, user, action, waits_for)
        check_free(connection, user, review, now, despite)
        new = new_decision(user, action, beside, *said(connection, site.id, words))
        decision = apply(connection, new, seen, now)
        complaints.settle(connection, beside, decision, reports, now)
        disputes.after_decision(connection, site, user, decision, disputed=disputed)
        acts.add(connection, Act(ActId(decision.id), user.id, ActKind.DECIDE, comment_id, now))
        tell(connection, [Made(new, decision.id)], now)
        return decision


def undo(runtime: Runtime, user: User, decision_id: DecisionId) -> Decision:
    """Take a person's decision back: the comment stands again as the decision before it said.

    Raises NotFound, TooLateToUndo (there is a newer decision, text or appeal), StaleReview (it
    waits for operators, or one decided on it), Forbidden (it was somebody else's answer to an
    appeal).
    """
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        acts.close(connection, ActId(decision_id), now)
        return take_back(connection, user, decision_id, now)


def take_back(
    connection: Connection, user: User, decision_id: DecisionId, now: datetime
) -> Decision:
    """Take a decision back, as the last thing in the caller's transaction; see `undo`."""
    undone = made_by_person(connection, decision_id)
    comment = comment_for(connection, user, undone.comment_id, lock=True)
    decision, made = reverse(connection, user, undone, comment, now)
    tell(connection, [made], now)
    return decision


def made_by_person(connection: Connection, decision_id: DecisionId) -> Decision:
    """Return a decision that somebody made at the desk. Raises NotFound."""
    decision = decisions.by_id(connection, decision_id)
    if decision is None or decision.source is Source.AUTOMATION or decision.imported:
        raise NotFound("There is no such decision.")
    return decision


def reverse(
    connection: Connection, user: User, undone: Decision, comment: Comment, now: datetime
) -> tuple[Decision, Made]:
    """Take the decision on a locked comment back, and leave it to the caller to tell the site.

    Raises TooLateToUndo, StaleReview, Forbidden; see `undo`.
    """
    waited_for = _check_undoing(connection, user, comment, undone)
    site, before = sites.of(connection, comment.site_id), decisions.before(connection, undone)
    reversal = _reversal(site, comment, user, undone, before)
    decision = apply(connection, reversal, undone.sequence, now)
    _give_back(connection, comment, undone, decision, waited_for)
    if before is not None and may_be_of_sample(before.source, before.action):
        audit_samples.reopen(connection, undone.id)
    if comment.reported and decision.action is not Action.REJECT:
        complaints.look(connection, site, comment, now)
    return decision, Made(reversal, decision.id)


def may_undo(connection: Connection, user: User, comment: Comment, decision: Decision) -> bool:
    """Say whether this person could take a decision of a person back, as the comment stands."""
    try:
        _check_undoing(connection, user, comment, decision)
    except (Forbidden, StaleReview, TooLateToUndo):
        return False
    return True


def said(connection: Connection, site_id: SiteId, words: Words) -> tuple[Reason, str | None]:
    """Return a person's reason as the site has it now, and what to tell the author.

    Raises InvalidInput.
    """
    offered = site_reasons.of(connection, [site_id])[site_id]
    return words.reason_among(offered), words.message_among(offered)


def new_decision(
    user: User, action: Action, beside: complaints.Beside, why: Reason, message: str | None
) -> New:
    """Return a person's decision that answers along with it what waits beside the comment."""
    return New(
        beside.site,
        beside.comment,
        action,
        beside.source,
        (why, *beside.reasons),
        user,
        note=why.detail,
        message=message,
    )


def _check_undoing(connection: Connection, user: User, comment: Comment, undone: Decision) -> Cause:
    """Return what the comment had waited for until the decision.

    Raises Forbidden, StaleReview, TooLateToUndo; see `undo`.
    """
    if undone.source is Source.APPEAL and undone.user_id != user.id:
        raise Forbidden("Only who judged an appeal can take that back.")
    waiting, closed = reviews.around(connection, comment.id, undone.decided_at)
    _check_not_for_operators(user, waiting, closed)
    if comment.sequence != undone.sequence:
        raise TooLateToUndo("The comment was edited or decided again since.")
    disputes.before_undoing(connection, comment, user, reviews.waits_for(waiting))
    return reviews.waits_for(closed)


def _reversal(
    site: Site, comment: Comment, user: User, undone: Decision, before: Decision | None
) -> New:
    if before is None or before.revision != comment.revision:
        # It was decided before any classifier saw it: then a person has to look again.
        reason = Reason(ReasonKind.MODERATOR, detail="undone before it was classified")
        return New(site, comment, Action.FLAG, Source.MODERATOR, (reason,), user, undoes=undone)
    action, reasons = before.action, before.reasons
    return New(site, comment, action, Source.MODERATOR, reasons, user, undoes=undone)


def _give_back(
    connection: Connection,
    comment: Comment,
    undone: Decision,
    decision: Decision,
    waited_for: Cause,
) -> None:
    """Let a comment wait again for all that the undone decision had answered.

    Before anything else lets it wait: a review that is opened for what came since knows of nothing
    else.
    """
    complained = complaints.reopen(connection, comment, undone)
    disputed = waited_for & Cause.SECOND_LOOK and disputes.reopen(connection, undone, decision)
    if (complained or disputed) and decision.action is not Action.FLAG:
        reviews.reopen(connection, comment.id, undone.decided_at)


def _check_not_for_operators(user: User, *found: Any) -> None:  # noqa: ANN401 - reviews, or None
    escalated = any(review is not None and review.escalated_at is not None for review in found)
    if escalated and not user.is_operator:
        raise StaleReview("This comment was escalated: an operator decides on it.")
