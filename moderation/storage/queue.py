"""The queue: what waits for a person, in order, as far as a filter lets it through."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, or_, select

from moderation.model.desk import Filter, Onlooker, Order, Place
from moderation.model.ids import ReviewId, SiteId
from moderation.model.preferences import NOTHING
from moderation.model.reviews import Cause
from moderation.storage import skips
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.desk import ESCALATOR, OF_REVIEW, of_each_site
from moderation.storage.opting_out import OptOut
from moderation.storage.reviews import escalated, reviews, waiting
from moderation.storage.users import users

_r = reviews.c
_KEYS: dict[Order, Any] = {Order.PRESSING: _r.due_at, Order.NEAREST: _r.risk}


@dataclass(frozen=True, slots=True)
class Part:
    """What a filter means now, for whom: since when is too long, and which reviews are mine."""

    sought: Filter
    onlooker: Onlooker
    overdue_before: datetime
    mine: frozenset[ReviewId] = frozenset()
    handed: tuple[ReviewId, ...] = ()
    """Those of them that colleagues gave to me, the first one first."""
    without: frozenset[ReviewId] = frozenset()
    """What is shown elsewhere."""
    skipped: bool | None = None
    """Only what the onlooker skipped, or all but that; None for both."""
    opt_out: OptOut | None = None
    left: bool | None = None
    """Only what the onlooker leaves to colleagues by opting out, or all but that; None for both."""
    besides: Cause = NOTHING
    """What waits for one of these, too, is no part of it."""

    def seeking(self, sought: Filter) -> "Part":
        """Return what passes another filter, left to colleagues or not."""
        return replace(self, sought=sought, left=None)

    def apart_from(self, review_ids: Collection[ReviewId]) -> "Part":
        """Return this part without some reviews."""
        return replace(self, without=frozenset(review_ids))

    def in_turn(self) -> tuple["Part", "Part"]:
        """Return what stands before what the onlooker skipped, and what they skipped."""
        return replace(self, skipped=False), replace(self, skipped=True)

    @property
    def key(self) -> Any:  # noqa: ANN401 - a column
        """The column that the order goes by."""
        return _KEYS[self.sought.order]

    def holds(self) -> ColumnElement[bool]:
        """Return the condition of a review in this part."""
        sought = self.sought
        conditions = [waiting, escalated if sought.escalated else ~escalated]
        if sought.section is not None:
            conditions.append(_r.section == sought.section)
        if sought.cause is not None:
            conditions.append(_r.causes.bitwise_and(int(sought.cause)) != 0)
        if self.besides:
            conditions.append(_r.causes.bitwise_and(int(self.besides)) == 0)
        if sought.overdue:
            conditions.append(_r.opened_at <= self.overdue_before)
        if sought.author is not None:
            conditions.append(_r.author == sought.author)
        if sought.mine:
            conditions.append(_r.id.in_(self.mine))
        return and_(*conditions, *self._chosen())

    def _chosen(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions that follow from what the onlooker put behind or left."""
        if self.skipped is not None:
            unskipped = skips.none_by(self.onlooker)
            yield ~unskipped if self.skipped else unskipped
        if self.left is not None:
            yield self.leaves() if self.left else ~self.leaves()
        if self.without:
            yield _r.id.not_in(self.without)

    def leaves(self) -> ColumnElement[bool]:
        """Return the condition of a review that the onlooker leaves to a colleague."""
        if self.opt_out is None:
            return false()
        return self.opt_out.leaves(self.handed, self.overdue_before)

    def front(self, after: Place | None, limit: int) -> Select[Any]:
        """Return the ids of the first reviews behind a place, with what orders them."""
        key = self.key
        front = select(_r.id, key.label("at")).where(self.holds()).order_by(key, _r.id)
        return behind(front, key, after).limit(limit)


def behind(statement: Select[Any], key: Any, after: Place | None) -> Select[Any]:  # noqa: ANN401 - a column
    """Leave out what stands up to a place."""
    if after is None:
        return statement
    later = (key == after.at) & (_r.id > after.review_id)
    return statement.where(key >= after.at, or_(key > after.at, later))


def page(
    connection: Connection,
    site_ids: Collection[SiteId],
    part: Part,
    after: Place | None,
    limit: int,
) -> list[Row[Any]]:
    """Return waiting comments of a part with their reviews, in its order."""
    rows = of_each_site(connection, part.front(after, limit), _r.site_id, site_ids)
    rows.sort(key=lambda row: (row.at, row.id))
    return by_ids(connection, [row.id for row in rows[:limit]])


def by_ids(connection: Connection, review_ids: Collection[ReviewId]) -> list[Row[Any]]:
    """Return the comments of these reviews as far as they wait, in the same order."""
    if not review_ids:
        return []
    statement = (
        select(comments, *OF_REVIEW)
        .join(reviews, comments.c.id == _r.comment_id)
        .outerjoin(users, ESCALATOR)
        .where(_r.id.in_(review_ids), waiting)
    )
    found = {row.review_id: row for row in connection.execute(statement)}
    return [found[review_id] for review_id in review_ids if review_id in found]


def place_of(row: Row[Any], order: Order) -> Place:
    """Return where in an order a review stands."""
    return Place(row.due_at if order is Order.PRESSING else row.risk, row.review_id)


def count(connection: Connection, site_ids: Collection[SiteId], part: Part, most: int) -> int:
    """Count a part, up to `most`: beyond that the exact number helps nobody."""
    few = select(_r.id).where(part.holds(), _r.site_id.in_(site_ids)).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(few)).scalar_one()


def tally(
    connection: Connection, site_ids: Collection[SiteId], part: Part, most: int
) -> list[Row[Any]]:
    """Count at most so many reviews of a part by section, causes, and whether they are overdue.

    And by whether the onlooker leaves them to colleagues.
    """
    overdue = case((_r.opened_at <= part.overdue_before, 1), else_=0).label("overdue")
    left = case((part.leaves(), 1), else_=0).label("left")
    some = (
        select(_r.section, _r.causes, overdue, left)
        .where(part.holds(), _r.site_id.in_(site_ids))
        .limit(most)
        .subquery()
    )
    columns = (some.c.section, some.c.causes, some.c.overdue, some.c.left)
    statement = select(*columns, func.count().label("number")).group_by(*columns)
    return list(connection.execute(statement))
