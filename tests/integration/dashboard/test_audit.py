"""The audit on the page: alike before, told after, and the rate that follows from it."""

import re
from uuid import UUID

import pytest

from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services import audit_runs
from moderation.services.auditing import judge
from moderation.services.moderating import decide_comment
from tests.auditing import sampled, state_of
from tests.complaining import status_of
from tests.factories import HOSTILE, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.statements import heard

TEXT = "Good morning."
SAME = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrf_token\" value=\"[^\"]+\"|<time.*?</time>")


def flagged(runtime: Runtime, agora: Agora, name: str) -> CommentId:
    """Return a comment that waits and says what the samples say."""
    comment_id = submit(runtime, agora.site_id, name, text=TEXT).comment_id
    classify_all(runtime, HOSTILE)
    return comment_id


def let(monkeypatch: pytest.MonkeyPatch, thrown: float) -> None:
    """Let chance throw this: below a half a sample comes first."""
    given = audit_runs.next_turn
    monkeypatch.setattr(
        "api.dashboard.audit.next_turn", lambda *about: given(*about, lambda: thrown)
    )


def given(browser: Browser) -> tuple[CommentId, str]:
    """Let the desk give somebody a comment; return which, and the page."""
    answer = browser.get("/audit", 303)
    address = answer.location.partition("?")[0]
    return CommentId(UUID(address.rsplit("/", 1)[1])), browser.get(answer.location).text


def main(page: str) -> str:
    return SAME.sub("", page[page.index("<main") : page.index("</main>")])


def test_a_sample_and_a_flagged_comment_look_the_same(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [sampled(runtime, agora.site_id, TEXT), flagged(runtime, agora, "c1")]
    sampled(runtime, agora.site_id, TEXT)
    flagged(runtime, agora, "c2")
    pages = []
    for browser, thrown in ((alice, 0.0), (olga, 0.9)):
        let(monkeypatch, thrown)
        found, page = given(browser)
        pages.append((found, main(page)))
    assert pages[0][0] != pages[1][0]
    assert pages[1][0] == expected[1]
    one, other = (re.sub(r"\d+ samples? waits?", "", page) for _, page in pages)
    assert one == other
    for told in ("insult 0", "lagged for", "Flagged", "Approved", "meter", "0.9"):
        assert told not in one, told


@pytest.mark.parametrize(("action", "status"), [("approve", "approved"), ("reject", "rejected")])
def test_what_it_was_is_told_after_the_decision(  # noqa: PLR0913, PLR0917 - fixtures
    runtime: Runtime,
    agora: Agora,
    alice: Browser,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    status: str,
) -> None:
    sampled(runtime, agora.site_id)
    sampled(runtime, agora.site_id)
    flagged(runtime, agora, "c1")
    for thrown, told in ((0.0, "Automation had approved that comment"), (0.9, "had been flagged:")):
        let(monkeypatch, thrown)
        comment_id, _ = given(alice)
        form = {"action": action, "seen": 1, "back": f"/audit/{comment_id}", "reason": "spam"}
        answer = alice.post(f"/audit/{comment_id}", **form)
        after = alice.get(alice.get(answer.location, 303).location).text
        assert told in after
        assert status_of(runtime, agora.site_id, comment_id) == status
    assert "insult 0.90" in after


def test_a_skip_tells_nothing_of_either(
    runtime: Runtime, agora: Agora, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        sampled(runtime, agora.site_id)
    for number in range(2):
        flagged(runtime, agora, f"c{number}")
    banners = []
    for thrown in (0.0, 0.9):
        let(monkeypatch, thrown)
        comment_id, _ = given(alice)
        answer = alice.post(f"/audit/{comment_id}/skip", seen=1, back=f"/audit/{comment_id}")
        page = main(alice.get(alice.get(answer.location, 303).location).text)
        banners.append(page[: page.index("<h1>")])
    assert banners[0] == banners[1]
    assert "Skipped for half an hour" in banners[0]
    assert "See it" not in banners[0]


@pytest.mark.parametrize("part", ["", "yes"])
def test_undoing_draws_no_card_beside_those_of_the_run(
    runtime: Runtime, agora: Agora, alice: Browser, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    for _ in range(2):
        sampled(runtime, agora.site_id)
    let(monkeypatch, 0.0)
    first, _ = given(alice)
    alice.post(f"/audit/{first}", action="approve", seen=1, back=f"/audit/{first}")
    assert state_of(runtime, first) == ["kept"]
    second, _ = given(alice)
    answer = alice.post("/undo", back=f"/audit/{second}", part=part)
    assert answer.location.startswith(f"/audit/{second}?done=")
    page = alice.get(answer.location).text
    assert "Undone, it waits for the audit again" in page
    assert f'id="c-{first}"' not in page
    assert state_of(runtime, first) == ["open"]


def test_what_was_decided_meanwhile_is_left_as_it_is(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    sampled(runtime, agora.site_id)
    comment_id, page = given(alice)
    assert "so automation approved this one" in page, "there is nothing to mix in"
    decide_comment(runtime, agora.olga, comment_id, Action.REJECT, seen=1)
    for address in (f"/audit/{comment_id}", f"/audit/{comment_id}/skip"):
        alice.post(address, action="approve", seen=1, back="/audit")
        assert "Nothing was recorded" in alice.get("/audit").text
    assert alice.get(f"/audit/{comment_id}", 303).location.startswith("/audit")


def test_the_queue_leads_there_where_samples_wait(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    assert "/audit" not in alice.get("/queue").text
    sampled(runtime, agora.site_id)
    page = alice.get("/queue").text
    assert "Audit: 1 sample waits" in page
    assert "Nothing waits for you" in page, "no sample counts among what waits"


def test_the_queue_takes_no_more_statements_for_more_samples(
    runtime: Runtime, agora: Agora, alice: Browser, backlog_is_known: None
) -> None:
    del backlog_is_known

    def statements() -> int:
        with heard(runtime) as said:
            alice.get("/queue")
        return len(said)

    without = statements()
    sampled(runtime, agora.site_id)
    assert statements() == without


def test_strangers_are_given_nothing(
    runtime: Runtime, agora: Agora, alice: Browser, mallory: Browser
) -> None:
    comment_id = sampled(runtime, agora.site_id)
    given(alice)
    assert "No sample waits" in mallory.get("/audit").text
    mallory.get(f"/audit/{comment_id}", 404)
    mallory.post(f"/audit/{comment_id}", 404, action="approve", seen=1, back="/audit")
    assert mallory.get("/audit/misses?site=agora", 404)


def test_the_rate_is_said_in_words_and_in_tables(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    assert "copydesk site audit" in alice.get("/audit/misses").text, "it is off"
    sampled(runtime, agora.site_id)
    assert "1 sample waits in the audit" in alice.get("/audit/misses").text
    for _ in range(3):
        comment_id = sampled(runtime, agora.site_id)
        judge(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    comment_id = sampled(runtime, agora.site_id)
    judge(runtime, agora.alice, comment_id, Action.REJECT, seen=1, words=Words("threat"))
    page = " ".join(alice.get("/audit/misses?days=7").text.split())
    assert "moderators would reject about 250 (between 45 and 700)" in page
    assert "Of about 5 that were approved in this time, these are 1" in page
    assert "1 more was not judged yet" in page
    assert "too few to tell much" in page
    assert "Threat" in page
    assert "Alice" not in page[page.index("<main") :]


@pytest.mark.parametrize("many", [2, 8])
def test_the_pages_take_the_same_few_statements_however_much_was_judged(
    runtime: Runtime, agora: Agora, alice: Browser, many: int
) -> None:
    for _ in range(many):
        comment_id = sampled(runtime, agora.site_id)
        judge(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    sampled(runtime, agora.site_id)
    _, _ = given(alice)
    address = alice.get("/audit", 303).location
    counts = {}
    for path in ("/audit/misses", address):
        with heard(runtime) as said:
            alice.get(path)
        counts[path] = len(said)
    assert counts["/audit/misses"] <= 7
    assert counts[address] <= 25
