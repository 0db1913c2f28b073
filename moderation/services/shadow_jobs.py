"""Shadow jobs: what is decided at a site is scored once more, where another classifier shadows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model.ids import JobId, new_uuid
from moderation.model.jobs import Lane, Purpose
from moderation.model.shadows import MOST_WAITING
from moderation.model.word_lists import WordList
from moderation.services.keeping import Scored
from moderation.storage import history, policies, shadow_jobs
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class ShadowedBy:
    """The classifier version whose shadow runs at a site, since when, and the shadow's lists."""

    classifier: str
    since: datetime
    word_lists: tuple[WordList, ...] = ()

    def job(self, scored: Scored, now: datetime) -> dict[str, Any] | None:
        """Return the job that has a comment scored by it too; None where there is no need.

        What was written before is no part of the comparison, such as an import.
        """
        if self.classifier == scored.outcome.judged_for or scored.comment.written_at < self.since:
            return None
        return scored.of_comment() | {
            "id": JobId(new_uuid()),
            "classifier": self.classifier,
            "purpose": Purpose.SHADOW,
            "lane": Lane.BULK,
            "created_at": now,
        }


def shadowed_by(site: Any) -> ShadowedBy | None:  # noqa: ANN401 - a row of `storage.sites.by_ids`
    """Return what shadows a site's comments, as its row says."""
    if site.shadow_classifier is None:
        return None
    lists = policies.to_word_lists(site.shadow_word_lists)
    return ShadowedBy(site.shadow_classifier, site.shadow_since, lists)


def queue_for_shadows(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write jobs in the transaction that decides, unless very many wait already.

    Workers find them in the database after a second, behind all that waits for a decision.
    """
    if rows and not shadow_jobs.are_many(connection, MOST_WAITING):
        history.add_jobs(connection, rows)
