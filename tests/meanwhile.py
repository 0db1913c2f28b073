"""What two do at the same moment: the one acts in the middle of what the other does, and waits."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from moderation.runtime import Runtime
from tests.installation import DEADLINE, wait_until, write_lock_is_free
from tests.statements import Statement, hearing

_WAITERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def someone_waits(runtime: Runtime) -> bool:
    with runtime.reading() as connection:
        return bool(connection.execute(_WAITERS).scalar_one())


@contextmanager
def meanwhile(
    runtime: Runtime, beginning: str, act: Callable[[], Any]
) -> Iterator[Callable[[], Any]]:
    """Begin to act in another thread, just before somebody runs a statement that begins so.

    Who runs it goes on when the other waits. Yield what returns the result of the other's act.
    """
    begun: list[Future[Any]] = []

    def interfere(statement: Statement) -> None:
        if begun or not statement.text.startswith(beginning):
            return
        if runtime.database.is_sqlite:
            # Nobody else can write while this transaction does, so whoever acts waits.
            assert not write_lock_is_free(runtime)
        begun.append(other.submit(act))
        if not runtime.database.is_sqlite:
            wait_until(lambda: begun[0].done() or someone_waits(runtime))
        assert not begun[0].done()

    with ThreadPoolExecutor(1) as other, hearing(runtime, interfere):
        yield lambda: begun[0].result(DEADLINE)
