"""Several processes train heads: none the same one as another, and none is stuck or overwritten."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import update

from classifiers.head.training import score_all, train
from moderation.model import learning as lessons
from moderation.model.errors import InvalidInput
from moderation.model.heads import LEASE, HeadState, SiteHead
from moderation.runtime import Runtime, make_runtime
from moderation.services.head_training import train_new, train_next
from moderation.services.learning import Teacher, ask, has_lessons, look_at
from moderation.settings import Settings
from moderation.storage import heads
from tests.factories import Agora
from tests.learning import decided_community

TEACHER = Teacher(train, score_all)
PROCESSES = 4
DEADLINE = 120.0


@pytest.fixture(autouse=True)
def _asked_for(runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons, "FEWEST", 300)
    decided_community(runtime, agora, 400)
    ask(runtime, agora.olga, agora.site_id)


@pytest.fixture
def other(settings: Settings, runtime: Runtime) -> Iterator[Runtime]:
    """Yield the runtime of another process on the same database."""
    del runtime
    made = make_runtime(settings)
    yield made
    made.close()


def newest(runtime: Runtime, agora: Agora) -> SiteHead:
    return look_at(runtime, agora.site_id).versions[0]


def teacher_with(meanwhile: Callable[[], object]) -> Teacher:
    """Return one while whose training something else happens."""

    def train_late(parts: lessons.Parts) -> bytes:
        meanwhile()
        return train(parts)

    return replace(TEACHER, train=train_late)


def let_the_lease_run_out(runtime: Runtime) -> None:
    """Let somebody have begun for so long that they are taken for dead."""
    with runtime.transaction() as connection:
        ago = runtime.database_now(connection) - LEASE - timedelta(seconds=1)
        connection.execute(update(heads.heads).values(until=ago))


def test_processes_that_look_at_the_same_moment_train_it_once(
    settings: Settings, runtime: Runtime, agora: Agora
) -> None:
    start, trained = Barrier(PROCESSES), list[int]()

    def begin(process: Runtime) -> bool:
        has_lessons(process)
        start.wait(DEADLINE)
        return train_next(process, teacher_with(lambda: trained.append(1)))

    processes = [make_runtime(settings) for _ in range(PROCESSES)]
    with ThreadPoolExecutor(PROCESSES) as pool:
        found = list(pool.map(begin, processes, timeout=DEADLINE))
    for each in processes:
        each.close()
    assert (sum(found), len(trained)) == (1, 1)
    assert newest(runtime, agora).state is HeadState.TRAINED


def test_what_is_being_trained_is_passed_over_and_nobody_rings_for_it(
    runtime: Runtime, other: Runtime
) -> None:
    seen = list[bool]()

    def look() -> None:
        seen.extend((has_lessons(other), train_next(other, TEACHER)))

    assert train_next(runtime, teacher_with(look))
    assert seen == [False, False]


def test_what_a_command_trains_is_left_to_it(
    runtime: Runtime, agora: Agora, other: Runtime
) -> None:
    assert train_next(other, TEACHER)
    seen = list[bool]()
    train_new(runtime, agora.site_id, teacher_with(lambda: seen.append(train_next(other, TEACHER))))
    assert seen == [False]
    assert (newest(runtime, agora).number, newest(runtime, agora).state) == (2, HeadState.TRAINED)


@pytest.mark.parametrize("by", [timedelta(0), timedelta(days=1)], ids=["died", "clock gone wrong"])
def test_what_a_process_died_of_is_trained_by_another_one(
    runtime: Runtime, agora: Agora, other: Runtime, by: timedelta
) -> None:
    with runtime.transaction() as connection:
        assert heads.claim(connection, runtime.database_now(connection) + by)
    if not by:
        assert not train_next(other, TEACHER)
        let_the_lease_run_out(runtime)
    assert has_lessons(other)
    assert train_next(other, TEACHER)
    assert newest(runtime, agora).state is HeadState.TRAINED


@pytest.mark.parametrize("ending", [None, InvalidInput("no score in common"), MemoryError()])
def test_who_was_taken_for_dead_changes_nothing_any_more(
    runtime: Runtime, agora: Agora, other: Runtime, ending: Exception | None
) -> None:
    kept = list[SiteHead]()

    def take_over() -> None:
        let_the_lease_run_out(other)
        assert train_next(other, TEACHER)
        kept.append(newest(other, agora))
        if ending:
            raise ending

    if isinstance(ending, MemoryError):
        with pytest.raises(MemoryError):
            train_next(runtime, teacher_with(take_over))
    else:
        assert train_next(runtime, teacher_with(take_over))
    assert kept[0].state is HeadState.TRAINED
    assert [newest(runtime, agora)] == kept
    assert not has_lessons(runtime)


def test_who_was_taken_for_dead_hands_back_nothing_that_another_one_trains(
    runtime: Runtime, other: Runtime
) -> None:
    with runtime.transaction() as connection:
        first = heads.claim(connection, runtime.database_now(connection))
    assert first
    let_the_lease_run_out(runtime)
    with other.transaction() as connection:
        assert heads.claim(connection, other.database_now(connection))
    with runtime.transaction() as connection:
        heads.hand_back(connection, first)
    assert not has_lessons(runtime)
