"""Skips: reviews that one moderator has put behind the others for a while."""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, ForeignKey, Table, Uuid, delete, exists

from moderation.model.desk import Onlooker
from moderation.model.ids import ReviewId, UserId
from moderation.storage.database import Connection, insert_or_replace
from moderation.storage.reviews import reviews
from moderation.storage.schema import metadata, moment

skips = Table(
    "skips",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("review_id", Uuid, ForeignKey("reviews.id"), primary_key=True),
    moment("until"),
)

_c = skips.c


def put(connection: Connection, user_id: UserId, review_id: ReviewId, until: datetime) -> None:
    """Put a review behind the others for one person."""
    statement = insert_or_replace(connection, skips, ("user_id", "review_id"))
    connection.execute(statement.values(user_id=user_id, review_id=review_id, until=until))


def end(connection: Connection, user_id: UserId, review_id: ReviewId, now: datetime) -> bool:
    """Take a skip back; False where it was over already."""
    of_user = (_c.user_id == user_id) & (_c.review_id == review_id) & (_c.until > now)
    return connection.execute(delete(skips).where(of_user)).rowcount == 1


def forget_over(connection: Connection, now: datetime) -> None:
    """Remove the skips that are over."""
    connection.execute(delete(skips).where(_c.until <= now))


def none_by(onlooker: Onlooker) -> ColumnElement[bool]:
    """Say of a review that this person has not skipped it."""
    skipped = (
        (_c.review_id == reviews.c.id)
        & (_c.user_id == onlooker.user_id)
        & (_c.until > onlooker.now)
    )
    return ~exists().where(skipped)
