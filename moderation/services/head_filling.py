"""Filling in: comments of the past get the score of the head that was switched on.

So the page of thresholds can show at once what it would do. No text is classified: their scores
are there. A score that a decision was made on is never written over.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from moderation.markup import as_read
from moderation.model.comments import Format
from moderation.model.heads import SiteHead
from moderation.model.ids import CommentId, lowest_uuid
from moderation.model.learning import Judged
from moderation.runtime import Runtime
from moderation.services.heads import has_line
from moderation.services.learning import Teacher
from moderation.services.publishing import history_of
from moderation.storage import head_scores, heads
from moderation.storage.classifications import facts_of

CHUNK = 200
"""Comments in one transaction."""

DAYS = 90
"""Of the past: as far as the page of thresholds looks back by days."""


def fill_chunk(runtime: Runtime, teacher: Teacher) -> bool:
    """Score some comments of the past; False where there are none. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        head_id = heads.next_to_fill(connection)
        head = None if head_id is None else heads.by_id(connection, head_id)
        weights = None if head_id is None else heads.weights_of(connection, head_id)
        if head is None or weights is None:
            return False
        before = heads.filled_before(connection, head.id)
        rows = head_scores.without(connection, _reach(head), before, CHUNK)
        history = history_of(connection, head.site_id)
        deciding = {one.policy.version for one in history if has_line(one.policy)}
    wanted = [
        row
        for row in rows
        if row.text is not None and row.policy_version not in deciding and row.head != head.number
    ]
    scores = teacher.score(weights, [_judged(row) for row in wanted])
    _write(runtime, head, rows, _changes(head, wanted, scores))
    return True


def _reach(head: SiteHead) -> head_scores.Reach:
    assert head.on_at is not None  # noqa: S101 - it is on
    first = lowest_uuid(head.on_at - timedelta(days=DAYS))
    return head_scores.Reach(head.site_id, head.classifier, first)


def _write(
    runtime: Runtime, head: SiteHead, rows: Sequence[Any], changes: Sequence[Mapping[str, Any]]
) -> None:
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        head_scores.put(connection, changes)
        at: dict[str, Any] = {"filled_before": rows[-1].id} if rows else {}
        done = {} if len(rows) == CHUNK else {"filled_at": now}
        heads.change(connection, head.id, at | done)


def _changes(
    head: SiteHead, rows: Sequence[Any], scores: Sequence[float | None]
) -> list[dict[str, Any]]:
    return [
        head_scores.with_score(row, head.number, score)
        for row, score in zip(rows, scores, strict=True)
        if score is not None
    ]


def _judged(row: Any) -> Judged:  # noqa: ANN401 - a row
    text = as_read(row.text, Format(row.format))
    # Nobody asks here what people decided.
    return Judged(
        CommentId(row.comment_id),
        row.revision,
        rejected=False,
        facts=facts_of(row),
        written_at=row.classified_at,
        text=text,
    )
