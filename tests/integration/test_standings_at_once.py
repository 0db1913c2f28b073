"""Setting a standing and recording decisions at the same moment: one is before the other."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, text

from moderation.model.comments import Author, Status
from moderation.model.standings import Standing, StandingChange
from moderation.runtime import Runtime
from moderation.services.reading import get_comment
from tests.factories import Agora, classify_all, submit
from tests.installation import wait_until
from tests.standings import TROLL, decided, give

_WAITERS = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.fixture
def submitted(runtime: Runtime, agora: Agora) -> Any:  # noqa: ANN401 - an id
    return submit(runtime, agora.site_id, author=Author(id=TROLL.id)).comment_id


def someone_waits(runtime: Runtime) -> bool:
    with runtime.reading() as connection:
        return bool(connection.execute(_WAITERS).scalar_one())


def meanwhile(runtime: Runtime, statement: str, act: Callable[[], Any]) -> "Future[Any]":
    """Begin to act in another thread, just before somebody runs a statement that begins so.

    Who runs it goes on when the other waits, or (which must not be) is done already.
    """
    begun: Future[Any] = Future()
    pool = ThreadPoolExecutor(1)

    def interfere(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if not given[2].startswith(statement) or begun.done():
            return
        future = pool.submit(act)
        begun.set_result(future)
        if not runtime.database.is_sqlite:
            wait_until(lambda: future.done() or someone_waits(runtime))
        # On SQLite nobody else writes while this transaction does.
        assert not future.done()

    event.listen(runtime.database.engine, "before_cursor_execute", interfere)
    return begun


def result(begun: "Future[Any]") -> Any:  # noqa: ANN401 - what was done meanwhile
    return begun.result(0).result(30)


def test_a_ban_waits_for_what_is_decided_without_it(
    runtime: Runtime,
    agora: Agora,
    submitted: Any,  # noqa: ANN401 - an id
) -> None:
    begun = meanwhile(
        runtime, "INSERT INTO decisions", lambda: give(runtime, agora, Standing.BANNED)
    )
    classify_all(runtime)
    ban: StandingChange = result(begun)
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
    begun = meanwhile(runtime, "INSERT INTO standings", lambda: classify_all(runtime))
    give(runtime, agora, Standing.BANNED)
    assert result(begun) == 1
    view = get_comment(runtime, agora.site_id, submitted)
    assert view.comment.status is Status.REJECTED


def test_two_who_set_the_same_at_once_leave_one_that_stands(runtime: Runtime, agora: Agora) -> None:
    begun = meanwhile(
        runtime, "INSERT INTO standings", lambda: give(runtime, agora, Standing.TRUSTED)
    )
    give(runtime, agora, Standing.BANNED)
    last: StandingChange = result(begun)
    assert (last.standing, last.replaced_at) == (Standing.TRUSTED, None)
    assert last.replaces is not None
