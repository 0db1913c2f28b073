"""Feeds: what waits for one person, for whoever has the address, and nothing to decide there."""

import re
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

from flask import Flask

from api.notifications.endpoints import A_MINUTE
from moderation.model.comments import Format
from moderation.model.decisions import Action
from moderation.model.notifications import MailKind, MailWhen, Wishes
from moderation.model.people import User
from moderation.runtime import Runtime
from moderation.services.notifications import (
    make_feed,
    notifications_of,
    save_wishes,
    stop_token,
)
from moderation.services.people import create_password_link, disable_user, enable_user
from moderation.services.setting_aside import escalate
from moderation.services.sign_in import change_password, use_password_link
from moderation.services.waiting_list import MOST
from tests.applications import application
from tests.complaining import appealed, decide, let_sign_in
from tests.factories import HOSTILE, Agora, classify_all, flagged_comment, submit
from tests.integration.dashboard.conftest import PASSWORD, Browser

CHOSEN = re.compile(r'value="(\w+)" (?:selected|checked)>')
ATOM = "{http://www.w3.org/2005/Atom}"


def read(app: Flask, token: str) -> ET.Element:
    response = app.test_client().get(f"/feeds/{token}")
    assert response.status_code == 200
    return ET.fromstring(response.data)  # noqa: S314 - our own


def said(parent: ET.Element, name: str) -> str:
    text = parent.findtext(f"{ATOM}{name}")
    assert text
    return text


def links(feed: ET.Element) -> list[str]:
    found = [entry.find(f"{ATOM}link") for entry in feed.findall(f"{ATOM}entry")]
    return [link.attrib["href"] for link in found if link is not None]


def with_text(runtime: Runtime, user: User) -> str:
    save_wishes(runtime, user, Wishes(with_text=True))
    return make_feed(runtime, user)


def test_a_feed_says_what_waits_and_why_and_leads_to_the_desk(
    runtime: Runtime, app: Flask, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    flagged_comment(runtime, agora.other_site_id, "elsewhere")
    token = make_feed(runtime, agora.alice)
    feed = read(app, token)
    # What RFC 4287 demands of a feed and of its entries (4.1.1, 4.1.2).
    assert feed.tag == f"{ATOM}feed"
    for each in (feed, *feed.findall(f"{ATOM}entry")):
        assert said(each, "id").startswith("urn:uuid:")
        assert said(each, "title")
        assert datetime.fromisoformat(said(each, "updated"))
        assert [link.attrib["rel"] for link in each.findall(f"{ATOM}link")] == ["alternate"]
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Copydesk"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert said(entry, "title") == "Agora: insult, toxicity"
    assert entry.find(f"{ATOM}content") is None
    assert b"idiot" not in ET.tostring(feed)
    (link,) = links(feed)
    assert link == f"{runtime.settings.base_url}/comments/{comment_id}"
    answer = app.test_client().get(link.removeprefix(runtime.settings.base_url))
    assert "/sign-in" in answer.headers["Location"]


def test_a_feed_is_private_knows_no_cookie_and_is_sent_once_while_nothing_changed(
    runtime: Runtime, app: Flask, agora: Agora
) -> None:
    client, path = app.test_client(), f"/feeds/{make_feed(runtime, agora.alice)}"
    first = client.get(path)
    assert first.content_type == "application/atom+xml; charset=utf-8"
    assert "private" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    flagged_comment(runtime, agora.site_id)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert client.post(path).status_code == 405


def test_a_token_that_is_no_good_is_answered_like_an_address_that_nobody_serves(
    runtime: Runtime, app: Flask, agora: Agora
) -> None:
    client = app.test_client()
    old = make_feed(runtime, agora.alice)
    new = make_feed(runtime, agora.alice)
    assert client.get(f"/feeds/{new}").status_code == 200
    disable_user(runtime, agora.alice.email)
    answers = [client.get(f"/{path}") for path in ("nowhere", f"feeds/{old}", f"feeds/{new}")]
    answers.append(client.get("/feeds/" + "x" * 2000))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_feed_ends_where_its_owner_is_locked_out_or_gets_another_password(
    runtime: Runtime, app: Flask, agora: Agora
) -> None:
    alice = agora.alice

    def locked_out() -> None:
        disable_user(runtime, alice.email)
        enable_user(runtime, alice.email)

    def changed() -> None:
        change_password(runtime, alice, PASSWORD, PASSWORD[::-1])

    def reset() -> None:
        use_password_link(runtime, create_password_link(runtime, alice.id), PASSWORD)

    for end in (locked_out, changed, reset):
        token = make_feed(runtime, alice)
        read(app, token)
        end()
        assert app.test_client().get(f"/feeds/{token}").status_code == 404, end.__name__
        assert notifications_of(runtime, alice).feed_made_at is None


def test_only_what_the_person_may_decide_on_is_listed_in_the_order_of_the_queue(
    runtime: Runtime, app: Flask, agora: Agora
) -> None:
    let_sign_in(runtime, agora.alice, agora.olga)
    contested, plain, escalated = (
        flagged_comment(runtime, agora.site_id, name)
        for name in ("contested", "plain", "escalated")
    )
    decide(runtime, agora.alice, contested, Action.REJECT)
    appealed(runtime, agora.site_id, contested)
    escalate(runtime, agora.alice, escalated, seen=1)
    base = runtime.settings.base_url
    alices, olgas = (read(app, make_feed(runtime, one)) for one in (agora.alice, agora.olga))
    assert links(alices) == [f"{base}/comments/{plain}"]
    assert links(olgas) == [f"{base}/comments/{one}" for one in (plain, escalated, contested)]


def test_no_more_than_fifty_are_listed(runtime: Runtime, app: Flask, agora: Agora) -> None:
    for n in range(MOST + 2):
        submit(runtime, agora.site_id, f"c{n}", text=f"You are an idiot, {n}.")
    classify_all(runtime, HOSTILE)
    assert len(links(read(app, make_feed(runtime, agora.alice)))) == MOST


def test_html_is_listed_as_readers_see_it(runtime: Runtime, app: Flask, agora: Agora) -> None:
    submit(
        runtime, agora.site_id, "html", text="<p>You <b>id</b>iot &amp; co</p>", format=Format.HTML
    )
    classify_all(runtime, HOSTILE)
    (content,) = read(app, with_text(runtime, agora.alice)).iter(f"{ATOM}content")
    assert content.text == "You idiot & co"


def test_whoever_asks_too_often_has_to_wait(runtime: Runtime, agora: Agora) -> None:
    limited = replace(runtime, settings=runtime.settings.model_copy(update={"rate_limits": True}))
    path = f"/feeds/{make_feed(runtime, agora.alice)}"
    with application(limited) as app:
        answers = [app.test_client().get(path) for _ in range(A_MINUTE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "60")


def test_the_address_of_a_feed_is_shown_once_and_ends_with_the_next(
    app: Flask, alice: Browser
) -> None:
    assert 'href="/notifications"' in alice.get("/queue").text
    tokens = []
    for _ in range(2):
        alice.get("/notifications")
        alice.post("/notifications/feed")
        (token,) = re.findall(r"/feeds/([\w-]{43})<", alice.get("/notifications").text)
        tokens.append(token)
        assert token not in alice.get("/notifications").text
    old, new = tokens
    client = app.test_client()
    assert [client.get(f"/feeds/{token}").status_code for token in (old, new)] == [404, 200]
    alice.post("/notifications/feed/end")
    assert client.get(f"/feeds/{new}").status_code == 404


def test_what_is_chosen_is_kept_and_nothing_else_can_be(alice: Browser, olga: Browser) -> None:
    page = olga.get("/notifications").text
    assert "has to set COPYDESK_SMTP_URL" in page
    assert 'name="warnings"' in page
    assert 'name="warnings"' not in alice.get("/notifications").text
    wishes = {"mail": "daily", "hour": "18", "at_least": "10", "minutes": "240", "with_text": "yes"}
    olga.post("/notifications", **wishes, warnings="yes")
    assert "are saved" in olga.get("/notifications").text
    page = olga.get("/notifications").text
    assert CHOSEN.findall(page) == ["daily", "18", "10", "240", "yes", "yes"]
    for wrong in ({"hour": "24"}, {"mail": "hourly"}, {"minutes": "1"}, {"at_least": "-1"}):
        olga.post("/notifications", 422, **(wishes | wrong))
    assert CHOSEN.findall(olga.get("/notifications").text) == CHOSEN.findall(page)


def test_a_link_to_stop_mails_decides_nothing_until_it_is_posted(
    runtime: Runtime, app: Flask, agora: Agora
) -> None:
    save_wishes(runtime, agora.olga, Wishes(MailWhen.DAILY, warnings=True))
    client = app.test_client()
    token = stop_token(runtime.settings, MailKind.WARNING, agora.olga.id)
    assert "Send me no more" in client.get(f"/stop-mail/{token}").text
    assert notifications_of(runtime, agora.olga).wishes.warnings
    # As mail programs do it (RFC 8058): no cookie, no token of a form.
    one_click = {"List-Unsubscribe": "One-Click"}
    assert "No more mails" in client.post(f"/stop-mail/{token}", data=one_click).text
    assert notifications_of(runtime, agora.olga).wishes == Wishes(MailWhen.DAILY)
    assert client.get("/stop-mail/made.up").status_code == 404
    assert client.post(f"/stop-mail/{token}x", data=one_click).status_code == 404
