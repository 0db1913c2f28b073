"""How long a client is ready to wait, and how many may."""

import pytest
from flask import Flask

from api.v1.waiting import Seats, wanted_seconds

APP = Flask(__name__)


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait=5", 5),
        ("wait=10", 10),
        ("wait=11", 10),
        ("wait=" + "9" * 5000, 10),
        ("respond-async, wait=3", 3),
        ('wait="3"', 3),
        ("Wait=5", 5),
        ("wait=5; x=y", 5),
        ("wait=5;x=y", 5),
        ("wait = 5", 5),
        ('wait="5"; x="a, b"', 5),
        ("respond-async; x, WAIT=4 ;y", 4),
        ('handling="a, wait=9", wait=4', 4),
        ("wait=3, wait=9", 3),
        ("x; wait=5", 0),
        ("handling=wait", 0),
        ("wait=0", 0),
        ("wait=-1", 0),
        ("wait=1.5", 0),
        ("wait=\u0663", 0),
        ("wait", 0),
        ("waiting=5", 0),
        ("", 0),
    ],
)
def test_the_preference_is_read(prefer: str, seconds: int) -> None:
    with APP.test_request_context(environ_overrides={"HTTP_PREFER": prefer}):
        assert wanted_seconds() == seconds


@pytest.mark.parametrize(("threads", "seats"), [(4, 1), (7, 1), (16, 4), (128, 32)])
def test_a_quarter_of_the_threads_may_wait(threads: int, seats: int) -> None:
    made = Seats(threads)
    assert [made.take() for _ in range(seats)] == [True] * seats
    assert not made.take()
    made.leave()
    assert made.take()
