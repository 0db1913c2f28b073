"""The queue: what waits for a person, as far as a filter lets it through."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from moderation.model.desk import EVERYTHING, Filter, Place
from moderation.model.ids import DecisionId, SiteId
from moderation.model.people import User
from moderation.model.reviews import PATIENCE
from moderation.runtime import Runtime
from moderation.services.cards import Card, cards_of
from moderation.services.claims import with_claims
from moderation.services.desk import decided_row
from moderation.services.saved_filters import SavedFilter, saved_by
from moderation.services.surroundings import beside
from moderation.services.tally import Tally, tally
from moderation.storage import claims, queue
from moderation.storage.claims import Taker
from moderation.storage.database import Connection
from moderation.storage.queue import Part

QUEUE_PAGE = 25
MOST_COUNTED = 1000
"""Beyond this the queue says "1000+": counting further costs more than it tells."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A part of the queue, what waits in it, and the decision just made, if any.

    `handed` stands before the first page: what colleagues gave to this person.
    """

    cards: tuple[Card, ...]
    tally: Tally
    more_after: Place | None
    handed: tuple[Card, ...] = ()
    saved: tuple[SavedFilter, ...] = ()
    decided: Card | None = None


def queue_page(  # noqa: PLR0913 - who asks for which part, from where on, and after doing what
    runtime: Runtime,
    user: User,
    site_ids: Collection[SiteId],
    sought: Filter = EVERYTHING,
    *,
    after: Place | None = None,
    decided: DecisionId | None = None,
) -> QueuePage:
    """Return waiting comments of these sites, in the order of the filter.

    `decided` names the decision that the person has just made, to show and to undo.
    """
    seen = seen_by(user, site_ids)
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        part = part_of(connection, user, seen, sought, now)
        handed = part.handed[:QUEUE_PAGE]
        on_top = [] if after else queue.by_ids(connection, handed)
        rest = part.apart_from(handed)
        rows = queue.page(connection, seen, rest, after, QUEUE_PAGE + 1)
        done = None if decided is None else decided_row(connection, user, decided)
        found = [*on_top, *rows[:QUEUE_PAGE], *([] if done is None else [done])]
        cards = with_claims(connection, cards_of(connection, found), now)
        cards = beside(connection, cards)
        counted = tally(connection, seen, part)
        saved = saved_by(connection, user)
    shown = cards if done is None else cards[:-1]
    more = len(rows) > QUEUE_PAGE
    return QueuePage(
        cards=shown[len(on_top) :],
        tally=counted,
        more_after=queue.place_of(rows[QUEUE_PAGE - 1], sought.order) if more else None,
        handed=shown[: len(on_top)],
        saved=saved,
        decided=None if done is None else cards[-1],
    )


def count_waiting(
    runtime: Runtime, user: User, site_ids: Collection[SiteId], sought: Filter = EVERYTHING
) -> Tally:
    """Count what waits at these sites, and behind each line of the list of filters."""
    seen = seen_by(user, site_ids)
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        return tally(connection, seen, part_of(connection, user, seen, sought, now))


def part_of(
    connection: Connection, user: User, site_ids: Collection[SiteId], sought: Filter, now: datetime
) -> Part:
    """Return what a filter means for this person at this moment."""
    theirs = claims.theirs(connection, site_ids, Taker(user.id, now))
    handed = tuple(review_id for review_id, is_handed in theirs.items() if is_handed)
    return Part(sought, now - PATIENCE, frozenset(theirs), handed)


def seen_by(user: User, site_ids: Collection[SiteId]) -> list[SiteId]:
    """Leave out sites that are not theirs: whoever asks for one learns nothing of it."""
    return [site_id for site_id in site_ids if user.sees(site_id)]
