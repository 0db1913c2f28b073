"""Auditing: people judge what automation approved, among what it flagged, and see no difference."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from moderation.model.acts import Act, ActKind
from moderation.model.audits import SampleState
from moderation.model.comments import Comment
from moderation.model.decisions import Action, Reason
from moderation.model.errors import InvalidInput, NotFound, StaleReview, TooLateToUndo
from moderation.model.ids import ActId, AuditSampleId, CommentId, DecisionId, SiteId, new_uuid
from moderation.model.people import User
from moderation.model.reviews import CLAIM
from moderation.model.words_of_decisions import NOTHING_SAID, Words
from moderation.runtime import Runtime
from moderation.services import setting_aside
from moderation.services.access import comment_for
from moderation.services.moderating import decide_comment
from moderation.services.parts import seen_by
from moderation.services.setting_aside import SKIPPED_FOR
from moderation.storage import acts, audit, audit_samples, audit_turns, decisions, reviews
from moderation.storage.database import Connection

MOST_COUNTED = 1_000
_STALE = "Somebody decided on this comment, or it was edited, since you looked."


@dataclass(frozen=True, slots=True)
class Revealed:
    """What a comment was that somebody has judged: flagged for reasons, or None where approved."""

    flagged_for: tuple[Reason, ...] | None


def count_samples(runtime: Runtime, user: User, site_ids: Collection[SiteId]) -> int:
    """Count the samples that somebody could be given now, up to a thousand."""
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        return audit_turns.count(connection, seen_by(user, site_ids), user.id, now, MOST_COUNTED)


def judge(  # noqa: PLR0913 - who judges which comment how, as seen when, and why
    runtime: Runtime,
    user: User,
    comment_id: CommentId,
    action: Action,
    *,
    seen: int,
    words: Words = NOTHING_SAID,
) -> ActId:
    """Record what somebody decides in a run; return what they can take back.

    A sample that is approved stays as it is, without another decision. All else is a decision like
    any other. Raises NotFound, Erased, InvalidInput, StaleReview, Claimed, Forbidden.
    """
    if action is Action.FLAG:
        raise InvalidInput("The audit ends with approve or reject.")
    with runtime.transaction() as connection:
        comment = comment_for(connection, user, comment_id, lock=True)
        sample = audit_samples.open_on(connection, comment_id)
        if comment.sequence != seen or not (sample or reviews.of_waiting(connection, comment_id)):
            raise StaleReview(_STALE)
        if sample is not None and action is Action.APPROVE:
            now = runtime.database_now(connection)
            audit_samples.keep(connection, sample.id, user.id, now)
            return _done(connection, user, ActKind.AUDIT, comment, sample.id, now).id
    return ActId(decide_comment(runtime, user, comment_id, action, seen=seen, words=words).id)


def skip(runtime: Runtime, user: User, comment_id: CommentId, *, seen: int) -> Act:
    """Put a comment of a run behind the others for half an hour, for this person alone.

    Raises NotFound, Erased, StaleReview.
    """
    with runtime.transaction() as connection:
        comment = comment_for(connection, user, comment_id, lock=True)
        sample = audit_samples.open_on(connection, comment_id)
        if sample is not None and comment.sequence == seen:
            now = runtime.database_now(connection)
            audit_turns.skip(connection, sample.id, user.id, now + SKIPPED_FOR)
            return _done(connection, user, ActKind.SKIP, comment, sample.id, now)
    return setting_aside.skip(runtime, user, comment_id, seen=seen)


def take_back(connection: Connection, user: User, act: Act, now: datetime) -> None:
    """Let what somebody kept be judged again, by them first.

    Raises NotFound, Erased, TooLateToUndo.
    """
    sample = _sample_of(connection, user, act)
    if sample.state != SampleState.KEPT or sample.judged_by != user.id:
        raise TooLateToUndo("Somebody decided on the comment since.")
    audit_samples.unkeep(connection, sample.id, user.id, now + CLAIM)


def unskip(connection: Connection, user: User, act: Act, now: datetime) -> None:
    """Take a skip in a run back. Raises NotFound, Erased, TooLateToUndo."""
    if not is_of_sample(act):
        setting_aside.unskip(connection, user, act, now)
        return
    sample = _sample_of(connection, user, act)
    if not audit_turns.unskip(connection, sample.id, user.id):
        raise TooLateToUndo("Somebody decided on the comment since, or it is as it was already.")


def is_of_sample(act: Act) -> bool:
    """Say whether something was done to a sample: its comment waits for nobody in the queue."""
    return "sample" in act.data


def revealed(runtime: Runtime, user: User, act_id: ActId) -> Revealed | None:
    """Say what a comment was that somebody has judged in a run; None where they did not."""
    with runtime.reading() as connection:
        act = acts.by_id(connection, act_id)
        if act is None or act.user_id != user.id or act.undone_at is not None:
            return None
        if act.kind is ActKind.AUDIT:
            return Revealed(None)
        made = decisions.by_id(connection, DecisionId(act_id))
        if act.kind is not ActKind.DECIDE or made is None:
            return None
        if audit_samples.by_outcome(connection, made.id) is not None:
            return Revealed(None)
        before = decisions.before(connection, made)
        if before is None or before.action is not Action.FLAG:
            return None
        return Revealed(before.reasons)


def _sample_of(connection: Connection, user: User, act: Act) -> Any:  # noqa: ANN401 - a row
    if act.comment_id is None:
        raise NotFound("There is nothing of the kind to undo.")
    comment = comment_for(connection, user, act.comment_id, lock=True)
    sample = audit_samples.by_id(connection, AuditSampleId(UUID(act.data["sample"])))
    if sample is None or sample.revision != comment.revision:
        raise TooLateToUndo("The comment was edited or decided again since.")
    return sample


def _done(  # noqa: PLR0913, PLR0917 - who did what to which sample, and when
    connection: Connection,
    user: User,
    kind: ActKind,
    comment: Comment,
    sample_id: AuditSampleId,
    now: datetime,
) -> Act:
    data = {"sample": str(sample_id)}
    act = Act(ActId(new_uuid()), user.id, kind, comment.id, now, data=data)
    acts.add(connection, act)
    what = {"comment": str(comment.id)}
    audit.add(connection, kind, now, site_id=comment.site_id, user_id=user.id, data=what)
    return act
