"""Places in the queue, as addresses carry them."""

from datetime import UTC, datetime
from math import isfinite
from uuid import UUID

from moderation.model.desk import Order, Place
from moderation.model.ids import ReviewId


def write_place(place: Place) -> str:
    """Write a place to the last digit, since ties are ordered by id."""
    at = place.at.isoformat() if isinstance(place.at, datetime) else repr(place.at)
    return f"{at}~{place.review_id}"


def read_place(written: str, order: Order) -> Place | None:
    """Read a place in an order off an address; None where it is not one."""
    at, _, review_id = written.partition("~")
    try:
        found = _moment(at) if order is Order.PRESSING else _number(at)
        return Place(found, ReviewId(UUID(review_id)))
    except (ValueError, OverflowError):
        return None


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)


def _number(written: str) -> float:
    number = float(written)
    if not isfinite(number):
        raise ValueError("no place is there")
    return number
