"""Handing out: each moderator gets the next comment that nobody else is on, and the one after."""

from collections.abc import Collection
from dataclasses import dataclass

from moderation.model.desk import Filter, Place
from moderation.model.ids import CommentId, ReviewId, SiteId
from moderation.model.people import User
from moderation.model.reviews import Claim
from moderation.runtime import Runtime
from moderation.services.cards import Card
from moderation.services.parts import part_to_decide, seen_by
from moderation.services.surroundings import shown
from moderation.storage import claims, desk, queue
from moderation.storage.claims import Taker
from moderation.storage.database import Connection
from moderation.storage.queue import Part

TOGETHER = 2
"""The one to look at, and the one that is loaded with it: so nobody waits."""

MOST_TRIES = 5
"""Where others took all that was in sight at the very same moment."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A comment to look at and the one after it, or else what colleagues hold of all that waits."""

    card: Card | None
    coming: Card | None = None
    held: tuple[Claim, ...] = ()


def hand_out(
    runtime: Runtime,
    user: User,
    site_ids: Collection[SiteId],
    sought: Filter,
    *,
    after: Place | None = None,
) -> HandedOut:
    """Claim the first comment behind a place that no colleague is on, and the one after it.

    Who holds some already gets these first, so that to ask again changes nothing. Behind the last
    place the front comes again, and what this person skipped once nothing else is left.
    An appeal against this person's own decision is not for them, as long as there is another;
    nor is what they opted out of, as long as a colleague is on who takes it.
    Raises Forbidden (what was escalated waits for operators).
    """
    seen = seen_by(user, site_ids)
    part, taken = _take(runtime, user, seen, sought, after)
    with runtime.reading() as connection:
        rows = queue.by_ids(connection, taken)
        cards = shown(connection, rows, user, runtime.database_now(connection))
        held = () if rows else _held_by_others(connection, seen, part)
    card, coming, *_ = *cards, None, None
    return HandedOut(card, coming, held)


def pass_over(runtime: Runtime, user: User, comment_id: CommentId, sought: Filter) -> Place | None:
    """Leave a comment to everybody without a decision; return its place, to go on behind it.

    None where it does not wait any more, or was never theirs to see.
    """
    with runtime.transaction() as connection:
        row = desk.one_with_review(connection, comment_id)
        if row is None or not user.sees(row.site_id) or row.review_id is None:
            return None
        claims.release(connection, user.id, comment_id)
        return queue.place_of(row, sought.order)


def _take(
    runtime: Runtime,
    user: User,
    site_ids: Collection[SiteId],
    sought: Filter,
    after: Place | None,
) -> tuple[Part, list[ReviewId]]:
    """Look for what is free, and claim it in a transaction of its own; say where it was looked for.

    So SQLite's one write lock is held for no longer than one statement, and not at all where
    nothing is left.
    """
    for _ in range(MOST_TRIES):
        with runtime.reading() as connection:
            part = part_to_decide(runtime, connection, user, site_ids, sought)
            taker = Taker(user.id, part.onlooker.now)
            found = _candidates(connection, site_ids, part, after, taker)
        if not found:
            break
        with runtime.transaction() as connection:
            if taken := claims.take(connection, found, taker, TOGETHER):
                return part, taken
    return part, []


def _candidates(
    connection: Connection,
    site_ids: Collection[SiteId],
    part: Part,
    after: Place | None,
    taker: Taker,
) -> list[ReviewId]:
    for some in part.in_turn():
        for start in dict.fromkeys((after, None)):
            if found := claims.candidates(connection, site_ids, some, start, taker):
                return found
    return []


def _held_by_others(
    connection: Connection, site_ids: Collection[SiteId], part: Part
) -> tuple[Claim, ...]:
    me, now = part.onlooker.user_id, part.onlooker.now
    rows = claims.at_sites(connection, site_ids, now, part)
    return tuple(
        Claim(row.claimed_by, row.name, row.claimed_at) for row in rows if row.claimed_by != me
    )
