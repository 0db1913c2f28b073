"""Opening reviews: a comment begins to wait for a person, or waits for one more thing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from moderation.model.comments import Comment
from moderation.model.decisions import Reason, ReasonKind
from moderation.model.ids import new_uuid
from moderation.model.reviews import causes_of, due_at
from moderation.storage import reviews
from moderation.storage.database import Connection
from moderation.storage.decisions import from_reason


def review_row(
    comment: Comment, reasons: Sequence[Reason], risk: float, now: datetime
) -> dict[str, Any]:
    """Return the row of a review that begins now, with all that it is ordered and found by."""
    causes = causes_of(reasons)
    return {
        "id": new_uuid(),
        "comment_id": comment.id,
        "site_id": comment.site_id,
        "revision": comment.revision,
        "risk": risk,
        "reasons": [from_reason(reason) for reason in reasons],
        "opened_at": now,
        "causes": int(causes),
        "section": comment.thread.section,
        "author": comment.author.id or comment.author.name,
        "due_at": due_at(now, risk, causes),
    }


def let_wait(
    connection: Connection, comment: Comment, kind: ReasonKind, risk: float, now: datetime
) -> None:
    """Let a comment wait for this, whatever else it waits for; its status stays as it is."""
    if waiting := reviews.of_waiting(connection, comment.id):
        reviews.add_reason(connection, waiting, kind, risk)
    else:
        open_review(connection, comment, kind, risk, now)


def open_review(
    connection: Connection, comment: Comment, kind: ReasonKind, risk: float, now: datetime
) -> None:
    """Let a comment wait that does not; its status stays as it is."""
    reviews.add_all(connection, [review_row(comment, [Reason(kind)], risk, now)])
