"""Your desk: what one person chose, on every page that shows them a text."""

import re
from html.parser import HTMLParser

import pytest

from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.preferences import Preferences
from moderation.model.reports import NewReport, ReportReason
from moderation.model.reviews import Cause
from moderation.model.team_notes import About
from moderation.runtime import Runtime
from moderation.services.bulk_previewing import preview
from moderation.services.moderating import decide_comment
from moderation.services.preferences import choose
from moderation.services.reporting import report
from moderation.services.second_looks import change_share
from moderation.services.team_notes import add_note
from tests.bulks import chosen
from tests.factories import CIVIL, HOSTILE, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser

SAID = "I will find you and your family."
THREAD, AUTHOR = Thread(id="t1"), Author(id="u1")
BAND = re.compile(r'href="([^"]+)">Select by score')


class Veils(HTMLParser):
    """Tells what a page shows at once from what is behind a click."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.shown, self.veiled = "", ""
        self.keys = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            self.open.append("open" not in dict(attrs))
        self.keys += tag == "summary" and ("data-key", "t") in attrs

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if any(self.open):
            self.veiled += data
        else:
            self.shown += data


@pytest.fixture
def threat(runtime: Runtime, agora: Agora) -> CommentId:
    """Return a threat with an answer, a report and an edit, which waits."""
    submit(runtime, agora.site_id, "threat", text=f"{SAID} Soon.", thread=THREAD)
    said = submit(runtime, agora.site_id, "threat", text=SAID, thread=THREAD, author=AUTHOR)
    submit(runtime, agora.site_id, "same", text=SAID)
    classify_all(runtime, CIVIL | {Label.THREAT: 0.9})
    words = NewReport("r1", ReportReason.VIOLENCE, words=f"They said: {SAID}")
    report(runtime, agora.site_id, said.comment_id, words)
    for about in About:
        add_note(runtime, agora.olga, said.comment_id, about, f"They said: {SAID}")
    answer = {"parent_external_id": "threat", "thread": THREAD}
    submit(runtime, agora.site_id, "answer", text="You idiot.", **answer)
    classify_all(runtime, HOSTILE)
    return said.comment_id


def test_the_choice_is_kept_for_the_person_alone(alice: Browser, olga: Browser) -> None:
    assert '<a href="/your-desk">Your desk</a>' in alice.get("/queue").text
    assert "checked" not in alice.get("/your-desk").text.partition("<main")[2]
    answer = alice.post("/your-desk", hide=["threat", "identity_attack"], opt_out=["threat"])
    page = alice.get(answer.location).text
    assert "Kept." in page
    ticked = re.findall(r'name="(\w+)" value="(\w+)" checked', page)
    assert ticked == [("hide", "threat"), ("hide", "identity_attack"), ("opt_out", "threat")]
    assert "checked" not in olga.get("/your-desk").text.partition("<main")[2]
    alice.post("/your-desk")
    assert "checked" not in alice.get("/your-desk").text.partition("<main")[2]


@pytest.mark.parametrize("ticked", ["insult", "appeal", "nonsense", "\0"])
def test_what_cannot_be_chosen_is_refused(alice: Browser, ticked: str) -> None:
    alice.get("/your-desk")
    alice.post("/your-desk", 422, hide=[ticked])


def test_a_hidden_text_is_shown_nowhere_at_once(
    runtime: Runtime, agora: Agora, threat: CommentId, alice: Browser
) -> None:
    [answer] = re.findall(r"/comments/([^\"]+)\">You idiot", marked(alice.get("/comments").text))
    previewed = preview(runtime, agora.alice, chosen(threat, seen=2))
    lists = ("/queue", "/next", "/comments", f"/bulks/{previewed}")
    pages = (*lists, f"/comments/{threat}", f"/comments/{answer}")
    for path in pages:
        assert SAID in Veils(alice.get(path).text).shown, f"{path} shows it to who hides nothing"
    choose(runtime, agora.alice, Preferences(hide=Cause.THREAT))
    for path in pages:
        page = Veils(alice.get(path).text)
        assert SAID not in page.shown, path
        assert SAID in page.veiled, path
        assert "Hidden for threat, 32 characters." in " ".join(page.veiled.split()), path
    assert Veils(alice.get(f"/comments/{threat}").text).keys == 1, "t shows the comment's own text"


def test_it_is_hidden_where_somebody_judges_it_once_more(
    runtime: Runtime, agora: Agora, threat: CommentId, olga: Browser
) -> None:
    change_share(runtime, "agora", 1.0)
    decide_comment(runtime, agora.alice, threat, Action.REJECT, seen=2)
    assert SAID in Veils(olga.get("/second-look").text).shown
    choose(runtime, agora.olga, Preferences(hide=Cause.THREAT))
    page = Veils(olga.get("/second-look").text)
    assert SAID not in page.shown
    assert (SAID in page.veiled, page.keys) == (True, 1)


def test_the_queue_says_how_many_are_left_to_colleagues(
    runtime: Runtime, agora: Agora, threat: CommentId, alice: Browser, olga: Browser
) -> None:
    choose(runtime, agora.alice, Preferences(opt_out=Cause.THREAT))
    page = alice.get("/queue").text
    assert f"c-{threat}" not in page
    assert '<a href="/queue?opted_out=1">2 that you chose not to see</a>' in page
    behind = alice.get("/queue?opted_out=1").text
    assert f"c-{threat}" in behind
    assert SAID not in Veils(behind).shown
    assert "that you chose not to see" not in olga.get("/queue").text
    olga.post("/sign-out")
    assert f"c-{threat}" in alice.get("/queue").text, "nobody else is on"


@pytest.mark.usefixtures("olga")
def test_by_score_is_selected_of_what_was_left_where_that_is_shown(
    runtime: Runtime, agora: Agora, threat: CommentId, alice: Browser
) -> None:
    choose(runtime, agora.alice, Preferences(opt_out=Cause.THREAT))
    behind = alice.get("/queue?opted_out=1").text
    assert f"c-{threat}" in behind, "Olga is on"
    [band] = BAND.findall(behind)
    assert "of 2 waiting comments" in alice.get(band).text, "and not the insult"


def marked(page: str) -> str:
    return re.sub(r"\s*<bdi[^>]*>\s*", "", page)
