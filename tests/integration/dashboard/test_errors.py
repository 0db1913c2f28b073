"""What goes wrong ends as a page that says what to do, and tells nothing it should not."""

import pytest
from flask import Flask

from moderation.model.errors import StorageUnavailable
from moderation.runtime import Runtime
from moderation.services import desk
from tests.integration.dashboard.conftest import Browser


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

    monkeypatch.setattr(desk, "queue_page", away)
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

    monkeypatch.setattr(desk, "queue_page", broken)
    page = alice.get("/queue", 500).text
    assert "Something went wrong here" in page
    assert "secret detail" not in page


@pytest.mark.parametrize("path", ["/sign-in", "/queue", "/nothing", "/comments", "/queue/count"])
def test_every_answer_carries_the_policy_and_is_not_kept(alice: Browser, path: str) -> None:
    headers = alice.client.get(path).headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_are_served_to_all_and_named_by_their_content(app: Flask) -> None:
    page = Browser(app).get("/sign-in").text
    for name in ("style.css", "desk.js", "logo.svg"):
        [address] = {part for part in page.split('"') if part.startswith(f"/assets/{name}?v=")}
        with app.test_client().get(address) as file:
            assert file.status_code == 200
            assert "max-age=31536000" in file.headers["Cache-Control"]
    Browser(app).get("/assets/../__init__.py", 404)


def test_a_form_of_a_megabyte_is_refused(alice: Browser) -> None:
    alice.post("/sign-out", 413, note="x" * 1_000_000)


def test_the_first_page_leads_to_the_queue(alice: Browser) -> None:
    assert alice.get("/", 302).location == "/queue"
