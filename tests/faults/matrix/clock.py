"""The time of the machine, as the database's clock on the same machine has it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
