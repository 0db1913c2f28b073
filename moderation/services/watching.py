"""Watching: what became of the comments that somebody has on the screen."""

from collections.abc import Collection
from dataclasses import dataclass

from moderation.model.comments import Status
from moderation.model.decisions import Decision
from moderation.model.ids import CommentId
from moderation.model.people import User
from moderation.model.reviews import Claim
from moderation.runtime import Runtime
from moderation.storage import claims, comments, desk


@dataclass(frozen=True, slots=True)
class Watched:
    """A comment as it is now: who else is on it, or how it was decided last."""

    comment_id: CommentId
    sequence: int
    status: Status
    claim: Claim | None = None
    last: Decision | None = None


def watch(runtime: Runtime, user: User, comment_ids: Collection[CommentId]) -> tuple[Watched, ...]:
    """Return those of these comments that the person sees, as they are now."""
    with runtime.reading() as connection:
        rows = comments.states_of(connection, comment_ids)
        seen = [row for row in rows if user.sees(row.site_id)]
        ids = [CommentId(row.id) for row in seen]
        held = {
            row.comment_id: Claim(row.claimed_by, row.name, row.claimed_at)
            for row in claims.on(connection, ids, runtime.database_now(connection))
            if row.claimed_by != user.id
        }
        decided = [CommentId(row.id) for row in seen if row.status != Status.FLAGGED]
        last = desk.last_decisions_of(connection, decided) if decided else {}
    return tuple(
        Watched(row.id, row.sequence, Status(row.status), held.get(row.id), last.get(row.id))
        for row in seen
    )
