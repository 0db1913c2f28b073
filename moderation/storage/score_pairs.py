"""Pairs of scores: what two classifier versions said of the same comments."""

from typing import Any

from sqlalchemy import Row, select

from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.storage.classifications import classifications, judged
from moderation.storage.database import Connection


def newest(
    connection: Connection, site_id: SiteId, old: str, new: str, limit: int
) -> list[Row[Any]]:
    """Return the scores of the newest comments that both versions could judge.

    Each label has two columns, such as `old_insult` and `new_insult`.
    """
    before, after = classifications.alias("before"), classifications.alias("after")
    statement = (
        select(
            *(before.c[label].label(f"old_{label}") for label in Label),
            *(after.c[label].label(f"new_{label}") for label in Label),
        )
        .join(
            before,
            (before.c.comment_id == after.c.comment_id) & (before.c.revision == after.c.revision),
        )
        .where(judged(before, old), judged(after, new), after.c.site_id == site_id)
        .order_by(after.c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(statement))
