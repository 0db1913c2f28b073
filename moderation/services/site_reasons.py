"""Site's reasons: reading them, and having others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from moderation.model.errors import Conflict
from moderation.model.ids import SiteId, UserId
from moderation.model.site_reasons import SiteReason, check_reasons, digest_reasons
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
    user_id: UserId,
    *,
    seen: str,
) -> None:
    """Put other reasons in the place of a site's; decisions keep those that they were made for.

    `seen` is the digest of those that the person looked at.
    Raises InvalidInput, Conflict (there are others meanwhile).
    """
    with runtime.transaction() as connection:
        if digest_reasons(_locked(connection, site_id)) != seen:
            raise Conflict(
                "Somebody changed the reasons since you opened them. "
                "Save again to put yours in the place of theirs."
            )
        _replace(runtime, connection, site_id, reasons, user_id)


def change_reason(
    runtime: Runtime, site_name: str, number: int, changes: Mapping[str, Any]
) -> SiteReason:
    """Change what is given of the reason under a digit, or add one there; return it.

    Raises NotFound, InvalidInput.
    """
    with runtime.transaction() as connection:
        site = site_named(connection, site_name)
        present = {one.number: one for one in _locked(connection, site.id)}
        before = present.get(number, SiteReason(number, code="", title=""))
        after = present[number] = replace(before, **changes)
        _replace(runtime, connection, site.id, [present[digit] for digit in sorted(present)])
        return after


def remove_reason(runtime: Runtime, site_name: str, number: int) -> None:
    """Offer the reason under a digit no more. Raises NotFound, InvalidInput (it is the last)."""
    with runtime.transaction() as connection:
        site = site_named(connection, site_name)
        others = [one for one in _locked(connection, site.id) if one.number != number]
        _replace(runtime, connection, site.id, others)


def _locked(connection: Connection, site_id: SiteId) -> tuple[SiteReason, ...]:
    # Of two operators at once, the second waits, and then reads what the first has written.
    sites.lock(connection, site_id)
    return site_reasons.of(connection, [site_id])[site_id]


def _replace(
    runtime: Runtime,
    connection: Connection,
    site_id: SiteId,
    reasons: Sequence[SiteReason],
    user_id: UserId | None = None,
) -> None:
    check_reasons(reasons)
    site_reasons.replace(connection, site_id, reasons)
    now = runtime.database_now(connection)
    codes = {str(one.number): one.code for one in reasons}
    audit.add(connection, "reasons-set", now, site_id=site_id, user_id=user_id, data=codes)
