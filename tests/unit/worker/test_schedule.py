"""Beat keeps its pace whoever sets the clock."""

import pickle
from datetime import timedelta

import pytest

from moderation.calls import make_celery
from worker.schedule import Every

HOUR = timedelta(hours=1)


@pytest.fixture
def every_second() -> Every:
    schedule = Every(1.0)
    schedule.app = make_celery("redis://127.0.0.1:6379/0")
    return schedule


def test_what_ran_just_now_is_not_due(every_second: Every) -> None:
    due, seconds = every_second.is_due(every_second.now())
    assert not due
    assert 0 < seconds <= 1


def test_what_ran_a_second_ago_is_due(every_second: Every) -> None:
    assert every_second.is_due(every_second.now() - timedelta(seconds=1)) == (True, 1)


def test_what_a_beat_before_ran_in_the_future_is_due(every_second: Every) -> None:
    assert every_second.is_due(every_second.now() + HOUR) == (True, 1)


def test_beat_can_keep_it_in_its_file(every_second: Every) -> None:
    assert pickle.loads(pickle.dumps(every_second)) == every_second  # noqa: S301 - our own
