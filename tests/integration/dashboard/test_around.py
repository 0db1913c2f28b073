"""What stands around a comment, as its page and its card show it."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from api.dashboard import changes
from moderation.model.comments import Author, Thread
from moderation.model.ids import CommentId
from moderation.model.team_notes import About
from moderation.runtime import Runtime
from moderation.services.sites import change_site
from moderation.services.team_notes import add_note
from tests.applications import replace_filter
from tests.factories import HOSTILE, Agora, classify_all, flagged_comment, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_hostile_text import NASTY, inspect

NEWS = "https://www.news.example/trams"
NEW_TAB = 'target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer"'


def reply(runtime: Runtime, agora: Agora, **fields: Any) -> CommentId:  # noqa: ANN401 - fields of NewComment
    """Return a flagged reply by Karim to Ines in a thread."""
    thread = Thread(id="trams", title="Trams", url=NEWS)
    both = {"thread": thread, **fields}
    submit(runtime, agora.site_id, "p", text="Trams <b>are</b> fine.", author=Author(name="Ines"))
    classify_all(runtime)
    values = {"author": Author(id="u1", name="Karim"), "parent_external_id": "p", **both}
    comment_id = submit(runtime, agora.site_id, "r", text="You are an idiot.", **values).comment_id
    classify_all(runtime, HOSTILE)
    return comment_id


def test_a_card_shows_what_a_reply_answers_and_how_many_notes_there_are(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = reply(runtime, agora)
    add_note(runtime, agora.olga, comment_id, About.COMMENT, "Look twice.")
    add_note(runtime, agora.olga, comment_id, About.AUTHOR, "Was warned.")
    page = alice.get("/queue").text
    assert re.search(r'Answers <a href="/comments/[^"]+"><bdi dir="auto">Ines</bdi></a>', page)
    assert "Trams &lt;b&gt;are&lt;/b&gt; fine.</bdi></q>" in page
    assert f'<a class="noted" href="/comments/{comment_id}#team-notes">2 team notes</a>' in page


def test_a_parent_that_was_never_sent_is_said(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = reply(runtime, agora, parent_external_id="never-sent")
    page = alice.get(f"/comments/{comment_id}").text
    assert "never-sent</bdi>, which the site never sent here" in page
    assert "<h3>It answers</h3>" not in page
    alice.get("/queue")


def test_addresses_are_links_only_to_the_site_s_own_hosts(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = reply(runtime, agora, url="https://evil.example/#news.example")
    for path in ("/queue", f"/comments/{comment_id}"):
        assert "http" not in "".join(inspect(alice.get(path).text).links)
    change_site(runtime, "agora", hosts=["news.example"])
    page = alice.get(f"/comments/{comment_id}").text
    assert page.count(f'<a href="{NEWS}" {NEW_TAB}>') == 2
    assert 'href="https://evil' not in page
    assert f'<a href="{NEWS}" {NEW_TAB}>Article' in alice.get("/queue").text


def test_hostile_parents_authors_notes_and_edits_become_no_markup(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    change_site(runtime, "agora", hosts=["evil.example.invalid"])
    for nasty in NASTY:
        author = Author(id=nasty[:255], name=nasty[:255])
        fields = {"author": author, "thread": Thread(id="t"), "url": nasty}
        submit(runtime, agora.site_id, nasty[:255], text=nasty, **fields)
        values = fields | {"parent_external_id": nasty[:255]}
        first = submit(runtime, agora.site_id, f"reply {nasty}"[:255], text=nasty, **values)
        submit(runtime, agora.site_id, f"reply {nasty}"[:255], text=f"{nasty} {nasty}x", **values)
        add_note(runtime, agora.alice, first.comment_id, About.AUTHOR, nasty[:1000])
        page = alice.get(f"/comments/{first.comment_id}").text
        found = inspect(page)
        assert found.elements <= {"bdi", "span", "ins", "del"}
        assert found.handlers == []
        assert found.all.count("script") == 1
        assert not {"iframe", "style", "object", "base", "b"} & set(found.all)
        assert all(link.startswith(("/", "#")) for link in found.links)
        assert "9876536" not in page
        assert not set("\u202e\u200b\x07\ufeff\U000e0049") & set(page)
        assert "cannot be drawn" not in page


def test_an_edit_is_shown_word_by_word_and_whole_on_demand(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    for text in ("Trams are late.", "Trams are <late> again.", "Buses are late"):
        comment_id = submit(runtime, agora.site_id, text=text).comment_id
    page = alice.get(f"/comments/{comment_id}").text
    page = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", page)
    assert "Trams are<del> late.</del><ins> &lt;late&gt; again.</ins>" in page
    assert "<h4>Before</h4>" not in page
    whole = alice.get(f"/comments/{comment_id}?edit=1").text
    assert whole.count("<h4>Before</h4>") == 1
    assert "Trams are &lt;late&gt; again.</bdi>" in whole


def test_what_cannot_be_compared_says_where_both_texts_are(
    runtime: Runtime, agora: Agora, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_STEPS", 3)
    for text in ("one two three four", "five six seven eight"):
        comment_id = submit(runtime, agora.site_id, text=text).comment_id
    page = alice.get(f"/comments/{comment_id}").text
    assert "Too long or too different" in page
    assert f"/comments/{comment_id}?edit=1#edit-1" in page


def test_of_very_many_edits_the_last_are_shown(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    for n in range(13):
        comment_id = submit(runtime, agora.site_id, text=f"text {n}").comment_id
    page = alice.get(f"/comments/{comment_id}").text
    assert page.count('<li id="edit-') == 10
    assert "2 older ones are not shown" in page


def test_one_broken_box_breaks_alone(runtime: Runtime, agora: Agora, alice: Browser) -> None:
    comment_id = reply(runtime, agora)

    def breaks(_texts: object) -> None:
        raise TypeError("You are an idiot.")

    submit(runtime, agora.site_id, "r", text="Edited.", author=Author(id="u1"))
    replace_filter(alice.client.application, "edits", breaks)
    page = alice.get(f"/comments/{comment_id}").text
    assert page.count("This part cannot be drawn") == 1
    assert 'id="author"' in page
    assert 'id="team-notes"' in page


def test_a_team_note_is_written_and_removed_by_its_author(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    path = f"/comments/{reply(runtime, agora)}"
    alice.get(path)
    answer = alice.post(f"{path}/team-notes", text="Look <twice>.", about="author")
    assert answer.location == f"{path}#team-notes"
    page = olga.get(path).text
    assert "Look &lt;twice&gt;." in page
    assert "On the author" in page
    assert "/team-notes/" not in page.replace(f"{path}/team-notes", "")
    [remove] = re.findall(r'action="(/team-notes/[^"]+)"', alice.get(path).text)
    olga.post(remove, 403)
    assert alice.post(remove, back=path).location == path
    assert "twice&gt;" not in alice.get(path).text
    alice.post(f"{path}/team-notes", 422, text="x", about="everybody")
    # Browsers send a line break as two characters, and count it as one.
    alice.post(f"{path}/team-notes", text="a\r\n" * 400 + "b" * 200, about="comment")
    alice.post(f"{path}/team-notes", 422, text="a\r\n" * 400 + "b" * 201, about="comment")
    alice.post(f"{path}/team-notes", 422, text="", about="comment")


def test_another_site_s_people_neither_see_nor_write_notes(
    runtime: Runtime, agora: Agora, mallory: Browser
) -> None:
    path = f"/comments/{reply(runtime, agora)}"
    mallory.post(f"{path}/team-notes", 404, text="x", about="comment")


AWKWARD = "a/b//c?d=e&f#g h%2F\u00e9+"


@pytest.mark.parametrize("external_id", [AWKWARD, " c1", "c1 ", " "])
def test_a_site_s_page_leads_to_the_comment_s_page_even_over_signing_in(
    runtime: Runtime, agora: Agora, app: Flask, external_id: str
) -> None:
    comment_id = submit(runtime, agora.site_id, external_id).comment_id
    address = "/desk/comment?" + urlencode({"site": "agora", "external_id": external_id})
    stranger = Browser(app)
    form = stranger.get(stranger.get(address, 303).location).text
    [back] = re.findall(r'name="next" value="([^"]+)"', form)
    back = back.replace("&amp;", "&")
    fields = {"email": agora.alice.email, "password": "correct horse battery staple"}
    opened = stranger.post("/sign-in", next=back, **fields).location
    assert stranger.get(opened, 303).location == f"/comments/{comment_id}"


@pytest.mark.parametrize(
    "query",
    ["site=agora&external_id=nothing", "site=boule&external_id=c1", "external_id=", "site=agora"],
)
def test_a_link_that_leads_to_nothing_of_theirs_is_404(
    runtime: Runtime, agora: Agora, alice: Browser, query: str
) -> None:
    flagged_comment(runtime, agora.other_site_id)
    alice.get(f"/desk/comment?{query}", 404)


def test_operators_get_from_a_decision_to_the_thresholds_that_judged_it(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    path = f"/comments/{flagged_comment(runtime, agora.site_id)}"
    link = '<a href="/thresholds?site=agora#version-1">policy 1</a>'
    assert link in olga.get(path).text
    assert link not in alice.get(path).text
    assert 'id="version-1"' in olga.get("/thresholds").text
