"""The statements that a database is sent, as a test hears them just before they run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from moderation.runtime import Runtime


class Statement(NamedTuple):
    """One statement, and the values for its parameters."""

    text: str
    values: Any
    made_anew: bool
    """Whether SQLAlchemy can never keep it, and makes it again at each execution."""

    @property
    def reads(self) -> bool:
        return self.text.startswith(("SELECT", "WITH"))


@contextmanager
def heard(runtime: Runtime) -> Iterator[list[Statement]]:
    """Yield a list to which each statement is added, but for the beginnings of transactions."""
    said: list[Statement] = []

    def note(statement: Statement) -> None:
        if statement.text != "BEGIN":
            said.append(statement)

    with hearing(runtime, note):
        yield said


@contextmanager
def hearing(runtime: Runtime, note: Callable[[Statement], None]) -> Iterator[None]:
    """Call a function before each statement."""

    def listen(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        made_anew = given[4].cache_hit is CacheStats.NO_CACHE_KEY
        note(Statement(given[2].lstrip(), given[3], made_anew))

    engine = runtime.database.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", listen)
