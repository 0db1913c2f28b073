"""A site's rules for reports and appeals."""

from moderation.model.errors import InvalidInput
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services.sites import change_columns

MOST_READERS = 1_000
MOST_DAYS = 3_650


def change_rules(
    runtime: Runtime,
    name: str,
    *,
    review_from: int | None = None,
    reopen_from: int | None = None,
    appeal_days: int | None = None,
) -> Site:
    """Change what is given of a site's rules; they hold for what comes from then on.

    Raises NotFound, InvalidInput.
    """
    readers, days = range(1, MOST_READERS + 1), range(1, MOST_DAYS + 1)
    given = (
        ("review_from", review_from, readers),
        ("reopen_from", reopen_from, readers),
        ("appeal_days", appeal_days, days),
    )
    changes = {column: value for column, value, _ in given if value is not None}
    if any(value is not None and value not in allowed for _, value, allowed in given):
        raise InvalidInput(f"Take 1 to {MOST_READERS} readers, and 1 to {MOST_DAYS} days.")
    return change_columns(runtime, name, "site-complaints", changes)
