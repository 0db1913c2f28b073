"""What goes wrong ends as a page that says what to do, and tells nothing it should not."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask

from api.dashboard import display
from api.dashboard.sessions import DeskSessions
from moderation.model.errors import StorageUnavailable
from moderation.runtime import Runtime
from moderation.services import queue, sign_in
from moderation.services.people import create_password_link
from moderation.telemetry import configure_logs
from tests.applications import replace_filter
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import Browser

CANARY = "a-one-time-link"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Yield what is logged, by us and by libraries, as it would stand in a file."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs(as_json=True, stream=stream)
    yield stream
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_an_unknown_page_is_a_page_and_an_unknown_api_address_a_document(app: Flask) -> None:
    page = Browser(app).get("/nothing/here", 404)
    assert page.mimetype == "text/html"
    assert "Nothing here" in page.text
    document = Browser(app).get("/v1/nothing", 404)
    assert document.mimetype == "application/problem+json"


def test_a_failing_database_is_a_503_that_says_nothing_is_lost(
    alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StorageUnavailable("host db.internal does not answer")

    monkeypatch.setattr(queue, "queue_page", away)
    response = alice.get("/queue", 503)
    assert response.headers["Retry-After"] == "5"
    assert "Nothing is lost" in response.text
    assert "db.internal" not in response.text


def test_even_a_session_that_cannot_be_read_is_a_503(
    runtime: Runtime, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StorageUnavailable("away")

    monkeypatch.setattr(type(runtime), "reading", away)
    assert "For a moment nothing works" in alice.get("/queue", 503).text


def test_an_unforeseen_error_says_a_number_and_no_word_of_itself(
    alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(queue, "queue_page", broken)
    page = alice.get("/queue", 500).text
    assert "Something went wrong here" in page
    assert "secret detail" not in page


@pytest.mark.parametrize("error", [StorageUnavailable("away"), ZeroDivisionError()])
def test_an_address_that_opens_a_door_is_not_logged(
    app: Flask, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(sign_in, "password_link_owner", broken)
    assert app.test_client().get(f"/password/{CANARY}").status_code >= 500
    assert '"route": "/password/<token>"' in log.getvalue()
    assert CANARY not in log.getvalue()


def test_not_even_where_the_session_cannot_be_kept(
    app: Flask,
    runtime: Runtime,
    agora: Agora,
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StorageUnavailable("away")

    # Flask reports what fails after the view by itself, and would name the address.
    monkeypatch.setattr(DeskSessions, "save_session", away)
    token = create_password_link(runtime, agora.alice.id)
    assert app.test_client().get(f"/password/{token}").status_code >= 500
    assert '"route": "/password/<token>"' in log.getvalue()
    assert token not in log.getvalue()


def test_the_log_names_the_comment_whose_card_breaks(
    runtime: Runtime,
    agora: Agora,
    alice: Browser,
    log: io.StringIO,
) -> None:
    def breaks(text: str, *, lines: bool = True) -> list[display.Piece]:
        if "idiot" in text:
            raise TypeError(text)
        return display.pieces(text, lines=lines)

    comment_id = flagged_comment(runtime, agora.site_id)
    replace_filter(alice.client.application, "pieces", breaks)
    alice.get("/queue")
    assert "idiot" not in log.getvalue()
    assert f'"comment_id": "{comment_id}"' in log.getvalue()


@pytest.mark.parametrize("path", ["/sign-in", "/queue", "/nothing", "/comments", "/queue/count"])
def test_every_answer_carries_the_policy_and_is_not_kept(alice: Browser, path: str) -> None:
    headers = alice.client.get(path).headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_are_served_to_all_under_an_address_of_their_content(app: Flask) -> None:
    page = Browser(app).get("/sign-in").text
    for name in ("style.css", "desk.js", "logo.svg"):
        [address] = set(re.findall(rf'"(/assets/[0-9a-f]{{10}}/{name})"', page))
        with app.test_client().get(address) as file:
            assert file.status_code == 200
            assert "max-age=31536000" in file.headers["Cache-Control"]
    Browser(app).get("/assets/../__init__.py", 404)


def test_a_form_of_a_megabyte_is_refused(alice: Browser) -> None:
    alice.post("/sign-out", 413, note="x" * 1_000_000)


def test_the_first_page_leads_to_the_queue(alice: Browser) -> None:
    assert alice.get("/", 302).location == "/queue"
