"""What every use case needs from its process, handed around by hand."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from moderation.broker import Broker
from moderation.model.clock import Clock, SystemClock
from moderation.settings import Settings
from moderation.storage.database import AdvisoryLock, Connection, Database


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings, database, broker and clock of one process."""

    settings: Settings
    database: Database
    broker: Broker
    clock: Clock

    def transaction(self) -> AbstractContextManager[Connection]:
        """Open the one writing transaction of a use case."""
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads."""
        return self.database.reading()

    def glancing(self) -> AbstractContextManager[Connection]:
        """Open a connection for one statement that only reads."""
        return self.database.glancing()

    def database_now(self, connection: Connection, behind: AdvisoryLock | None = None) -> datetime:
        """Return the time that leases and ages are compared with, once a lock is taken."""
        return self.database.now(connection, behind)

    def close(self) -> None:
        """Give every connection back."""
        self.broker.close()
        self.database.dispose()


def make_runtime(
    settings: Settings, clock: Clock | None = None, *, by_keys: bool = False
) -> Runtime:
    """Build the runtime of a process; nothing connects until it is used.

    A clock that is given holds all time, the database's too. `by_keys` is for processes that read
    no more rows than they are told.
    """
    return Runtime(
        settings=settings,
        database=Database(settings.database_url, held=clock, by_keys=by_keys),
        broker=Broker(settings.redis_url.get_secret_value()),
        clock=clock or SystemClock(),
    )


@contextmanager
def open_runtime(settings: Settings) -> Iterator[Runtime]:
    """Build a runtime and close it at the end: for commands."""
    runtime = make_runtime(settings)
    try:
        yield runtime
    finally:
        runtime.close()
