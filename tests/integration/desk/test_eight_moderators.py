"""Eight moderators clear a queue over HTTP at once, each with a session and a connection."""

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from moderation.model.comments import Status
from moderation.model.decisions import Source
from moderation.model.desk import EVERYTHING
from moderation.model.people import Role, User
from moderation.runtime import Runtime
from moderation.services.handing_out import hand_out
from moderation.storage import comments, decisions, reviews, users
from tests.answering import answering
from tests.applications import application
from tests.factories import HOSTILE, Agora, classify_all, make_user, submit
from tests.installation import DEADLINE
from tests.integration.dashboard.conftest import PASSWORD, password_hash

MODERATORS = 8
COMMENTS = 120
FEWEST = 3
"""That each of them clears: whoever got less was held up by the others."""

_FORM = re.compile(r'<form[^>]*action="(/comments/[^"]+/decide)"[^>]*>(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


@dataclass
class Moderator:
    """Presses "Next" and approves what is handed out, until nothing is left."""

    user: User
    port: int
    cookie: str = ""
    decided: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)

    def sign_in(self) -> None:
        page = self._ask("GET", "/sign-in")
        form = dict(_FIELD.findall(page)) | {"email": self.user.email, "password": PASSWORD}
        self._ask("POST", "/sign-in", form)

    def clear(self, until: float) -> None:
        page = self._ask("GET", "/next")
        while "Nothing waits for you" not in page:
            assert time.monotonic() < until
            if found := _FORM.search(page):
                action, fields = found.groups()
                form = {name: unescape(value) for name, value in _FIELD.findall(fields)}
                page = self._ask("POST", action, form | {"action": "approve"})
                self.decided.append(action)
            else:
                # Colleagues are on all that is left.
                threading.Event().wait(0.05)
                page = self._ask("GET", "/next")

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        body = None if form is None else urlencode(form)
        headers = {"Cookie": self.cookie}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        said = answer.read().decode()
        assert answer.status in {200, 303}, said
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        if answer.status == 303:
            return self._ask("GET", answer.getheader("Location") or "")
        return said


@pytest.fixture
def moderators(runtime: Runtime, agora: Agora) -> Iterator[list[Moderator]]:
    """Yield people at Agora who are signed in, before a server of many threads."""
    people = [make_user(runtime, f"M{n}", Role.MODERATOR, agora.site_id) for n in range(MODERATORS)]
    with runtime.transaction() as connection:
        for user in people:
            users.set_password_hash(connection, user.id, password_hash())
    with application(runtime) as app, _served(app) as port, ExitStack() as stack:
        made = [Moderator(user, port) for user in people]
        for one in made:
            stack.callback(one.connection.close)
            one.sign_in()
        yield made


@contextmanager
def _served(app: Flask) -> Iterator[int]:
    """Serve an application with a thread for each request; yield the port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    with answering(server):
        yield server.port


def test_eight_clear_a_queue_without_a_collision(
    runtime: Runtime, agora: Agora, moderators: list[Moderator]
) -> None:
    for number in range(COMMENTS):
        submit(runtime, agora.site_id, f"c{number}", text=f"You idiot, number {number}.")
    classify_all(runtime, HOSTILE)
    with ThreadPoolExecutor(MODERATORS) as pool:
        until = time.monotonic() + DEADLINE
        for done in [pool.submit(one.clear, until) for one in moderators]:
            done.result()
    decided = [action for one in moderators for action in one.decided]
    assert len(decided) == len(set(decided)) == COMMENTS
    assert min(len(one.decided) for one in moderators) >= FEWEST
    assert _by_people(runtime) == COMMENTS
    assert _waiting(runtime) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_a_colleague_is_taking_just_now_is_passed_over(runtime: Runtime, agora: Agora) -> None:
    for number in range(4):
        submit(runtime, agora.site_id, f"c{number}")
    classify_all(runtime, HOSTILE)
    c = reviews.reviews.c
    with runtime.transaction() as other:
        front = select(c.comment_id).order_by(c.due_at, c.id).limit(2).with_for_update()
        taken = set(other.execute(front).scalars())
        handed = hand_out(runtime, agora.alice, [agora.site_id], EVERYTHING)
        assert handed.card is not None
        assert handed.coming is not None
        assert not {handed.card.comment.id, handed.coming.comment.id} & taken


def _by_people(runtime: Runtime) -> int:
    of_people = decisions.decisions.c.source == Source.MODERATOR
    with runtime.reading() as connection:
        found = connection.execute(select(decisions.decisions.c.comment_id).where(of_people))
        ids = list(found.scalars())
    assert len(ids) == len(set(ids))
    return len(ids)


def _waiting(runtime: Runtime) -> list[object]:
    c = comments.comments.c
    with runtime.reading() as connection:
        return list(connection.execute(select(c.id).where(c.status == Status.FLAGGED)).scalars())
