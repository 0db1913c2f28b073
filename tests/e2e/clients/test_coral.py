"""Coral's requests over HTTP, to real processes, some of which stand still or are dead."""

import http.client
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from moderation.services.coral import connect
from tests import coral
from tests.coral import PUBLISHED, TOXIC, Obeyed, obey
from tests.e2e.conftest import Copydesk
from tests.factories import INSULT
from tests.installation import DEADLINE, wait_until

Post = Callable[[str], Obeyed]

ADDRESS = "/coral/agora?timeout=3000&format=plain"


@pytest.fixture(scope="module")
def post(copydesk: Copydesk) -> Post:
    """Ask as Coral does, but with more patience: on a busy machine an answer may be late.

    It is our answer that must come by itself, and that it comes while others stand still says so.
    """
    installation = copydesk.installation
    connect(installation.runtime, "agora", coral.SECRET)

    def ask(text: str) -> Obeyed:
        body = coral.written(coral.message(text))
        port = installation.settings.port
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)) as web:
            web.request("POST", ADDRESS, body, coral.headers(body, coral.SECRET))
            answer = web.getresponse()
            return obey(answer.status, answer.read().decode())

    return ask


@contextmanager
def standing_still(copydesk: Copydesk, *names: str) -> Iterator[None]:
    for name in names:
        copydesk.installation.kill(name, signal.SIGSTOP)
    try:
        yield
    finally:
        for name in names:
            copydesk.installation.kill(name, signal.SIGCONT)


def of_coral(copydesk: Copydesk, text: str) -> list[str]:
    """Return the status of comments of Coral's with this text, once for each decision."""
    rows = copydesk.installation.rows(
        "SELECT c.status, c.text FROM comments c JOIN decisions d ON d.comment_id = c.id"
        " WHERE c.external_id LIKE 'coral:%'"
    )
    return [row.status for row in rows if row.text == text]


def test_comments_are_decided_while_coral_waits(copydesk: Copydesk, post: Post) -> None:
    wait_until(lambda: post("I disagree, and here is why.") == Obeyed(PUBLISHED))
    wait_until(lambda: post(INSULT) == Obeyed("PREMOD", (TOXIC,)))
    assert of_coral(copydesk, INSULT) == ["flagged"]


def test_the_scoring_process_is_not_needed(copydesk: Copydesk, post: Post) -> None:
    with standing_still(copydesk, "scoring"):
        wait_until(lambda: post("Good morning, all of you.") == Obeyed(PUBLISHED))
        assert of_coral(copydesk, "Good morning, all of you.") == ["approved"]


def test_workers_that_stand_still_delay_no_answer(copydesk: Copydesk, post: Post) -> None:
    with standing_still(copydesk, "classify", "retry"):
        assert post("Said while nobody works.") == Obeyed("PREMOD")
    wait_until(lambda: of_coral(copydesk, "Said while nobody works.") == ["approved"])
    wait_until(lambda: post("Said while nobody works.") == Obeyed(PUBLISHED))


def test_workers_that_are_dead_delay_none_either(copydesk: Copydesk, post: Post) -> None:
    copydesk.installation.kill("classify")
    assert post("Said while all are dead.") == Obeyed("PREMOD")
    copydesk.installation.start("classify")
    wait_until(lambda: of_coral(copydesk, "Said while all are dead.") == ["approved"])
