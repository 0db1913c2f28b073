"""Site's reasons: reading them, and having others."""

from collections.abc import Sequence

from moderation.model.ids import SiteId, UserId
from moderation.model.site_reasons import SiteReason, check_reasons
from moderation.runtime import Runtime
from moderation.services.sites import site_named
from moderation.storage import audit, site_reasons, sites
from moderation.storage.database import Connection


def reasons_of(runtime: Runtime, site_id: SiteId) -> tuple[SiteReason, ...]:
    """Return the reasons for which a site's moderators reject."""
    with runtime.reading() as connection:
        return site_reasons.of(connection, [site_id])[site_id]


def replace_reasons(
    runtime: Runtime,
    site_id: SiteId,
    reasons: Sequence[SiteReason],
    user_id: UserId | None = None,
) -> None:
    """Put other reasons in the place of a site's; decisions keep those that they were made for.

    Raises InvalidInput.
    """
    with runtime.transaction() as connection:
        _replace(runtime, connection, site_id, reasons, user_id)


def set_reason(runtime: Runtime, site_name: str, reason: SiteReason) -> None:
    """Put one reason under its digit. Raises NotFound, InvalidInput."""
    with runtime.transaction() as connection:
        site = site_named(connection, site_name)
        others = _others(connection, site.id, reason.number)
        reasons = sorted([*others, reason], key=lambda one: one.number)
        _replace(runtime, connection, site.id, reasons)


def remove_reason(runtime: Runtime, site_name: str, number: int) -> None:
    """Offer the reason under a digit no more. Raises NotFound, InvalidInput (it is the last)."""
    with runtime.transaction() as connection:
        site = site_named(connection, site_name)
        _replace(runtime, connection, site.id, _others(connection, site.id, number))


def _others(connection: Connection, site_id: SiteId, number: int) -> list[SiteReason]:
    reasons = site_reasons.of(connection, [site_id])[site_id]
    return [one for one in reasons if one.number != number]


def _replace(
    runtime: Runtime,
    connection: Connection,
    site_id: SiteId,
    reasons: Sequence[SiteReason],
    user_id: UserId | None = None,
) -> None:
    check_reasons(reasons)
    # Of two operators at once, the second waits: else both would insert the same digits.
    sites.lock(connection, site_id)
    site_reasons.replace(connection, site_id, reasons)
    now = runtime.database_now(connection)
    codes = {str(one.number): one.code for one in reasons}
    audit.add(connection, "reasons-set", now, site_id=site_id, user_id=user_id, data=codes)
