"""Second looks on the page: blind before, told after, and never one's own."""

import re
from uuid import UUID

import pytest

from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.desk import comment_file
from moderation.services.moderating import decide_comment
from moderation.services.second_looks import change_share
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import Browser

ACTION = re.compile(r'action="(/second-look/[^"]+)"')


@pytest.fixture
def looked_at(runtime: Runtime, agora: Agora, alice: Browser, olga: Browser) -> str:
    """Let Alice reject a comment that Olga should look at; return the address of the comment."""
    del alice, olga
    change_share(runtime, "agora", 1.0)
    comment_id = flagged_comment(runtime, agora.site_id)
    words = Words("spam", note="Seen before", message="Please stop.")
    decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=1, words=words)
    return f"/comments/{comment_id}"


def test_the_page_says_nothing_of_the_decision(looked_at: str, olga: Browser) -> None:
    page = olga.get("/second-look").text
    assert "1 waits for you" in page
    main = page[page.index("<main") :]
    assert "insult" in main, "what the classifier said is what the first person saw too"
    for told in ("Alice", "Seen before", "Please stop.", "Spam", "ejected", looked_at):
        assert told not in main, told


def test_an_answer_is_said_and_can_be_undone(
    runtime: Runtime, agora: Agora, looked_at: str, olga: Browser
) -> None:
    address = ACTION.search(olga.get("/second-look").text)
    assert address
    answer = olga.post(address[1], action="approve", seen=2, back="/second-look")
    page = olga.get(answer.location).text
    assert "Judged once more" in page
    assert "Nothing waits for a second look" in page
    assert "two people judged it differently" in olga.get("/queue").text
    olga.post("/undo", back="/second-look")
    assert "1 waits for you" in olga.get("/second-look").text
    assert comment_file(runtime, agora.olga, _id(looked_at)).card.waiting is None


def test_an_undone_answer_shows_nothing_of_the_decision_either(
    looked_at: str, olga: Browser
) -> None:
    address = ACTION.search(olga.get("/second-look").text)
    assert address
    answer = olga.post(address[1], action="approve", seen=2, back="/second-look")
    assert looked_at not in olga.get(answer.location).text
    part = olga.post("/undo", 200, back="/second-look", part="yes").text
    assert "waits for a second look again" in part
    for told in ("Reject again", "Alice", looked_at):
        assert told not in part, told


def test_what_was_decided_meanwhile_is_answered_by_409(
    runtime: Runtime, agora: Agora, looked_at: str, olga: Browser
) -> None:
    address = ACTION.search(olga.get("/second-look").text)
    assert address
    decide_comment(runtime, agora.alice, _id(looked_at), Action.APPROVE, seen=2)
    page = olga.post(address[1], 409, action="approve", seen=2, back="/second-look").text
    assert "Nothing was recorded" in page


def test_the_first_person_sees_nothing_to_look_at(looked_at: str, alice: Browser) -> None:
    del looked_at
    assert "Nothing waits for a second look" in alice.get("/second-look").text


def test_the_agreement_is_told_with_its_interval(looked_at: str, olga: Browser) -> None:
    del looked_at
    assert "Nothing was looked at twice yet" in olga.get("/second-look/agreement").text
    address = ACTION.search(olga.get("/second-look").text)
    assert address
    olga.post(address[1], action="reject", seen=2, back="/second-look")
    page = olga.get("/second-look/agreement?days=30").text
    leading = re.search('<p class="leading">(.+?)</p>', page, re.DOTALL)
    assert leading
    assert leading[1].startswith("On 100 % of 1 comment that chance chose, a second person decided")
    # One of one: Wilson's interval begins at 21 %.
    assert "the true share lies between 21 % and 100 % (95 % confidence)" in leading[1]
    assert "<strong>These are too few to tell much.</strong>" in leading[1]
    assert re.findall('<th scope="row">(.+?)</th>', page) == ["All", "Toxicity", "Insult"]
    assert re.findall('<th scope="col">(.+?)</th>', page) == [
        "Flagged for",
        "Looked at twice",
        "Agreed",
        "95 % interval",
        "First approved, second would reject",
        "First rejected, second would approve",
        "Third person sided with the first",
    ]
    assert "Last <strong>30 days</strong>" in page
    assert "Nobody is ranked here" in page
    assert "Alice" not in page


def test_the_queue_leads_there_where_a_site_wants_second_looks(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    del agora
    link = 'href="/second-look"'
    assert link not in alice.get("/queue").text
    change_share(runtime, "agora", 0.02)
    assert link in alice.get("/queue").text


def _id(address: str) -> CommentId:
    return CommentId(UUID(address.rsplit("/", 1)[1]))
