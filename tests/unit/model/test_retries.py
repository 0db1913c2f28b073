"""When a webhook is tried again, and for how long its endpoint rests."""

from datetime import timedelta
from random import Random

import pytest

from moderation.model.retries import JITTER, MAX_ATTEMPTS, STEPS, rest_after, step_after, tires


@pytest.mark.parametrize("attempts", range(1, MAX_ATTEMPTS))
def test_each_step_keeps_within_its_jitter(attempts: int) -> None:
    random = Random(7)  # noqa: S311 - no secret
    steps = {step_after(attempts, random) for _ in range(200)}
    low, high = STEPS[attempts - 1] * (1 - JITTER), STEPS[attempts - 1] * (1 + JITTER)
    assert all(step is not None and low <= step <= high for step in steps)
    assert len(steps) > 100


def test_after_the_tenth_attempt_it_is_given_up() -> None:
    assert MAX_ATTEMPTS == 10
    assert step_after(MAX_ATTEMPTS, Random(7)) is None  # noqa: S311 - no secret


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, 5), (2, 30), (3, 60), (4, 120), (6, 480), (7, 900), (8, 900), (100_000, 900)],
)
def test_the_rest_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert rest_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("status", "tired"),
    [(None, True), (500, True), (503, True), (429, True), (400, False), (404, False), (200, False)],
)
def test_only_some_failures_speak_against_the_whole_endpoint(
    status: int | None,
    tired: bool,  # noqa: FBT001 - a table
) -> None:
    assert tires(status) is tired
