"""How many may compute, wait, and for how long."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from threading import Event

import pytest

from worker.admission import Admission, TooBusy

LATER = 60.0


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as made:
        yield made


def soon() -> float:
    return time.monotonic() + LATER


def test_who_comes_beyond_the_places_is_refused_at_once(pool: ThreadPoolExecutor) -> None:
    admission, go_on = Admission(1, 1), Event()

    def compute() -> None:
        with admission.turn(soon()):
            go_on.wait(LATER)

    came = {pool.submit(compute) for _ in range(4)}
    # One computes and one waits, whoever they are; the other two are told without waiting.
    refused = set(islice(as_completed(came, LATER), 2))
    assert all(isinstance(one.exception(), TooBusy) for one in refused)
    go_on.set()
    assert [one.result(LATER) for one in came - refused] == [None, None]


def test_who_waits_past_the_deadline_is_refused_and_leaves_its_place() -> None:
    admission = Admission(1, 1)
    with admission.turn(soon()):
        for _ in range(5):
            with pytest.raises(TooBusy), admission.turn(time.monotonic()):
                pass
    with admission.turn(soon()):
        pass


def test_a_turn_that_fails_is_over() -> None:
    admission = Admission(1, 0)
    with pytest.raises(RuntimeError), admission.turn(soon()):
        raise RuntimeError
    with admission.turn(soon()):
        pass


def test_it_is_known_how_long_a_turn_lasts() -> None:
    admission = Admission(2, 0)
    assert admission.longest() == 0.0
    with admission.turn(soon()):
        first = admission.longest()
        with admission.turn(soon()):
            assert admission.longest() >= first > 0.0
    assert admission.longest() == 0.0
