"""Claims on reviews: who is on which, until when; and what was handed to whom.

A claim that has run out is no claim: nobody has to clear it away, and whoever asks compares.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, null, or_, select, update

from moderation.model.desk import Onlooker, Place
from moderation.model.ids import CommentId, ReviewId, SiteId, UserId
from moderation.model.reviews import CLAIM, HANDED
from moderation.storage import skips
from moderation.storage.database import Connection
from moderation.storage.desk import of_each_site
from moderation.storage.queue import Part, behind
from moderation.storage.reviews import FREE, NOT_HANDED, reviews, waiting
from moderation.storage.users import users

MOST_AT_ONCE = 50
"""Who may ask for the next comment at the very same moment, two comments each, twice over."""

_r = reviews.c


@dataclass(frozen=True, slots=True)
class Taker:
    """Who claims, and what time it is."""

    user_id: UserId
    now: datetime

    def holds(self) -> ColumnElement[bool]:
        """Whether a review is theirs now."""
        return and_(_r.claimed_by == self.user_id, _live(self.now))

    def may_take(self) -> ColumnElement[bool]:
        """Whether no colleague holds a review."""
        return or_(_r.claimed_by.is_(None), _r.claimed_by == self.user_id, _not_live(self.now))

    def claim(self, length: timedelta) -> dict[str, Any]:
        """Return a claim's columns; one that they have goes on, and is never shortened."""
        until = self.now + length
        longer = and_(self.holds(), _r.claimed_until > until)
        return {
            "claimed_by": self.user_id,
            "claimed_at": case((self.holds(), _r.claimed_at), else_=self.now),
            "claimed_until": case((longer, _r.claimed_until), else_=until),
        }


_with_names = (
    select(_r.comment_id, _r.site_id, _r.claimed_by, _r.claimed_at, users.c.name)
    .join(users, users.c.id == _r.claimed_by)
    .order_by(_r.claimed_at)
)


def candidates(
    connection: Connection,
    site_ids: Collection[SiteId],
    part: Part,
    after: Place | None,
    taker: Taker,
) -> list[ReviewId]:
    """Return what somebody could be handed next: what is theirs already, then what is nobody's."""
    own = select(_r.id, _r.site_id, part.key.label("at")).where(taker.holds(), part.holds())
    held = _at(site_ids, connection.execute(behind(own, part.key, after)))
    found = sorted(held, key=_in_order)
    free = or_(_r.claimed_by.is_(None), _not_live(taker.now))
    front = part.front(after, MOST_AT_ONCE).where(free)
    others = of_each_site(connection, front, _r.site_id, site_ids)
    return [row.id for row in (*found, *sorted(others, key=_in_order)[:MOST_AT_ONCE])]


def take(
    connection: Connection, review_ids: Sequence[ReviewId], taker: Taker, limit: int
) -> list[ReviewId]:
    """Claim the first of these, in one statement, and return which.

    What others hold, or are taking just now, is passed over.
    """
    place = {review_id: number for number, review_id in enumerate(review_ids)}
    chosen = (
        select(_r.id)
        .where(_r.id.in_(review_ids), waiting, taker.may_take())
        .order_by(case(place, value=_r.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    statement = (
        update(reviews)
        .where(_r.id.in_(select(chosen.c.id)))
        .values(taker.claim(CLAIM))
        .returning(_r.id)
    )
    return sorted(connection.execute(statement).scalars(), key=place.__getitem__)


def hold(
    connection: Connection, comment_id: CommentId, taker: Taker, length: timedelta = CLAIM
) -> bool:
    """Claim a comment, or renew the claim on it; False where a colleague holds it."""
    statement = update(reviews).where(_r.comment_id == comment_id, waiting, taker.may_take())
    return connection.execute(statement.values(taker.claim(length))).rowcount == 1


def release(connection: Connection, user_id: UserId, comment_id: CommentId | None = None) -> None:
    """Give a person's claim on a comment up, or all of theirs."""
    statement = update(reviews).where(_r.claimed_by == user_id)
    if comment_id is not None:
        statement = statement.where(_r.comment_id == comment_id)
    connection.execute(statement.values(FREE))


def clear(connection: Connection, comment_id: CommentId) -> None:
    """End whoever's claim on a waiting comment."""
    statement = update(reviews).where(_r.comment_id == comment_id, waiting)
    connection.execute(statement.values(FREE))


def hand(connection: Connection, comment_id: CommentId, **handed: Any) -> None:  # noqa: ANN401 - column values
    """Note to whom a waiting comment was handed, by whom, when and with which word."""
    mine = update(reviews).where(_r.comment_id == comment_id, waiting)
    connection.execute(mine.values(NOT_HANDED | handed))


def on(connection: Connection, comment_ids: Collection[CommentId], now: datetime) -> list[Row[Any]]:
    """Return who is on these comments."""
    found = _with_names.where(_r.comment_id.in_(comment_ids), waiting, _live(now))
    return list(connection.execute(found))


def at_sites(
    connection: Connection,
    site_ids: Collection[SiteId],
    now: datetime,
    part: Part | None = None,
) -> list[Row[Any]]:
    """Return all claims at these sites, or those in a part of the queue, the longest held first."""
    claimed = _r.claimed_by.is_not(None)
    found = _with_names.where(claimed, _r.site_id.in_(site_ids), waiting, _live(now))
    return list(connection.execute(found if part is None else found.where(part.holds())))


def on_cards(
    connection: Connection, comment_ids: Collection[CommentId], now: datetime
) -> list[Row[Any]]:
    """Return who is on these comments, and by whom and to whom they were handed, in one look."""
    holders, givers = users.alias("holders"), users.alias("givers")
    handed = (_r.handed_to, _r.handed_by, _r.handed_word, _r.handed_at)
    statement = (
        select(
            _r.comment_id,
            case((_live(now), _r.claimed_by)).label("claimed_by"),
            _r.claimed_at,
            holders.c.name.label("claimed_name"),
            *handed,
            givers.c.name.label("handed_name"),
        )
        .outerjoin(holders, holders.c.id == _r.claimed_by)
        .outerjoin(givers, givers.c.id == _r.handed_by)
        .where(_r.comment_id.in_(comment_ids), waiting)
        .where(or_(_r.claimed_by.is_not(None), _r.handed_to.is_not(None)))
    )
    return list(connection.execute(statement))


def theirs(
    connection: Connection, site_ids: Collection[SiteId], taker: Taker
) -> dict[ReviewId, bool]:
    """Return the reviews that somebody was handed, the first one first, and then what they hold.

    The value says whether it was handed to them, and is not set aside: what they skipped is not
    the first thing that they see.
    """
    not_skipped = skips.none_by(Onlooker(taker.user_id, taker.now))
    handed_at = case((not_skipped, _r.handed_at)).label("handed_at")
    of_each = (_r.id, _r.site_id)
    handed = select(*of_each, handed_at).where(_r.handed_to == taker.user_id, waiting)
    held = select(*of_each, null().label("handed_at")).where(taker.holds(), waiting)
    rows = _at(site_ids, connection.execute(handed.union_all(held)))
    given = sorted((row for row in rows if row.handed_at), key=lambda row: row.handed_at)
    return {row.id: True for row in given} | {
        row.id: False for row in rows if row.id not in {one.id for one in given}
    }


def _at(site_ids: Collection[SiteId], found: Iterable[Row[Any]]) -> list[Row[Any]]:
    # Asked for the sites as well, SQLite would read all that waits at them.
    return [row for row in found if row.site_id in site_ids]


def _live(now: datetime) -> ColumnElement[bool]:
    # A claim further away than any can be was written by a clock gone wrong.
    return and_(_r.claimed_until > now, _r.claimed_until <= now + HANDED)


def _not_live(now: datetime) -> ColumnElement[bool]:
    return or_(_r.claimed_until <= now, _r.claimed_until > now + HANDED)


def _in_order(row: Row[Any]) -> tuple[Any, ReviewId]:
    return row.at, row.id
