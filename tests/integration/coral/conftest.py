"""The web in this process, over a real database; and a thread that decides what comes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderation.model.labels import Scores
from moderation.runtime import Runtime
from moderation.services.coral import connect
from tests import coral
from tests.applications import application
from tests.coral import Obeyed, obey
from tests.factories import Agora, classify_all

ADDRESS = "/coral/agora?timeout=10000&format=plain"
Post = Callable[..., TestResponse]


@pytest.fixture
def app(runtime: Runtime, agora: Agora) -> Iterator[Flask]:
    """Yield the application; the site Agora is connected with its Coral."""
    del agora
    connect(runtime, "agora", coral.SECRET)
    with application(runtime) as made:
        yield made


@pytest.fixture
def post(app: Flask) -> Post:
    """Ask as Coral does, about a comment or with a whole message."""
    return poster(app.test_client())


def poster(client: FlaskClient) -> Post:
    def ask(sent: object, address: str = ADDRESS, *secrets: str) -> TestResponse:
        body = coral.written(coral.message(sent) if isinstance(sent, str) else sent)
        signed = coral.headers(body, *(secrets or (coral.SECRET,)))
        return client.post(address, data=body, headers=signed)

    return ask


def obeyed(answer: TestResponse) -> Obeyed:
    return obey(answer.status_code, answer.text)


def held(answer: TestResponse) -> str | None:
    """Return why a comment was held without being judged."""
    assert obeyed(answer) == Obeyed("PREMOD")
    return answer.headers.get("Copydesk-Reason")


@contextmanager
def deciding(runtime: Runtime, scores: Scores) -> Iterator[None]:
    """Decide what comes, as workers whose classifier always says the same."""
    over = Event()

    def work() -> None:
        while not over.wait(0.01):
            classify_all(runtime, scores)

    worker = Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()
