"""Comparing: scores that Perspective gave, kept beside those of our own classifiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model.comments import Comment, Status
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.perspective import Attribute, AttributeScores
from moderation.runtime import Runtime
from moderation.services.publishing import history_of, meant, versions_of
from moderation.services.sites import site_named
from moderation.storage import audit, perspective_scores
from moderation.storage.database import Connection

MOST = 20_000
"""The newest comments with scores by both that a comparison rests on."""

BATCH = 500
"""Lines of a file in one transaction: some hundredths of a second of SQLite's one write lock."""

UNKNOWN = "the site has no such comment"
ERASED = "the comment was withdrawn"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What Perspective said of a comment, by the site's own id."""

    external_id: str
    scores: AttributeScores


@dataclass(frozen=True, slots=True)
class Pairs:
    """Scores of one attribute and of our label for it, pair by pair, the newest comment first."""

    attribute: Attribute
    old: tuple[float, ...]
    new: tuple[float, ...]

    @property
    def label(self) -> Label:
        """Which label of ours stands for the attribute."""
        return self.attribute.label


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a site has to compare; `unscored` are attributes that the classifier does not score.

    `texts` counts all with scores by Perspective, also where ours has none, and `since` is when the
    first were recorded.
    """

    classifier: str
    texts: int
    since: datetime | None
    pairs: tuple[Pairs, ...]
    unscored: tuple[Attribute, ...]


def record_scores(runtime: Runtime, site_id: SiteId, batch: Sequence[Recorded]) -> list[str | None]:
    """Keep scores of comments as they stand now; return for each why it was not kept, or None.

    Raises StorageUnavailable.
    """
    with runtime.transaction() as connection:
        known = perspective_scores.lock_comments(
            connection, site_id, [one.external_id for one in batch]
        )
        problems = [_problem(known.get(one.external_id)) for one in batch]
        now = runtime.database_now(connection)
        # One after the other: where a file names a comment twice, its last line counts.
        rows = [
            _row(known[one.external_id], one.scores, now)
            for one, problem in zip(batch, problems, strict=True)
            if problem is None
        ]
        if rows:
            perspective_scores.record(connection, rows)
    return problems


def _problem(comment: Comment | None) -> str | None:
    if comment is None:
        return UNKNOWN
    return ERASED if comment.status is Status.ERASED else None


def _row(comment: Comment, scores: AttributeScores, now: datetime) -> dict[str, Any]:
    return perspective_scores.row_of(scores) | {
        "comment_id": comment.id,
        "revision": comment.revision,
        "site_id": comment.site_id,
        "recorded_at": now,
    }


def note_recording(runtime: Runtime, site_id: SiteId, recorded: int, skipped: int) -> None:
    """Write into the audit log that a file was recorded. Raises StorageUnavailable."""
    with runtime.transaction() as connection:
        data = {"recorded": recorded, "skipped": skipped}
        now = runtime.database_now(connection)
        audit.add(connection, "perspective-record", now, site_id=site_id, data=data)


def compare(runtime: Runtime, site_name: str, classifier: str | None = None) -> Comparison:
    """Return what a site has to compare; `classifier` None: by the version that decides.

    Raises NotFound (the site, or scores by this version).
    """
    with runtime.reading() as connection:
        site_id = site_named(connection, site_name).id
        versions = versions_of(connection, history_of(connection, site_id))
        return compared(connection, site_id, meant(versions, classifier), MOST)


def compared(connection: Connection, site_id: SiteId, version: str, most: int) -> Comparison:
    """Return what a site has to compare, inside the caller's transaction."""
    rows = perspective_scores.pairs(connection, site_id, version, most)
    columns = dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True)) if rows else {}
    found = [_pairs(attribute, columns) for attribute in Attribute]
    return Comparison(
        classifier=version,
        texts=perspective_scores.count(connection, site_id),
        since=perspective_scores.first_recorded(connection, site_id),
        pairs=tuple(one for one in found if one.old),
        unscored=tuple(
            one.attribute for one in found if not one.old and _scored(columns, one.attribute)
        ),
    )


def _pairs(attribute: Attribute, columns: Mapping[str, Sequence[float | None]]) -> Pairs:
    both = zip(
        columns.get(_old(attribute), ()), columns.get(f"new_{attribute.label}", ()), strict=True
    )
    scored = [(old, new) for old, new in both if old is not None and new is not None]
    return Pairs(attribute, tuple(old for old, _ in scored), tuple(new for _, new in scored))


def _old(attribute: Attribute) -> str:
    return f"old_{attribute.lower()}"


def _scored(columns: Mapping[str, Sequence[float | None]], attribute: Attribute) -> bool:
    return any(score is not None for score in columns.get(_old(attribute), ()))
