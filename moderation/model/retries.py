"""When a webhook that failed is tried again, and for how long its endpoint rests.

The steps between attempts are those that https://www.standardwebhooks.com recommends.
"""

from datetime import timedelta
from http import HTTPStatus
from random import Random

STEPS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait after the first failed attempt, the second, and so on."""

MAX_ATTEMPTS = len(STEPS) + 1
JITTER = 0.15
"""Each step is up to this part longer or shorter, so that failures do not come back as a crowd."""

FIRST_REST = STEPS[0]
SECOND_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)

GIVE_UP_AFTER = timedelta(days=5)
"""An endpoint that has not answered for so long is disabled."""

_DOUBLINGS = 10
"""More than it takes from the second rest to the longest."""


def step_after(attempts: int, random: Random) -> timedelta | None:
    """Return how long to wait after so many failed attempts; None: it is given up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return STEPS[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)


def rest_after(failures: int) -> timedelta:
    """Return how long an endpoint rests after so many failures in a row, at least one."""
    if failures == 1:
        return FIRST_REST
    doubled: timedelta = SECOND_REST * 2 ** min(failures - 2, _DOUBLINGS)
    return min(doubled, LONGEST_REST)


def tires(status: int | None) -> bool:
    """Say whether this HTTP status (None: no answer) speaks against the endpoint as a whole."""
    return (
        status is None
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or status == HTTPStatus.TOO_MANY_REQUESTS
    )
