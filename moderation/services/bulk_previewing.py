"""Previewing: fixing which comments a bulk is about, and how each stood."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from moderation.model.bulks import Fate, Selection
from moderation.model.errors import InvalidInput
from moderation.model.ids import BulkId, CommentId, SiteId, new_uuid
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.bulk_selecting import Found, find
from moderation.storage import appeals, bulk_comments, bulks, reports, second_looks
from moderation.storage.database import Connection


def preview(runtime: Runtime, user: User, selection: Selection) -> BulkId:
    """Fix which comments a selection holds now, and how they stand; nothing is done to them.

    It is read before anything is written, so that nobody waits for it; what changes meanwhile is
    found out when its turn comes. An earlier preview of this person goes.
    Raises InvalidInput (none or too many), NotFound, Forbidden.
    """
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        found = find(runtime, connection, user, selection, now)
        if not (found.rows or found.gone):
            raise InvalidInput("No comment that waits is in there.")
        rows = _rows(connection, user, found)
    bulk_id = BulkId(new_uuid())
    with runtime.transaction() as connection:
        _remove_earlier(connection, user)
        bulks.add(
            connection,
            id=bulk_id,
            user_id=user.id,
            site_id=found.site_id,
            means=selection.means,
            selected=dict(found.selected),
            created_at=now,
        )
        of_bulk = {"bulk_id": bulk_id}
        numbered = enumerate(rows)
        bulk_comments.add_all(connection, [of_bulk | row | {"position": n} for n, row in numbered])
        bulk_comments.forget_erased(connection, bulk_id)
    return bulk_id


def _remove_earlier(connection: Connection, user: User) -> None:
    """Keep one preview of each person: what they looked at before, they did not want."""
    if earlier := bulks.previews_of(connection, user.id):
        bulk_comments.remove(connection, earlier)
        bulks.remove(connection, earlier)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who wants to decide at which site, and which of the comments need a person of their own."""

    user: User
    site_id: SiteId
    appealed: Collection[CommentId]
    disputed: Collection[CommentId]

    def fate_of(self, row: Any) -> Fate:  # noqa: ANN401 - a row of storage.candidates
        """Say whether a waiting comment can be decided with others, or why not."""
        if row.site_id != self.site_id:
            return Fate.ELSEWHERE
        if row.comment_id in self.appealed:
            return Fate.APPEALED
        if row.comment_id in self.disputed:
            return Fate.DISPUTED
        if row.escalated_at is not None and not self.user.is_operator:
            return Fate.ESCALATED
        return Fate.CLAIMED if row.held else Fate.WAITING


def asking(
    connection: Connection, user: User, site_id: SiteId, comment_ids: Collection[CommentId]
) -> Asking:
    """Return what decides whether these comments can be decided together."""
    appealed = frozenset(appeals.open_among(connection, comment_ids))
    disputed = frozenset(second_looks.disputes(connection, comment_ids))
    return Asking(user, site_id, appealed, disputed)


def _rows(connection: Connection, user: User, found: Found) -> list[dict[str, Any]]:
    ids = [row.comment_id for row in found.rows]
    asked = asking(connection, user, found.site_id, ids)
    reported = reports.open_among(connection, ids)
    last = {comment_id: complained.last for comment_id, complained in reported.items()}
    rows = []
    for row in found.rows:
        seen = found.seen.get(row.comment_id, row.sequence)
        fate = asked.fate_of(row) if row.sequence == seen else Fate.CHANGED
        rows.append(_row(row, seen, fate, last.get(row.comment_id, 0)))
    return rows + [_gone(comment_id, found.seen[comment_id]) for comment_id in found.gone]


def _row(row: Any, seen: int, fate: Fate, reports_seen: int) -> dict[str, Any]:  # noqa: ANN401 - a row of storage.candidates
    return {
        "comment_id": row.comment_id,
        "seen": seen,
        "review_id": row.review_id,
        "escalated_at": row.escalated_at,
        "reports_seen": reports_seen,
        "fate": fate,
        "previewed": fate is Fate.WAITING,
    }


def _gone(comment_id: CommentId, seen: int) -> dict[str, Any]:
    """Return the row of a comment that was chosen and waits no more."""
    nothing = {"review_id": None, "escalated_at": None, "reports_seen": 0}
    changed = {"fate": Fate.CHANGED, "previewed": False}
    return {"comment_id": comment_id, "seen": seen} | nothing | changed
