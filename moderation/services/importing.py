"""Importing: many comments of another system at once, with what was decided about them there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.broker import Task
from moderation.model.decisions import Reason, ReasonKind, Source
from moderation.model.ids import CommentId, DecisionId, SiteId, new_uuid
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services import search_index
from moderation.services.accepting import comment_columns
from moderation.services.import_fields import ImportedComment, PastDecision
from moderation.services.intake import submit_in
from moderation.storage import audit, comments, decisions
from moderation.storage.database import Connection

BATCH = 500
"""Comments in one transaction: long enough to be fast, short enough for live comments to wait."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many comments of a batch became what."""

    decided: int = 0
    to_classify: int = 0
    known: int = 0

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(
            self.decided + other.decided,
            self.to_classify + other.to_classify,
            self.known + other.known,
        )


def import_batch(runtime: Runtime, site: Site, batch: Sequence[ImportedComment]) -> Imported:
    """Store a batch in one transaction; what the site has already is left as it is.

    Past decisions are kept as such: the site is not told of them, and nobody has to review them.
    The rest is classified as `bulk`, behind live comments. Raises StorageUnavailable.
    """
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        fresh = _unknown(connection, site.id, batch)
        rows = []
        # Past or not, in the order in which intake stores: else the two could hold what the other
        # waits for.
        for one in sorted(fresh, key=lambda one: one.new.external_id):
            if one.past is None:
                submit_in(connection, now, runtime.settings.classifier, site.id, one.new)
            elif row := _keep(connection, site.id, one, now):
                rows.append(row)
        if rows:
            decisions.add_all(connection, rows)
    to_classify = sum(one.past is None for one in fresh)
    stored = len(rows) + to_classify
    return Imported(len(rows), to_classify, known=len(batch) - stored)


def count_batch(runtime: Runtime, site: Site, batch: Sequence[ImportedComment]) -> Imported:
    """Say what `import_batch` would do, without doing it."""
    with runtime.reading() as connection:
        fresh = _unknown(connection, site.id, batch)
    decided = sum(one.past is not None for one in fresh)
    return Imported(decided, len(fresh) - decided, known=len(batch) - len(fresh))


def finish_import(runtime: Runtime, site: Site, imported: Imported, rejected: int) -> None:
    """Note that an import took place, and call the workers."""
    with runtime.transaction() as connection:
        data = {
            "decided": imported.decided,
            "to_classify": imported.to_classify,
            "known": imported.known,
            "rejected": rejected,
        }
        now = runtime.database_now(connection)
        audit.add(connection, "import", now, site_id=site.id, data=data)
    if imported.to_classify:
        runtime.broker.ring(Task.CLASSIFY)


def _keep(
    connection: Connection, site_id: SiteId, one: ImportedComment, now: datetime
) -> dict[str, Any] | None:
    """Store a decided comment; return its decision's row, None if the comment is there already."""
    if one.past is None:
        raise AssertionError("there is no past decision to keep")
    comment_id = CommentId(new_uuid())
    values = comment_columns(one.new) | {
        "id": comment_id,
        "site_id": site_id,
        "received_at": now,
        "status": one.past.action.status,
        "sequence": 1,
    }
    if not comments.add(connection, values):
        return None
    search_index.add(connection, [(comment_id, site_id, one.new)])
    return _decision_row(values, one.past, one.past.decided_at or one.new.created_at or now)


def _decision_row(
    comment: Mapping[str, Any], past: PastDecision, decided_at: datetime
) -> dict[str, Any]:
    reason = Reason(ReasonKind.MODERATOR, detail=past.reason)
    return {
        "id": DecisionId(new_uuid()),
        "comment_id": comment["id"],
        "site_id": comment["site_id"],
        "revision": 1,
        "sequence": 1,
        "action": past.action,
        "source": Source.MODERATOR,
        "reasons": [decisions.from_reason(reason)],
        # Whoever decided there is nobody here: their name is all that is known.
        "note": past.decided_by and f"decided by {past.decided_by}, before the import",
        "imported": True,
        "decided_at": decided_at,
    }


def _unknown(
    connection: Connection, site_id: SiteId, batch: Sequence[ImportedComment]
) -> list[ImportedComment]:
    """Return the first of each external id that the site has not used."""
    seen = comments.known(connection, site_id, [one.new.external_id for one in batch])
    fresh = []
    for one in batch:
        if one.new.external_id not in seen:
            seen.add(one.new.external_id)
            fresh.append(one)
    return fresh
