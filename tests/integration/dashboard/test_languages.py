"""The desk speaks the language that somebody chose, or that their browser asks for."""

import pytest
from flask import Flask, g

from moderation.model.preferences import Preferences
from moderation.runtime import Runtime
from moderation.services.preferences import choose
from tests.factories import HOSTILE, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser

GERMAN = Preferences(language="de")


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,en;q=0.9,de;q=0.1", "en"),
        ("fr,de;q=0.5", "de"),
        ("fr", "en"),
        ("\xff;;q=", "en"),
        ("", "en"),
    ],
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(
    alice: Browser, asked: str, spoken: str
) -> None:
    page = alice.get("/your-desk", **{"Accept-Language": asked}).text
    assert f'<html lang="{spoken}">' in page


def test_what_somebody_chose_goes_before_what_their_browser_asks_for(
    alice: Browser, olga: Browser
) -> None:
    asked = {"Accept-Language": "en"}
    alice.get("/your-desk")
    page = alice.get(alice.post("/your-desk", language="de").location, **asked).text
    assert '<html lang="de">' in page
    assert '<option value="de" lang="de" selected>Deutsch</option>' in page
    assert '<html lang="en">' in olga.get("/your-desk", **asked).text
    alice.post("/your-desk", language="")
    assert '<html lang="en">' in alice.get("/your-desk", **asked).text


@pytest.mark.parametrize("unknown", ["fr", "../de", "DE", "x" * 36])
def test_a_language_that_the_desk_does_not_speak_is_refused(alice: Browser, unknown: str) -> None:
    alice.get("/your-desk")
    alice.post("/your-desk", 422, language=unknown)


def test_what_waits_is_shown_in_german_and_what_was_written_as_it_was_written(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    submit(runtime, agora.site_id, "c1", text="Next comment, 100 % of it")
    classify_all(runtime, HOSTILE)
    choose(runtime, agora.alice, GERMAN)
    page = alice.get("/queue").text
    assert "Next comment, 100 % of it" in page
    assert "Beleidigung 0,9" in page
    assert "ab 0,8" in page
    assert "vor" in page or "gerade eben" in page


def test_an_error_of_the_domain_is_said_in_german(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    choose(runtime, agora.alice, GERMAN)
    page = alice.get("/comments/00000000-0000-0000-0000-000000000000", 404).text
    assert "Hier ist nichts" in page
    assert "Diesen Kommentar gibt es nicht." in page


def test_what_is_wrong_with_a_form_is_said_in_german(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    choose(runtime, agora.olga, GERMAN)
    olga.get("/reasons")
    page = olga.post("/reasons", 409).text
    assert "Jemand hat die Gründe geändert, seit Sie sie geöffnet haben" in page


def test_why_nothing_was_changed_is_said_in_german(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    choose(runtime, agora.alice, GERMAN)
    comment_id = submit(runtime, agora.site_id, "c1").comment_id
    classify_all(runtime, HOSTILE)
    address, form = f"/comments/{comment_id}/decide", {"action": "approve", "part": "yes"}
    alice.get("/queue")
    olga.get("/queue")
    olga.post(f"/comments/{comment_id}/claim", 204)
    part = alice.post(address, 409, seen=1, **form).text
    assert "Nichts wurde geändert." in part
    assert "Olga sieht diesen Kommentar gerade an." in part
    olga.post(address, 200, seen=1, **form)
    part = alice.post(address, 409, seen=1, **form).text
    assert "Jemand hat über diesen Kommentar entschieden" in part


def test_so_it_is_before_anybody_has_signed_in(app: Flask, agora: Agora) -> None:
    browser = Browser(app)
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    page = browser.sign_in(agora.alice, 401, password="wrong").text  # noqa: S106 - for tests
    assert "Die Adresse oder das Passwort ist falsch." in page


def test_only_the_first_letter_of_a_line_is_changed(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    choose(runtime, agora.alice, GERMAN)
    assert "Angriff auf eine Identität" in alice.get("/your-desk").text
    assert "Schwere Toxizität" in alice.get("/your-desk").text


def test_what_a_template_writes_of_a_constant_is_in_the_language_of_each_page(app: Flask) -> None:
    template = app.jinja_env.from_string(
        "{{ 0.5 | unrounded }} {{ _('%(n)s h', n=0.5 | number(1)) }}"
    )
    for spoken, written in (("en", "0.5 0.5 h"), ("de", "0,5 0,5 Std.")):
        with app.test_request_context():
            g.language = spoken
            assert template.render() == written
