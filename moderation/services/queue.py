"""The queue: what waits for a person, as far as a filter lets it through."""

from collections.abc import Collection
from dataclasses import dataclass

from moderation.model.desk import EVERYTHING, Filter, Place
from moderation.model.ids import SiteId
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.auditing import MOST_COUNTED
from moderation.services.cards import Card
from moderation.services.parts import part_for, seen_by
from moderation.services.saved_filters import SavedFilter, saved_by
from moderation.services.surroundings import shown
from moderation.services.tally import Tally, tally
from moderation.storage import audit_turns, queue

QUEUE_PAGE = 25


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A part of the queue, and what waits in it.

    `handed` stands before the first page: what colleagues gave to this person. `skipped` is what
    this person has put behind the others, at the end of the last one. `samples` counts what waits
    for the audit, and not here.
    """

    cards: tuple[Card, ...]
    tally: Tally
    more_after: Place | None
    after_first: Place | None = None
    handed: tuple[Card, ...] = ()
    skipped: tuple[Card, ...] = ()
    saved: tuple[SavedFilter, ...] = ()
    samples: int = 0


def queue_page(
    runtime: Runtime,
    user: User,
    site_ids: Collection[SiteId],
    sought: Filter = EVERYTHING,
    *,
    after: Place | None = None,
) -> QueuePage:
    """Return waiting comments of these sites, in the order of the filter.

    Raises Forbidden (what was escalated waits for operators).
    """
    seen = seen_by(user, site_ids)
    with runtime.reading() as connection:
        part = part_for(runtime, connection, user, seen, sought)
        now = part.onlooker.now
        handed = part.handed[:QUEUE_PAGE]
        on_top = [] if after else queue.by_ids(connection, handed)
        rest, set_aside = part.apart_from(handed).in_turn()
        rows = queue.page(connection, seen, rest, after, QUEUE_PAGE + 1)
        more, rows = len(rows) > QUEUE_PAGE, rows[:QUEUE_PAGE]
        behind = [] if more else queue.page(connection, seen, set_aside, None, QUEUE_PAGE)
        cards = shown(connection, [*on_top, *rows, *behind], user, now)
        counted = tally(connection, user, seen, part)
        saved = saved_by(connection, user)
        samples = audit_turns.count(connection, seen, user.id, now, MOST_COUNTED)
    first, last = len(on_top), len(on_top) + len(rows)
    return QueuePage(
        cards=cards[first:last],
        tally=counted,
        more_after=queue.place_of(rows[-1], sought.order) if more else None,
        after_first=queue.place_of(rows[0], sought.order) if len(rows) > 1 else None,
        handed=cards[:first],
        skipped=cards[last:],
        saved=saved,
        samples=samples,
    )


def count_waiting(
    runtime: Runtime, user: User, site_ids: Collection[SiteId], sought: Filter = EVERYTHING
) -> Tally:
    """Count what waits at these sites, and behind each line of the list of filters."""
    seen = seen_by(user, site_ids)
    with runtime.reading() as connection:
        return tally(connection, user, seen, part_for(runtime, connection, user, seen, sought))
