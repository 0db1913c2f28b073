"""Setting aside: what a moderator puts behind the others, or leaves to operators."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moderation.model.acts import Act, ActKind
from moderation.model.comments import Comment
from moderation.model.errors import NotFound, StaleReview, TooLateToUndo
from moderation.model.ids import ActId, CommentId, ReviewId, UserId, new_uuid
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.access import comment_for
from moderation.services.claims import check_free
from moderation.storage import acts, audit, claims, reviews, skips
from moderation.storage.database import Connection

SKIPPED_FOR = timedelta(minutes=30)
_TOO_LATE = "Somebody decided on the comment since, or it is as it was already."


def skip(runtime: Runtime, user: User, comment_id: CommentId, *, seen: int) -> Act:
    """Put a comment behind the others for a while, for this person and nobody else.

    Raises NotFound, Erased, StaleReview.
    """
    with runtime.transaction() as connection:
        review = _review(connection, user, comment_id, seen)
        now = runtime.database_now(connection)
        skips.put(connection, user.id, review.id, now + SKIPPED_FOR)
        claims.release(connection, user.id, comment_id)
        return _done(connection, user, ActKind.SKIP, review, now)


def escalate(  # noqa: PLR0913 - who leaves which comment, as seen when, and why
    runtime: Runtime,
    user: User,
    comment_id: CommentId,
    *,
    seen: int,
    note: str | None = None,
    despite: UserId | None = None,
) -> Act:
    """Let a comment wait for operators, with a word why; whoever was on it is no more.

    `despite` names a colleague whom the person knows to be on it.
    Raises NotFound, Erased, StaleReview (also where it waits for them already), Claimed.
    """
    with runtime.transaction() as connection:
        review = _review(connection, user, comment_id, seen)
        if review.escalated_at is not None:
            raise StaleReview("This comment was escalated before.")
        now = runtime.database_now(connection)
        check_free(connection, user, review, now, despite)
        leave_to_operators(connection, user, comment_id, review.id, note=note, at=now)
        return _done(connection, user, ActKind.ESCALATE, review, now)


def leave_to_operators(  # noqa: PLR0913 - who leaves which comment, and why
    connection: Connection,
    user: User,
    comment_id: CommentId,
    review_id: ReviewId,
    *,
    note: str | None,
    at: datetime,
) -> None:
    """Escalate the review that waits on a locked comment, whoever was on it."""
    _free(connection, comment_id)
    reviews.escalate(connection, review_id, user.id, note, at)


def send_back(runtime: Runtime, operator: User, comment_id: CommentId, *, seen: int) -> Act:
    """Let a comment wait for everybody again. Raises NotFound, Erased, StaleReview."""
    with runtime.transaction() as connection:
        review = _review(connection, operator, comment_id, seen)
        if review.escalated_at is None:
            raise StaleReview("This comment does not wait for operators.")
        now = runtime.database_now(connection)
        reviews.send_back(connection, review.id)
        return _done(connection, operator, ActKind.SEND_BACK, review, now)


def unskip(connection: Connection, user: User, act: Act, now: datetime) -> None:
    """Take a skip back. Raises NotFound, Erased, TooLateToUndo."""
    review = _review_of(connection, user, act)
    if not skips.end(connection, user.id, ReviewId(review.id), now):
        raise TooLateToUndo(_TOO_LATE)


def unescalate(connection: Connection, user: User, act: Act, _now: datetime) -> None:
    """Take an escalation back. Raises NotFound, Erased, TooLateToUndo."""
    comment, review_id = _comment_of(connection, user, act), ReviewId(UUID(act.data["review"]))
    take_escalation_back(connection, user, comment.id, review_id, act.done_at)


def take_escalation_back(
    connection: Connection,
    user: User,
    comment_id: CommentId,
    review_id: ReviewId | None,
    escalated_at: datetime | None,
) -> None:
    """Let a locked comment that this person left to operators then wait for everybody again.

    Raises TooLateToUndo.
    """
    review = _same_review(connection, comment_id, review_id)
    same = (review.escalated_at, review.escalated_by) == (escalated_at, user.id)
    if review.escalated_at is None or not same:
        raise TooLateToUndo(_TOO_LATE)
    reviews.forget_escalation(connection, review.id)


def escalate_again(connection: Connection, user: User, act: Act, _now: datetime) -> None:
    """Take back that a comment was sent back; whoever was on it since then is no more.

    Raises NotFound, Erased, TooLateToUndo.
    """
    review = _review_of(connection, user, act)
    if review.escalated_at is not None:
        raise TooLateToUndo(_TOO_LATE)
    _free(connection, review.comment_id)
    reviews.escalate_again(connection, review.id, datetime.fromisoformat(act.data["escalated_at"]))


def _free(connection: Connection, comment_id: CommentId) -> None:
    claims.clear(connection, comment_id)
    claims.hand(connection, comment_id)


def _review(connection: Connection, user: User, comment_id: CommentId, seen: int) -> Any:  # noqa: ANN401 - a row
    comment_for(connection, user, comment_id, lock=True, seen=seen)
    review = reviews.of_waiting(connection, comment_id)
    if review is None:
        raise StaleReview
    return review


def _review_of(connection: Connection, user: User, act: Act) -> Any:  # noqa: ANN401 - a row
    comment = _comment_of(connection, user, act)
    return _same_review(connection, comment.id, ReviewId(UUID(act.data["review"])))


def _same_review(connection: Connection, comment_id: CommentId, review_id: ReviewId | None) -> Any:  # noqa: ANN401 - a row
    review = reviews.of_waiting(connection, comment_id)
    if review is None or review.id != review_id:
        raise TooLateToUndo(_TOO_LATE)
    return review


def _comment_of(connection: Connection, user: User, act: Act) -> Comment:
    if act.comment_id is None:
        raise NotFound("There is no such comment.")
    return comment_for(connection, user, act.comment_id, lock=True)


def _done(
    connection: Connection,
    user: User,
    kind: ActKind,
    review: Any,  # noqa: ANN401 - a row, as it was before
    now: datetime,
) -> Act:
    comment_id = CommentId(review.comment_id)
    act = Act(ActId(new_uuid()), user.id, kind, comment_id, now, data=_data(review))
    acts.add(connection, act)
    what = {"comment": str(comment_id)}
    audit.add(connection, kind, now, site_id=review.site_id, user_id=user.id, data=what)
    return act


def _data(review: Any) -> dict[str, str]:  # noqa: ANN401 - a row
    """Return which review it was, and since when it had waited for operators, if it did."""
    escalated_at = review.escalated_at
    since = {} if escalated_at is None else {"escalated_at": escalated_at.isoformat()}
    return {"review": str(review.id), **since}
