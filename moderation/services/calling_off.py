"""Calling off: endpoints that were disabled are not told what still waits for them."""

import time

from moderation.model.ids import EndpointId
from moderation.runtime import Runtime
from moderation.storage import called_off
from moderation.storage.database import Connection

CHUNK = 500
"""In one transaction. A site that was away for days may have left hundreds of thousands."""
PAUSE_SECONDS = 0.03
RUN_SECONDS = 0.3
"""After that, endpoints that are enabled have their turn."""


def call_off_disabled(runtime: Runtime) -> bool:
    """Call off what waits for disabled endpoints; say whether there may be more of it.

    Also what was decided while one was being disabled, and so was queued a moment later. Raises
    StorageUnavailable.
    """
    ends_at = time.monotonic() + RUN_SECONDS
    while _call_off_some(runtime):
        if time.monotonic() > ends_at:
            return True
        # Others want SQLite's one write lock too.
        time.sleep(PAUSE_SECONDS)
    return False


def call_off(connection: Connection, endpoint_id: EndpointId) -> bool:
    """Call off a chunk of what waits for a locked endpoint; say whether that was all."""
    return called_off.call_off(connection, endpoint_id, CHUNK) < CHUNK


def _call_off_some(runtime: Runtime) -> bool:
    """Call off a chunk for one endpoint, if there is any; say whether there may be more."""
    # Hardly ever is there anything, and to look takes no lock from those who write.
    with runtime.reading() as connection:
        if not called_off.any_waits(connection, runtime.database_now(connection)):
            return False
    with runtime.transaction() as connection:
        endpoint_id = called_off.lock_disabled(connection, runtime.database_now(connection))
        if endpoint_id is None:
            return False
        call_off(connection, endpoint_id)
    return True
