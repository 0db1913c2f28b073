"""The evidence: what the database holds, read with SQL of our own and none of the product's."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Rows = Callable[[str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class StoredComment:
    """One row of comments."""

    id: str
    external_id: str
    revision: int
    status: str
    has_text: bool
    digest: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One row of decisions, all of which were automation's."""

    id: str
    revision: int
    sequence: int
    action: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that counts; by comment id, without hyphens."""

    comments: dict[str, StoredComment]
    decisions: dict[str, list[StoredDecision]]
    """In their order."""
    classifications: dict[tuple[str, int], int]
    """How many there are of a comment's revision."""
    failed: set[str]
    """Comments that no classifier could judge."""
    reviewed: set[str]
    """Comments with a review that is open."""
    event_counts: dict[str, int]
    """By decision id."""
    called_off: set[str]
    """Decisions whose delivery was cancelled."""
    attempted_again: int
    """Jobs that needed more than one attempt."""


def collect(rows: Rows) -> Evidence:
    """Read the database."""
    return Evidence(
        comments=_comments(rows),
        decisions=_decisions(rows),
        classifications={
            (_hex(comment_id), revision): count
            for comment_id, revision, count in rows(
                "SELECT comment_id, revision, count(*) FROM classifications "
                "WHERE purpose = 'decide' GROUP BY comment_id, revision"
            )
        },
        failed=_ids(rows, "SELECT comment_id FROM classifications WHERE failure IS NOT NULL"),
        reviewed=_ids(rows, "SELECT comment_id FROM reviews WHERE state != 'resolved'"),
        event_counts={
            _hex(decision_id): count
            for decision_id, count in rows(
                "SELECT decision_id, count(*) FROM events GROUP BY decision_id"
            )
        },
        called_off=_ids(
            rows,
            "SELECT e.decision_id FROM deliveries d JOIN events e ON e.id = d.event_id "
            "WHERE d.state = 'cancelled'",
        ),
        attempted_again=len(_ids(rows, "SELECT id FROM jobs WHERE attempts > 1")),
    )


def _comments(rows: Rows) -> dict[str, StoredComment]:
    found = rows(
        "SELECT id, external_id, revision, status, text IS NOT NULL, text_digest, received_at "
        "FROM comments"
    )
    return {
        _hex(row[0]): StoredComment(
            _hex(row[0]), *row[1:4], bool(row[4]), row[5], to_moment(row[6])
        )
        for row in found
    }


def _decisions(rows: Rows) -> dict[str, list[StoredDecision]]:
    found: defaultdict[str, list[StoredDecision]] = defaultdict(list)
    for comment_id, decision_id, *middle, decided_at in rows(
        "SELECT comment_id, id, revision, sequence, action, decided_at FROM decisions "
        "WHERE source = 'automation' ORDER BY comment_id, sequence"
    ):
        decision = StoredDecision(_hex(decision_id), *middle, to_moment(decided_at))
        found[_hex(comment_id)].append(decision)
    return dict(found)


def _ids(rows: Rows, statement: str) -> set[str]:
    return {_hex(row[0]) for row in rows(statement)}


def _hex(stored: object) -> str:
    """PostgreSQL answers UUIDs, SQLite 32 digits."""
    return str(stored).replace("-", "")


def to_moment(stored: Any) -> datetime:  # noqa: ANN401 - what the driver gives
    """Read a moment: PostgreSQL answers one, SQLite its text without a zone."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
