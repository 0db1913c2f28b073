"""The queue: what waits for a person, as far as a filter lets it through."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.model.desk import EVERYTHING, Filter, Onlooker, Place
from moderation.model.errors import Forbidden
from moderation.model.ids import SiteId
from moderation.model.people import User
from moderation.model.reviews import PATIENCE
from moderation.runtime import Runtime
from moderation.services.cards import Card
from moderation.services.preferences import opt_out_of
from moderation.services.saved_filters import SavedFilter, saved_by
from moderation.services.surroundings import shown
from moderation.services.tally import Tally, tally
from moderation.storage import claims, queue
from moderation.storage.claims import Taker
from moderation.storage.database import Connection
from moderation.storage.queue import Part

QUEUE_PAGE = 25


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A part of the queue, and what waits in it.

    `handed` stands before the first page: what colleagues gave to this person. `skipped` is what
    this person has put behind the others, at the end of the last one.
    """

    cards: tuple[Card, ...]
    tally: Tally
    more_after: Place | None
    after_first: Place | None = None
    handed: tuple[Card, ...] = ()
    skipped: tuple[Card, ...] = ()
    saved: tuple[SavedFilter, ...] = ()


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
    first, last = len(on_top), len(on_top) + len(rows)
    return QueuePage(
        cards=cards[first:last],
        tally=counted,
        more_after=queue.place_of(rows[-1], sought.order) if more else None,
        after_first=queue.place_of(rows[0], sought.order) if len(rows) > 1 else None,
        handed=cards[:first],
        skipped=cards[last:],
        saved=saved,
    )


def count_waiting(
    runtime: Runtime, user: User, site_ids: Collection[SiteId], sought: Filter = EVERYTHING
) -> Tally:
    """Count what waits at these sites, and behind each line of the list of filters."""
    seen = seen_by(user, site_ids)
    with runtime.reading() as connection:
        return tally(connection, user, seen, part_for(runtime, connection, user, seen, sought))


def part_for(
    runtime: Runtime,
    connection: Connection,
    user: User,
    site_ids: Collection[SiteId],
    sought: Filter,
) -> Part:
    """Return what passes a filter and is not left to colleagues. Raises Forbidden.

    What they have already, and what waits for operators, is left to nobody.
    """
    now = runtime.database_now(connection)
    part = part_of(connection, user, site_ids, sought, now)
    opt_out = opt_out_of(runtime, user)
    all_of_it = sought.mine or sought.escalated or opt_out is None
    left = None if all_of_it and not sought.opted_out else sought.opted_out
    return replace(part, opt_out=opt_out, left=left)


def part_of(
    connection: Connection, user: User, site_ids: Collection[SiteId], sought: Filter, now: datetime
) -> Part:
    """Return what passes a filter for this person at this moment. Raises Forbidden."""
    if sought.escalated and not user.is_operator:
        raise Forbidden("What was escalated waits for operators.")
    theirs = claims.theirs(connection, site_ids, Taker(user.id, now))
    handed = tuple(review_id for review_id, is_handed in theirs.items() if is_handed)
    onlooker = Onlooker(user.id, now)
    # Who leaves nothing to colleagues finds nothing there, instead of everything.
    left = True if sought.opted_out else None
    return Part(sought, onlooker, now - PATIENCE, frozenset(theirs), handed, left=left)


def seen_by(user: User, site_ids: Collection[SiteId]) -> list[SiteId]:
    """Leave out sites that are not theirs: whoever asks for one learns nothing of it."""
    return [site_id for site_id in site_ids if user.sees(site_id)]
