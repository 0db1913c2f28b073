"""Coral: which sites let their Coral ask before it publishes, and how it proves who it is.

Coral makes the secret and shows it to its admins; while it rolls one it signs with both, so one is
enough here.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import SiteId
from moderation.model.sites import check_name
from moderation.runtime import Runtime
from moderation.services.sites import site_named
from moderation.storage import audit, coral_phases

_SECRET = re.compile(r"[A-Za-z0-9_-]{32,200}")


@dataclass(frozen=True, slots=True)
class Phase:
    """A site's external moderation phase in Coral."""

    site_id: SiteId
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Connected:
    """A site whose Coral may ask, and since when with this secret."""

    site_name: str
    connected_at: datetime


def connect(runtime: Runtime, site_name: str, secret: str) -> None:
    """Take the secret that Coral shows; one that was there before counts no more.

    Raises NotFound, InvalidInput.
    """
    if not _SECRET.fullmatch(secret):
        raise InvalidInput(
            "That is no signing secret of Coral: one has 32 to 200 letters and digits, and begins "
            "with empsec_."
        )
    with runtime.transaction() as connection:
        site_id = site_named(connection, site_name).id
        now = runtime.database_now(connection)
        coral_phases.put(connection, site_id, secret, now)
        audit.add(connection, "coral-connect", now, site_id=site_id)


def disconnect(runtime: Runtime, site_name: str) -> None:
    """Forget a site's secret: what its Coral sends is premoderated there. Raises NotFound."""
    with runtime.transaction() as connection:
        site_id = site_named(connection, site_name).id
        if not coral_phases.remove(connection, site_id):
            raise NotFound(f"The site {site_name} is not connected with a Coral.")
        now = runtime.database_now(connection)
        audit.add(connection, "coral-disconnect", now, site_id=site_id)


def list_connected(runtime: Runtime) -> list[Connected]:
    """Return the sites whose Coral may ask, by name."""
    with runtime.reading() as connection:
        return [Connected(row.name, row.connected_at) for row in coral_phases.every(connection)]


def find_phase(runtime: Runtime, site_name: str) -> Phase | None:
    """Return a site's phase; None where there is no such site, or it is off or not connected."""
    try:
        name = check_name(site_name)
    except InvalidInput:
        return None
    with runtime.reading() as connection:
        row = coral_phases.live_of(connection, name)
    return None if row is None else Phase(row.site_id, row.secret)
