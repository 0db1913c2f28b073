"""Parts of the queue: found by an address, counted at the side, kept under a name."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from api.dashboard import filters
from moderation.model.comments import Author, Thread
from moderation.model.ids import CommentId, SiteId, new_uuid
from moderation.model.labels import Label, Scores
from moderation.runtime import Runtime
from moderation.services import saved_filters, tally
from moderation.storage import reviews
from tests.factories import CIVIL, HOSTILE, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_deciding import fail_all, order

THREAT = CIVIL | {Label.THREAT: 0.71}


def flagged(
    runtime: Runtime, site_id: SiteId, scores: Scores = HOSTILE, **fields: object
) -> CommentId:
    submitted = submit(runtime, site_id, str(new_uuid()), **fields)
    classify_all(runtime, scores)
    return submitted.comment_id


def age(runtime: Runtime, comment_id: CommentId, **delta: float) -> None:
    """Let a comment have waited for so long."""
    c, by = reviews.reviews.c, timedelta(**delta)
    with runtime.transaction() as connection:
        at = connection.execute(reviews.reviews.select().where(c.comment_id == comment_id)).one()
        older = {"opened_at": at.opened_at - by, "due_at": at.due_at - by}
        connection.execute(update(reviews.reviews).where(c.id == at.id).values(older))


def side(page: str) -> dict[str, str]:
    """Return the numbers at the side by what they count."""
    return {unescape(key): n for key, n in re.findall(r'data-number="([^"]+)">([^<]*)<', page)}


def test_threats_come_first_and_who_waits_too_long_is_overtaken_no_more(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    barely = flagged(runtime, agora.site_id, CIVIL | {Label.INSULT: 0.81})
    worst = flagged(runtime, agora.site_id, CIVIL | {Label.INSULT: 0.99})
    threat = flagged(runtime, agora.site_id, THREAT)
    assert order(alice.get("/queue").text) == [str(threat), str(worst), str(barely)]
    assert order(alice.get("/queue?order=nearest").text) == [str(threat), str(barely), str(worst)]
    age(runtime, barely, minutes=31)
    assert order(alice.get("/queue").text) == [str(threat), str(barely), str(worst)]


def test_filters_are_addresses_and_can_be_combined(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    sport, local = Thread(section="Sport"), Thread(section="Local & <b>")
    one = flagged(runtime, agora.site_id, thread=sport, author=Author(id="u-1", name="Tom"))
    two = flagged(runtime, agora.site_id, thread=local, author=Author(name="Tom"))
    three = flagged(runtime, agora.site_id, THREAT, thread=sport)
    submit(runtime, agora.site_id, "failed", thread=sport)
    fail_all(runtime)
    age(runtime, one, minutes=31)
    for query, found in (
        ("section=Sport&reason=insult", [one]),
        ("reason=insult", [one, two]),
        ("reason=threat", [three]),
        ("overdue=1", [one]),
        ("overdue=1&section=Local %26 <b>", []),
        ("author=u-1", [one]),
        ("author=Tom", [two]),
    ):
        assert order(alice.get(f"/queue?{query}").text) == [str(each) for each in found], query
    assert len(order(alice.get("/queue?reason=failure").text)) == 1
    numbers = side(alice.get("/queue?section=Sport").text)
    assert numbers == {
        "all": "4",
        "overdue": "1",
        "mine": "0",
        "insult": "1",
        "threat": "1",
        "toxicity": "1",
        "failure": "1",
        "section=Sport": "3",
        "section=Local & <b>": "1",
    }
    polled = alice.get("/queue/count?section=Sport").json
    assert polled is not None
    assert (polled["waiting"], polled["numbers"]) == (3, numbers)


def test_a_filter_goes_with_the_pages_and_the_decisions(
    runtime: Runtime, agora: Agora, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.services.queue.QUEUE_PAGE", 2)
    threats = []
    for number in range(5):
        flagged(runtime, agora.site_id, CIVIL | {Label.INSULT: 0.81 + number / 100})
        threats.append(str(flagged(runtime, agora.site_id, THREAT)))
    for query in ("reason=insult", "reason=insult&order=nearest"):
        seen, path = [], f"/queue?{query}"
        while path:
            page = alice.get(path).text
            seen += order(page)
            found = re.search(r'rel="next" href="([^"]+)"', page)
            path = unescape(found[1]) if found else ""
        assert len(seen) == len(set(seen)) == 5
        assert 'name="back" value="/queue?after=' in page
        assert "reason=insult" in page
    assert order(alice.get("/next?reason=threat").text) == threats[:2]


@pytest.mark.parametrize("query", ["reason=banana", "order=banana", f"section={'x' * 256}"])
def test_a_filter_that_does_not_exist_is_refused(alice: Browser, query: str) -> None:
    alice.get(f"/queue?{query}", 422)
    alice.post(f"/next?{query}", 422)


def test_a_section_is_compared_to_the_letter(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    found = flagged(runtime, agora.site_id, thread=Thread(section=" Sport "))
    [address] = re.findall(r'href="(/queue\?section=[^"]+)"', alice.get("/queue").text)
    assert order(alice.get(address).text) == [str(found)]


@pytest.mark.parametrize("letter", ["é", "😀"])
def test_a_long_filter_goes_with_the_forms_as_far_as_they_can_carry_it(
    runtime: Runtime, agora: Agora, alice: Browser, letter: str
) -> None:
    section, author = letter * 255, Author(id=letter * 255)
    found = flagged(runtime, agora.site_id, thread=Thread(section=section), author=author)
    query = urlencode({"section": section, "author": section})
    page = alice.get(f"/queue?{query}").text
    assert order(page) == [str(found)]
    [back] = set(re.findall(r'name="back" value="([^"]+)"', page))
    sent = {"action": "approve", "seen": 1, "back": unescape(back)}
    back_at = alice.post(f"/comments/{found}/decide", **sent).location
    alice.get(back_at)
    assert (letter == "é") is ("section=" in back_at)
    alice.post("/undo", 200, back=unescape(back), part="yes")


def test_what_is_not_told_apart_is_said_to_be_more(
    runtime: Runtime, agora: Agora, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_TALLIED", 2)
    for _ in range(3):
        flagged(runtime, agora.site_id)
    page = alice.get("/queue").text
    assert "2+ comments wait" in page
    assert side(page)["insult"] == "2+"
    assert "at least as many" in page


def test_a_filter_is_kept_under_a_name_for_oneself(
    runtime: Runtime, agora: Agora, ines: Browser, alice: Browser, mallory: Browser
) -> None:
    del runtime, agora
    form = {"name": "My <b>sport</b>", "section": "Sport", "author": "u-7", "site": "agora"}
    kept = ines.post("/filters", **form).location
    assert kept == "/queue?section=Sport&site=agora"
    page = ines.get(kept).text
    assert "My &lt;b&gt;sport" in page
    assert "u-7" not in page
    ines.post("/filters", **form | {"section": "Local"})
    [remove] = re.findall(r'action="(/filters/[^"]+/remove)"', ines.get("/queue").text)
    assert "section=Local" in ines.get("/queue").text
    assert "sport" not in alice.get("/queue").text
    alice.post(remove, 404)
    ines.post(remove)
    assert "sport" not in ines.get("/queue").text
    mallory.post("/filters", 404, name="x", site="agora")
    mallory.post("/filters", 422, name="")


def test_nobody_keeps_more_filters_than_fit_beside_the_queue(
    runtime: Runtime, agora: Agora
) -> None:
    for number in range(saved_filters.MOST):
        saved_filters.save_filter(runtime, agora.alice, f"f{number}", {})
    saved_filters.save_filter(runtime, agora.alice, "f0", {"overdue": "1"})
    with pytest.raises(filters.InvalidInput):
        saved_filters.save_filter(runtime, agora.alice, "one more", {})


def test_a_card_leads_to_what_waits_of_its_own_sites_author(
    runtime: Runtime, agora: Agora, ines: Browser, alice: Browser
) -> None:
    flagged(runtime, agora.site_id, author=Author(id="u-7"))
    assert 'href="/queue?author=u-7&amp;site=agora"' in ines.get("/queue").text
    assert 'href="/queue?author=u-7"' in alice.get("/queue").text
