"""Setting a standing and recording decisions at the same moment: one is before the other."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from moderation.model.comments import Author, Status
from moderation.model.standings import Standing, StandingChange
from moderation.runtime import Runtime
from moderation.services.reading import get_comment
from tests.factories import Agora, classify_all, submit
from tests.installation import DEADLINE, wait_until, write_lock_is_free
from tests.standings import TROLL, decided, give
from tests.statements import Statement, hearing

_WAITERS = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


@pytest.fixture
def submitted(runtime: Runtime, agora: Agora) -> Any:  # noqa: ANN401 - an id
    return submit(runtime, agora.site_id, author=Author(id=TROLL.id)).comment_id


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


def test_a_ban_waits_for_what_is_decided_without_it(
    runtime: Runtime,
    agora: Agora,
    submitted: Any,  # noqa: ANN401 - an id
) -> None:
    def act() -> StandingChange:
        return give(runtime, agora, Standing.BANNED)

    with meanwhile(runtime, "INSERT INTO decisions", act) as acted:
        classify_all(runtime)
        ban: StandingChange = acted()
    view = get_comment(runtime, agora.site_id, submitted)
    assert view.decision is not None
    assert view.comment.status is Status.APPROVED
    assert view.decision.decided_at <= ban.set_at
    assert decided(runtime, agora.site_id, "next").comment.status is Status.REJECTED


def test_what_is_decided_waits_for_a_ban_and_obeys_it(
    runtime: Runtime,
    agora: Agora,
    submitted: Any,  # noqa: ANN401 - an id
) -> None:
    with meanwhile(runtime, "INSERT INTO standings", lambda: classify_all(runtime)) as acted:
        give(runtime, agora, Standing.BANNED)
        assert acted() == 1
    view = get_comment(runtime, agora.site_id, submitted)
    assert view.comment.status is Status.REJECTED


def test_two_who_set_the_same_at_once_leave_one_that_stands(runtime: Runtime, agora: Agora) -> None:
    def act() -> StandingChange:
        return give(runtime, agora, Standing.TRUSTED)

    with meanwhile(runtime, "INSERT INTO standings", act) as acted:
        give(runtime, agora, Standing.BANNED)
        last: StandingChange = acted()
    assert (last.standing, last.replaced_at) == (Standing.TRUSTED, None)
    assert last.replaces is not None
