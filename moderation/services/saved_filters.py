"""Filters of the queue that somebody keeps under a name of their own."""

from collections.abc import Mapping
from dataclasses import dataclass

from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import SavedFilterId, new_uuid
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.storage import saved_filters
from moderation.storage.database import Connection

MAX_NAME = 60
MOST = 20
"""For each person: a list at the side that nobody has to scroll."""


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter with its name, and the fields of its address."""

    id: SavedFilterId
    name: str
    fields: Mapping[str, str]


def save_filter(runtime: Runtime, user: User, name: str, fields: Mapping[str, str]) -> None:
    """Keep a filter; one of the same name is replaced. Raises InvalidInput."""
    if not name:
        raise InvalidInput("Give the filter a name.")
    with runtime.transaction() as connection:
        kept = saved_by(connection, user)
        if len(kept) >= MOST and name not in {one.name for one in kept}:
            raise InvalidInput("You keep %(most)s filters already; remove one first.", most=MOST)
        row = {
            "id": new_uuid(),
            "user_id": user.id,
            "name": name,
            "fields": dict(fields),
            "saved_at": runtime.database_now(connection),
        }
        saved_filters.put(connection, row)


def remove_filter(runtime: Runtime, user: User, filter_id: SavedFilterId) -> None:
    """Forget a filter. Raises NotFound."""
    with runtime.transaction() as connection:
        if not saved_filters.remove(connection, user.id, filter_id):
            raise NotFound("You keep no such filter.")


def saved_by(connection: Connection, user: User) -> tuple[SavedFilter, ...]:
    """Return what somebody keeps, by name."""
    rows = saved_filters.of(connection, user.id)
    return tuple(SavedFilter(row.id, row.name, row.fields) for row in rows)
