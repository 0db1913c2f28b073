import pytest

from api.dashboard.backlog import duration, sentence
from moderation.model.jobs import Lane
from moderation.services.backlog import Backlog


def backlog(live: int, bulk: int, rate: float | None, *, stands_still: bool = False) -> Backlog:
    return Backlog({Lane.LIVE: live, Lane.BULK: bulk}, rate, stands_still)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, ""),
        (backlog(40, 0, 10.0), ""),
        (
            backlog(1240, 0, 5.0),
            (
                "1,240 comments wait for the classifier. The newest will be decided in about "
                "4 minutes."
            ),
        ),
        (
            backlog(1, 0, 0.1),
            "1 comment waits for the classifier. It will be decided in about 10 seconds.",
        ),
        (backlog(12, 0, None), "12 comments wait for the classifier."),
        (
            backlog(0, 99_000, 9.0),
            (
                "99,000 imported comments wait behind the new ones. The last is decided in about "
                "3 hours."
            ),
        ),
        (
            backlog(700, 100_000, 10.0),
            (
                "700 comments wait for the classifier. The newest will be decided in about 1 "
                "minute. More than 100,000 imported comments wait behind the new ones. The last "
                "is decided in about 3 hours."
            ),
        ),
        (
            backlog(3, 4, None, stands_still=True),
            (
                "7 comments wait for the classifier. None was decided in the last minute: no "
                "worker is running, or it is stuck. Tell whoever runs this installation."
            ),
        ),
    ],
)
def test_the_wait_is_said_in_words(found: Backlog | None, words: str) -> None:
    assert sentence(found) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "10 seconds"),
        (44, "40 seconds"),
        (75, "1 minute"),
        (89 * 60, "89 minutes"),
        (3 * 3600, "3 hours"),
        (200 * 3600, "200 hours"),
    ],
)
def test_durations_are_round(seconds: float, words: str) -> None:
    assert duration(seconds) == words
