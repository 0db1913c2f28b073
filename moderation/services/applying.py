"""Applying: what follows from a person's decision, and letting the site know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderation.model.audits import SampleState, may_be_of_sample
from moderation.model.comments import Comment, Display
from moderation.model.decisions import Action, Decision, Reason, Source, display_of
from moderation.model.errors import StaleReview
from moderation.model.events import UNDO_SECONDS
from moderation.model.ids import DecisionId, new_uuid
from moderation.model.jobs import Purpose
from moderation.model.people import User
from moderation.model.sites import Site
from moderation.model.verdicts import risk_of
from moderation.services import search_index
from moderation.services.announcements import NewEvent, announce, schedule
from moderation.services.opening import review_row
from moderation.storage import audit_samples, comments, decisions, events, jobs, reviews
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class New:
    """A person's decision about to be recorded, on a comment of a site that is locked."""

    site: Site
    comment: Comment
    action: Action
    source: Source
    reasons: tuple[Reason, ...]
    user: User
    note: str | None = None
    message: str | None = None
    undoes: Decision | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A decision that was recorded, and of which the site is still to be told."""

    new: New
    decision_id: DecisionId


def apply(connection: Connection, new: New, seen: int, now: datetime) -> Decision:
    """Record a decision and what follows from it, but for telling the site. Raises StaleReview."""
    comment, action = new.comment, new.action
    before = decisions.last(connection, comment.id)
    if not comments.change_if_seen(connection, comment.id, seen, status=action.status):
        raise StaleReview
    # To whom it was to be explained has decided; what else its text is classified for goes on.
    jobs.cancel(connection, comment.id, [Purpose.DECIDE, Purpose.EXPLAIN])
    reviews.resolve(connection, [comment.id], now)
    events.cancel_scheduled(connection, comment.id)
    decision_id = _add_decision(connection, new, before, now)
    _settle_sample(connection, new, before, decision_id, now)
    if action is Action.FLAG:
        _open_review(connection, new, now)
    # As workers do with what they decide; this one may never have come to any.
    search_index.add(connection, [(comment.id, comment.site_id, comment)])
    decision = decisions.by_id(connection, decision_id)
    if decision is None:
        raise AssertionError("a decision that was just written cannot be read")
    return decision


def _add_decision(connection: Connection, new: New, before: Any, now: datetime) -> DecisionId:  # noqa: ANN401 - a row
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


def _settle_sample(
    connection: Connection,
    new: New,
    before: Any,  # noqa: ANN401 - a row
    decision_id: DecisionId,
    now: datetime,
) -> None:
    """Let the decision be the judgement that the audit waits for; undoing it gives that back."""
    if new.undoes or new.action is Action.FLAG or before is None:
        return
    if may_be_of_sample(before.source, before.action):
        state = SampleState.MISSED if new.action is Action.REJECT else SampleState.KEPT
        outcome = {"judged_by": new.user.id, "judged_at": now, "outcome_id": decision_id}
        audit_samples.settle(connection, new.comment.id, state, outcome)


def _open_review(connection: Connection, new: New, now: datetime) -> None:
    if new.undoes and reviews.reopen(connection, new.comment.id, new.undoes.decided_at):
        return
    row = review_row(new.comment, new.reasons, risk_of(new.reasons), now)
    reviews.add_all(connection, [row])


def tell(connection: Connection, made: Iterable[Made], now: datetime) -> None:
    """Let sites know of decisions, unless an undo leaves one with what it was last told.

    Last in a transaction: see `announce`.
    """
    at_once = []
    for one in made:
        event, is_urgent = _event(connection, one)
        if event is not None and is_urgent:
            at_once.append(event)
        elif event is not None:
            schedule(connection, event, now + timedelta(seconds=UNDO_SECONDS))
    if at_once:
        announce(connection, at_once, now)


def _event(connection: Connection, made: Made) -> tuple[NewEvent | None, bool]:
    """Return what a site is to be told, if anything, and whether that cannot wait."""
    new, comment = made.new, made.new.comment
    told = events.last_told(connection, comment.id)
    if new.undoes and told and (told.revision, told.action) == (comment.revision, new.action):
        return None, False
    rules = new.site.display_rules
    event = NewEvent(
        site_id=comment.site_id,
        comment_id=comment.id,
        decision_id=made.decision_id,
        sequence=comment.sequence + 1,
        text_digest=comment.text_digest,
        display=display_of(rules, new.action, new.reasons),
    )
    # What the site shows: as it was last told of this text, or as the status says where it was told
    # nothing (a comment that waits, or one that was imported).
    shown = rules.display(comment.status)
    if told and told.revision == comment.revision:
        shown = Display(told.display)
    return event, shown is Display.SHOW and event.display is Display.HIDE
