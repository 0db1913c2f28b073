"""The circuit breaker: open after failures in a row, closed by what succeeds."""

from dataclasses import dataclass

import pytest

from classifiers.remote.circuit import LONGEST_PAUSE, OPENS_AFTER, CircuitBreaker


@dataclass
class Time:
    """Stands still until it is moved."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def circuit(time: Time) -> CircuitBreaker:
    return CircuitBreaker(time)


def fail(circuit: CircuitBreaker, times: int = OPENS_AFTER) -> None:
    for _ in range(times):
        circuit.failed("it answers 500")


def test_it_opens_after_failures_in_a_row_and_not_before(circuit: CircuitBreaker) -> None:
    fail(circuit, OPENS_AFTER - 1)
    assert not circuit.is_open
    circuit.succeeded()
    fail(circuit, OPENS_AFTER - 1)
    assert not circuit.is_open
    fail(circuit, 1)
    assert circuit.is_open
    assert circuit.reason == "it answers 500"


def test_it_lets_nothing_through_until_its_pause_is_over(
    circuit: CircuitBreaker, time: Time
) -> None:
    fail(circuit)
    assert circuit.pauses
    time.seconds += 0.9
    assert circuit.pauses
    time.seconds += 0.1
    assert not circuit.pauses
    assert circuit.is_open


def test_its_pauses_double_up_to_the_longest(circuit: CircuitBreaker, time: Time) -> None:
    fail(circuit, OPENS_AFTER - 1)
    for pause in (1, 2, 4, 8, LONGEST_PAUSE, LONGEST_PAUSE):
        fail(circuit, 1)
        time.seconds += pause - 0.1
        assert circuit.pauses, pause
        time.seconds += 0.1
        assert not circuit.pauses, pause


def test_it_counts_for_days(circuit: CircuitBreaker, time: Time) -> None:
    fail(circuit, 5000)
    assert circuit.pauses
    time.seconds += LONGEST_PAUSE
    assert not circuit.pauses


def test_it_says_for_how_long_nothing_has_succeeded(circuit: CircuitBreaker, time: Time) -> None:
    assert circuit.seconds == 0.0
    fail(circuit, 1)
    time.seconds += 60.0
    fail(circuit, 1)
    time.seconds += 60.0
    assert circuit.seconds == 120.0
    circuit.succeeded()
    assert (circuit.seconds, circuit.is_open) == (0.0, False)
