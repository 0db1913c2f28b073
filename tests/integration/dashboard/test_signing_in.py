"""Signing in and out, and what a session is worth."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask

from api.dashboard.throttle import PER_ACCOUNT
from moderation.runtime import Runtime, make_runtime
from moderation.services.people import create_password_link, disable_user
from moderation.settings import Settings
from tests.applications import application
from tests.factories import Agora, FakeClock, add_bob, make_agora
from tests.integration.dashboard.conftest import PASSWORD, Browser, serving

WRONG = "not the password"
NEW = "another horse, another battery"


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(app: Flask, agora: Agora) -> None:
    browser = Browser(app)
    led = browser.get("/comments?status=flagged", 303)
    assert led.location == "/sign-in?next=/comments?status%3Dflagged"
    browser.get(led.location)
    entered = browser.post(
        "/sign-in", email="alice@example.org", password=PASSWORD, next="/comments?status=flagged"
    )
    assert entered.location == "/comments?status=flagged"
    assert agora.alice.name in browser.get(entered.location).text


@pytest.mark.parametrize(
    "next_page",
    [
        "https://evil.example/",
        "//evil.example/queue",
        "//queue",
        "/\\evil.example",
        "/v1/docs",
        "queue",
        "",
    ],
)
def test_signing_in_leads_nowhere_but_to_our_own_pages(
    app: Flask, agora: Agora, next_page: str
) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    form = {"email": agora.alice.email, "password": PASSWORD, "next": next_page}
    assert browser.post("/sign-in", **form).location == "/queue"


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(
    app: Flask, agora: Agora
) -> None:
    browser = Browser(app)
    wrong = browser.sign_in(agora.alice, 401, WRONG).text
    browser.get("/sign-in")
    form = {"email": "nobody@example.org", "password": PASSWORD}
    unknown = browser.post("/sign-in", 401, **form).text
    said = "The address or the password is wrong."
    assert said in wrong
    assert said in unknown


def test_an_unknown_address_takes_as_long_as_a_wrong_password(app: Flask, agora: Agora) -> None:
    browser = Browser(app)
    browser.get("/sign-in")

    def seconds(email: str) -> float:
        # Of computing: a test that runs beside this one takes none of them away.
        began = time.process_time()
        browser.post("/sign-in", 401, email=email, password=WRONG)
        return time.process_time() - began

    browser.post("/sign-in", 401, email="warm@example.org", password=WRONG)
    known, unknown = (
        min(seconds(email) for _ in range(5)) for email in (agora.alice.email, "nobody@example.org")
    )
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize("password", ["x" * 1025, "x" * 200_000, "\0", ""])
def test_odd_passwords_are_only_wrong(app: Flask, agora: Agora, password: str) -> None:
    Browser(app).sign_in(agora.alice, 401, password)


def test_an_address_is_known_in_any_case_of_letters(app: Flask, agora: Agora) -> None:
    del agora
    browser = Browser(app)
    browser.get("/sign-in")
    browser.post("/sign-in", email=" ALICE@Example.org ", password=PASSWORD)
    browser.get("/queue")


def test_a_signed_out_session_cannot_be_replayed(app: Flask, alice: Browser) -> None:
    stolen = alice.cookie()
    assert alice.post("/sign-out").location == "/sign-in"
    thief = Browser(app)
    thief.client.set_cookie("copydesk", stolen)
    assert thief.get("/queue", 303).location.startswith("/sign-in")


def test_signing_in_changes_the_cookie(app: Flask, agora: Agora) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    before = browser.cookie()
    browser.sign_in(agora.alice)
    first = browser.cookie()
    browser.post("/sign-out")
    browser.sign_in(agora.alice)
    assert len({before, first, browser.cookie()}) == 3


def test_only_a_digest_of_the_session_is_stored(runtime: Runtime, alice: Browser) -> None:
    with runtime.reading() as connection:
        stored = connection.exec_driver_sql("SELECT * FROM sessions").fetchall()
    assert len(stored) == 1
    assert alice.cookie() not in str(stored)


def test_a_visitor_who_only_looks_leaves_no_row(app: Flask, runtime: Runtime) -> None:
    for _ in range(3):
        Browser(app).get("/sign-in")
    with runtime.reading() as connection:
        assert connection.exec_driver_sql("SELECT * FROM sessions").fetchall() == []


def test_a_disabled_person_is_out_at_once(
    runtime: Runtime, app: Flask, alice: Browser, agora: Agora
) -> None:
    disable_user(runtime, agora.alice.email)
    assert alice.get("/queue", 303).location.startswith("/sign-in")
    Browser(app).sign_in(agora.alice, 401)


def test_an_unknown_or_broken_cookie_is_nobodys(app: Flask) -> None:
    for cookie in ("x" * 43, "a.b.c", "", "\u00e9", "x" * 4000):
        browser = Browser(app)
        browser.client.set_cookie("copydesk", cookie)
        browser.get("/queue", 303)


def test_a_changed_password_ends_the_other_sessions(
    app: Flask, alice: Browser, agora: Agora
) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in(agora.alice)
    alice.get("/password")
    assert "present password" in alice.post("/password", 422, old="wrong", new="x" * 12).text
    assert "12" in alice.post("/password", 422, old=PASSWORD, new="short").text
    alice.post("/password", old=PASSWORD, new=NEW)
    assert "password is changed" in alice.get("/queue").text
    elsewhere.get("/queue", 303)
    Browser(app).sign_in(agora.alice, 401)
    Browser(app).sign_in(agora.alice, password=NEW)


def test_a_password_link_works_once(app: Flask, runtime: Runtime, agora: Agora) -> None:
    bob = add_bob(runtime, agora.site_id)
    link = f"/password/{create_password_link(runtime, bob.id)}"
    browser = Browser(app)
    browser.get(link)
    assert "bob@example.org" in browser.get(link).text
    browser.post(link, 422, new="short")
    browser.post(link, new=NEW)
    assert "Your password is set" in browser.get("/queue").text
    late = Browser(app)
    late.get(link, 404)
    late.get("/sign-in")
    late.post(link, 404, new="a password of theirs")
    Browser(app).sign_in(bob, password=NEW)


@pytest.fixture
def held(held_runtime: Runtime) -> Iterator[tuple[Flask, Agora]]:
    agora = make_agora(held_runtime)
    with serving(held_runtime, agora) as app:
        yield app, agora


def test_a_session_ends_when_it_is_idle_but_polling_is_no_activity(
    held: tuple[Flask, Agora], clock: FakeClock
) -> None:
    app, agora = held
    active, polling = Browser(app), Browser(app)
    active.sign_in(agora.alice)
    polling.sign_in(agora.alice)
    for _ in range(5):
        clock.pass_time(minutes=25)
        active.get("/queue")
        assert polling.client.get("/queue/count").status_code in (200, 303)
    active.get("/queue")
    polling.get("/queue", 303)


def test_no_session_outlives_twelve_hours(held: tuple[Flask, Agora], clock: FakeClock) -> None:
    app, agora = held
    browser = Browser(app)
    browser.sign_in(agora.alice)
    for _ in range(11):
        clock.pass_time(hours=1)
        browser.get("/queue")
    clock.pass_time(hours=1)
    browser.get("/queue", 303)


def test_guessing_is_slowed_down_per_account_however_it_is_written(
    held: tuple[Flask, Agora],
) -> None:
    app, agora = held
    browser = Browser(app)
    browser.get("/sign-in")
    for n in range(PER_ACCOUNT):
        email = agora.alice.email.upper() if n % 2 else agora.alice.email
        browser.post("/sign-in", 401, email=email, password=WRONG)
    refused = browser.post("/sign-in", 429, email=agora.alice.email, password=PASSWORD)
    assert "Retry-After" in refused.headers
    browser.post("/sign-in", email=agora.olga.email, password=PASSWORD)


def test_guessing_is_slowed_down_per_address(held: tuple[Flask, Agora]) -> None:
    app, agora = held
    browser = Browser(app)
    browser.get("/sign-in")
    for n in range(30):
        browser.post("/sign-in", 401, email=f"p{n}@example.org", password=WRONG)
    browser.post("/sign-in", 429, email=agora.olga.email, password=PASSWORD)


def test_over_https_the_cookie_promises_that_only_this_host_set_it(settings: Settings) -> None:
    secure = settings.model_copy(update={"public_url": "https://desk.example.org"})
    with application(make_runtime(secure)) as app:
        answer = app.test_client().get("/sign-in", base_url="https://desk.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-copydesk=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
