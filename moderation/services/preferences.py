"""Preferences: what somebody chooses for their own desk. Nobody else is told, the audit neither."""

from collections.abc import Collection, Mapping

from moderation.model.ids import CommentId
from moderation.model.people import User
from moderation.model.preferences import NOTHING, Preferences
from moderation.model.reviews import PATIENCE, Cause
from moderation.runtime import Runtime
from moderation.storage import known_causes, preferences
from moderation.storage.database import Connection
from moderation.storage.opting_out import OptOut

LATELY = PATIENCE
"""Who was active within this takes what others opted out of, until it has waited for as long."""


def choose(runtime: Runtime, user: User, chosen: Preferences) -> None:
    """Keep what somebody chose. There is no audit entry: it is nobody else's business."""
    with runtime.transaction() as connection:
        preferences.put(connection, user.id, chosen)


def opt_out_of(runtime: Runtime, user: User) -> OptOut | None:
    """Return what somebody leaves to colleagues; None for who takes everything."""
    causes = user.preferences.opt_out
    # Sessions go by this clock.
    return OptOut(user.id, causes, runtime.clock.now() - LATELY) if causes else None


def hidden_from(
    connection: Connection, user: User, comment_ids: Collection[CommentId]
) -> Mapping[CommentId, Cause]:
    """Return which of these comments' texts are hidden from somebody until they ask, and for what.

    One statement, or none for who hides nothing.
    """
    hides = user.preferences.hides
    if not (hides and comment_ids):
        return {}
    known = known_causes.of(connection, comment_ids)
    return {one: causes & hides for one, causes in known.items() if causes & hides != NOTHING}
