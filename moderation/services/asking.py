"""Asking Perspective: which comment is next, and what becomes of the reply.

Nothing waits for it: comments are found by what our own classifier said of them, and so after they
were decided.
"""

from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any

from moderation.markup import as_read
from moderation.model.comments import Format, Status
from moderation.model.ids import lowest_uuid
from moderation.model.perspective import Question, Reply, ShadowState
from moderation.runtime import Runtime
from moderation.services.shadowing import end_in
from moderation.storage import (
    audit,
    classifier_versions,
    comments,
    perspective_scores,
    perspective_shadows,
)
from moderation.storage.database import Connection

PATIENCE = timedelta(minutes=10)
"""What was decided longer ago is passed over: where comments come faster than they may be asked
about, those of every moment have their part in the sample."""

LOOK = 200
"""Comments that one look goes through."""

LONGEST_REST = timedelta(minutes=5)
"""Between questions while nothing succeeds."""

LONGEST_WISH = timedelta(hours=1)
"""For so long we wait where Perspective itself says how long."""


def has_questions(runtime: Runtime) -> bool:
    """Say whether there is anything to ask now. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        if not perspective_shadows.any_on(connection):
            return False
        version = classifier_versions.running(connection)
        now = runtime.database_now(connection)
        return version is not None and perspective_shadows.due(
            connection, version, now, lowest_uuid(now - PATIENCE)
        )


def claim_question(runtime: Runtime, random: Random | None = None) -> Question | None:
    """Take the next comment to ask about, of the site that has waited longest.

    It counts as asked before it is: who dies with it costs the sample one comment. Raises
    StorageUnavailable.
    """
    with runtime.transaction() as connection:
        version = classifier_versions.running(connection)
        if version is None:
            return None
        now = runtime.database_now(connection)
        oldest = lowest_uuid(now - PATIENCE)
        shadow = perspective_shadows.lock_due(connection, version, now, oldest)
        if shadow is None:
            return None
        after = max(shadow.seen, oldest)
        rows = perspective_shadows.to_ask_about(connection, shadow.site_id, version, after, LOOK)
        lot = random or SystemRandom()
        drawn = next((one for one in rows if one.wanted and lot.random() < shadow.share), None)
        if drawn is None:
            perspective_shadows.change(connection, shadow.site_id, seen=rows[-1].id)
            return None
        perspective_shadows.change(
            connection,
            shadow.site_id,
            seen=drawn.id,
            asked=shadow.asked + 1,
            next_at=now + timedelta(seconds=1 / shadow.a_second),
        )
        return _question(connection, shadow, drawn)


def settle(runtime: Runtime, question: Question, reply: Reply) -> None:
    """Keep what Perspective said, and note how it went. Raises StorageUnavailable."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        # First the comment: an erasure must see what is stored here.
        if reply.scores:
            _keep(connection, question, reply, now)
        shadow = perspective_shadows.of(connection, question.site_id, lock=True)
        if shadow is None or shadow.state != ShadowState.ON:
            return
        if shadow.started_at != question.asked_since:
            # Switched off and on again meanwhile, perhaps with another key.
            return
        if reply.state is not ShadowState.ON:
            end_in(connection, question.site_id, reply.state, now, reply.problem)
            data = {"reason": reply.state}
            audit.add(connection, "perspective-shadow-end", now, site_id=shadow.site_id, data=data)
            return
        perspective_shadows.change(connection, shadow.site_id, **_noted(shadow, reply, now))


def _question(connection: Connection, shadow: Any, drawn: Any) -> Question:  # noqa: ANN401 - rows
    comment = comments.by_id(connection, drawn.comment_id)
    if comment is None or comment.text is None:
        raise AssertionError("a comment that can be asked about has a text")
    return Question(
        site_id=shadow.site_id,
        comment_id=drawn.comment_id,
        revision=drawn.revision,
        language=drawn.language,
        asked_since=shadow.started_at,
        spacing=1 / shadow.a_second,
        text=as_read(comment.text, Format(comment.format)),
        key=shadow.key,
    )


def _keep(connection: Connection, question: Question, reply: Reply, now: datetime) -> None:
    comment = comments.by_id(connection, question.comment_id, lock=True)
    if comment is None or comment.status is Status.ERASED:
        return
    row = perspective_scores.row_of(reply.scores) | {
        "comment_id": question.comment_id,
        "revision": question.revision,
        "site_id": question.site_id,
        "recorded_at": now,
    }
    perspective_scores.record(connection, [row])


def _noted(shadow: Any, reply: Reply, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - a row
    """Return what changes after a reply that ends nothing."""
    if reply.problem is None:
        return {"answered": shadow.answered + 1, "answered_at": now, "failures": 0, "problem": None}
    if reply.refused:
        return {"refused": shadow.refused + 1, "failures": 0, "problem": reply.problem}
    failures = shadow.failures + 1
    next_at = max(shadow.next_at, now + _rest(failures, reply.retry_after))
    return {"failures": failures, "problem": reply.problem, "next_at": next_at}


def _rest(failures: int, wished: int | None) -> timedelta:
    """Return for how long nothing is asked: twice as long after each failure in a row."""
    if wished is not None:
        return min(timedelta(seconds=wished), LONGEST_WISH)
    return min(timedelta(seconds=2 ** min(failures, 10)), LONGEST_REST)
