"""Moderating: what a person decides about a comment, and takes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderation.model.acts import Act, ActKind
from moderation.model.comments import Comment, Display
from moderation.model.decisions import (
    Action,
    Decision,
    Reason,
    ReasonKind,
    Source,
    display_of,
)
from moderation.model.errors import Forbidden, NotFound, StaleReview, TooLateToUndo
from moderation.model.events import UNDO_SECONDS
from moderation.model.ids import ActId, CommentId, DecisionId, UserId, new_uuid
from moderation.model.jobs import Purpose
from moderation.model.people import Role, User
from moderation.model.policy import risk_of
from moderation.model.reports import ALL_REPORTS, SeenReports
from moderation.model.words_of_decisions import NOTHING_SAID, Words
from moderation.runtime import Runtime
from moderation.services import complaints, disputes, search_index
from moderation.services.access import comment_for
from moderation.services.announcements import NewEvent, announce, schedule
from moderation.services.claims import check_free
from moderation.services.opening import review_row
from moderation.storage import (
    acts,
    comments,
    decisions,
    events,
    jobs,
    reviews,
    site_reasons,
    sites,
)
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
        comment = comment_for(connection, user, comment_id, lock=True)
        _check_not_for_operators(connection, user, comment)
        now = runtime.database_now(connection)
        beside = complaints.NOTHING
        if comment.sequence == seen:
            beside = complaints.before_decision(connection, comment, user, action, alone=alone)
            disputes.before_decision(connection, comment, user)
            check_free(connection, user, comment_id, now, despite)
        why, message = _said(connection, comment, words)
        reasons = (why, *beside.reasons)
        made = _New(comment, action, beside.source, reasons, user, note=why.detail, message=message)
        decision = _apply(connection, made, seen, now)
        complaints.settle(connection, beside, decision, reports, now)
        disputes.after_decision(connection, comment, user, decision, now)
        acts.add(connection, Act(ActId(decision.id), user.id, ActKind.DECIDE, comment_id, now))
        _tell(connection, made, decision.id, now)
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
    undone = decisions.by_id(connection, decision_id)
    if undone is None or undone.source is Source.AUTOMATION or undone.imported:
        raise NotFound("There is no such decision.")
    comment = comment_for(connection, user, undone.comment_id, lock=True)
    if undone.source is Source.APPEAL and undone.user_id != user.id:
        raise Forbidden("Only who judged an appeal can take that back.")
    _check_not_for_operators(connection, user, comment, closed_at=undone.decided_at)
    before = decisions.before(connection, undone)
    if comment.sequence != undone.sequence:
        raise TooLateToUndo("The comment was edited or decided again since.")
    reversal = _reversal(comment, user, undone, before)
    decision = _apply(connection, reversal, undone.sequence, now)
    complaints.reopen(connection, undone, now)
    disputes.reopen(connection, undone, decision)
    _tell(connection, reversal, decision.id, now)
    return decision


@dataclass(frozen=True, slots=True)
class _New:
    """A decision about to be recorded."""

    comment: Comment
    action: Action
    source: Source
    reasons: tuple[Reason, ...]
    user: User
    note: str | None = None
    message: str | None = None
    undoes: Decision | None = None


def _said(connection: Connection, comment: Comment, words: Words) -> tuple[Reason, str | None]:
    """Return a person's reason as the site has it now, and what to tell the author."""
    offered = site_reasons.of(connection, [comment.site_id])[comment.site_id]
    return words.reason_among(offered), words.message_among(offered)


def _reversal(comment: Comment, user: User, undone: Decision, before: Decision | None) -> _New:
    if before is None or before.revision != comment.revision:
        # It was decided before any classifier saw it: then a person has to look again.
        reasons = (Reason(ReasonKind.MODERATOR, detail="undone before it was classified"),)
        return _New(comment, Action.FLAG, Source.MODERATOR, reasons, user, undoes=undone)
    return _New(comment, before.action, Source.MODERATOR, before.reasons, user, undoes=undone)


def _check_not_for_operators(
    connection: Connection, user: User, comment: Comment, *, closed_at: datetime | None = None
) -> None:
    if user.role.includes(Role.OPERATOR):
        return
    if reviews.is_for_operators(connection, comment.id, closed_at):
        raise StaleReview("This comment was escalated: an operator decides on it.")


def _apply(connection: Connection, new: _New, seen: int, now: datetime) -> Decision:
    comment, action = new.comment, new.action
    before = decisions.last(connection, comment.id)
    if not comments.change_if_seen(connection, comment.id, seen, status=action.status):
        raise StaleReview("Somebody decided on this comment, or it was edited, since you looked.")
    # To whom it was to be explained has decided; what else its text is classified for goes on.
    jobs.cancel(connection, comment.id, [Purpose.DECIDE, Purpose.EXPLAIN])
    reviews.resolve(connection, [comment.id], now)
    events.cancel_scheduled(connection, comment.id)
    decision_id = _add_decision(connection, new, before, now)
    if action is Action.FLAG:
        _open_review(connection, new, now)
    # As workers do with what they decide; this one may never have come to any.
    search_index.add(connection, [(comment.id, comment.site_id, comment)])
    decision = decisions.by_id(connection, decision_id)
    if decision is None:
        raise AssertionError("a decision that was just written cannot be read")
    return decision


def _add_decision(connection: Connection, new: _New, before: Any, now: datetime) -> DecisionId:  # noqa: ANN401 - a row
    decision_id = DecisionId(new_uuid())
    same_text = before is not None and before.revision == new.comment.revision
    row = {
        "id": decision_id,
        "comment_id": new.comment.id,
        "site_id": new.comment.site_id,
        "revision": new.comment.revision,
        "sequence": new.comment.sequence + 1,
        "action": new.action,
        "source": new.source,
        "reasons": [decisions.from_reason(reason) for reason in new.reasons],
        # What the person saw beside the text: the scores and the policy that judged them.
        "policy_version": before.policy_version if same_text else None,
        "classifier": before.classifier if same_text else None,
        "classification_id": before.classification_id if same_text else None,
        "user_id": new.user.id,
        "note": new.note,
        "message_to_author": new.message,
        "undoes": new.undoes and new.undoes.id,
        "decided_at": now,
    }
    decisions.add_all(connection, [row])
    return decision_id


def _open_review(connection: Connection, new: _New, now: datetime) -> None:
    if new.undoes and reviews.reopen(connection, new.comment.id, new.undoes.decided_at):
        return
    row = review_row(new.comment, new.reasons, risk_of(new.reasons), now)
    reviews.add_all(connection, [row])


def _tell(connection: Connection, new: _New, decision_id: DecisionId, now: datetime) -> None:
    """Let the site know, unless an undo leaves it with what it was last told.

    Last in a transaction: see `announce`.
    """
    comment = new.comment
    told = events.last_told(connection, comment.id)
    if new.undoes and told and (told.revision, told.action) == (comment.revision, new.action):
        return
    rules = sites.display_rules_of(connection, comment.site_id)
    event = NewEvent(
        site_id=comment.site_id,
        comment_id=comment.id,
        decision_id=decision_id,
        sequence=comment.sequence + 1,
        text_digest=comment.text_digest,
        display=display_of(rules, new.action, new.reasons),
    )
    # What the site shows: as it was last told of this text, or as the status says where it was told
    # nothing (a comment that waits, or one that was imported).
    shown = rules.display(comment.status)
    if told and told.revision == comment.revision:
        shown = Display(told.display)
    if shown is Display.SHOW and event.display is Display.HIDE:
        announce(connection, [event], now)
    else:
        schedule(connection, event, now + timedelta(seconds=UNDO_SECONDS))
