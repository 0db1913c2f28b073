"""Calling off: endpoints that were disabled are not told what still waits for them."""

from moderation.runtime import Runtime
from moderation.storage import called_off

CHUNK = 500
"""In one transaction. A site that was away for days may have left hundreds of thousands."""


def call_off_disabled(runtime: Runtime) -> bool:
    """Call off up to a chunk of what waits for a disabled endpoint; say whether there was any.

    Also what was decided while it was being disabled, and so was queued a moment later. Raises
    StorageUnavailable.
    """
    with runtime.reading() as connection:
        if not called_off.any_waits(connection, runtime.database_now(connection)):
            return False
    with runtime.transaction() as connection:
        endpoint_id = called_off.lock_disabled(connection, runtime.database_now(connection))
        return endpoint_id is not None and called_off.call_off(connection, endpoint_id, CHUNK) > 0
