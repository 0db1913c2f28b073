"""Score dots: how what waits is spread over the scores of one label, a dot for each comment."""

from collections import Counter
from dataclasses import dataclass

from moderation.model.desk import EVERYTHING, Filter
from moderation.model.errors import NotFound
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.parts import part_for
from moderation.storage import candidates

MOST_DOTS = 3_000
"""More are a blot, and a page of a hundred kilobytes."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Scores by one classifier version, for they compare with no others.

    `others` waiting comments have scores by other versions; `complete` says whether all that waits
    was looked at, or only what stands first in the queue.
    """

    label: Label
    classifier: str | None
    scores: tuple[float, ...]
    others: int
    complete: bool


def read_dots(
    runtime: Runtime, user: User, site_id: SiteId, label: Label, sought: Filter = EVERYTHING
) -> Dots:
    """Return the scores of what waits at a site, by the version that scored most of it.

    Raises NotFound, Forbidden.
    """
    if not user.sees(site_id):
        raise NotFound("There is no such site.")
    with runtime.reading() as connection:
        part = part_for(runtime, connection, user, [site_id], sought)
        rows = candidates.scored(connection, site_id, part, label, MOST_DOTS + 1)
    complete, rows = len(rows) <= MOST_DOTS, rows[:MOST_DOTS]
    by_version = Counter(row.classifier for row in rows)
    if not by_version:
        return Dots(label, None, (), 0, complete)
    [(classifier, _)] = by_version.most_common(1)
    scores = tuple(row.score for row in rows if row.classifier == classifier)
    return Dots(label, classifier, scores, len(rows) - len(scores), complete)
