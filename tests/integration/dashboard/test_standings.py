"""Banning, holding and trusting from the desk, and the way back."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from moderation.model.comments import Author, Display, Status, Thread
from moderation.model.ids import CommentId
from moderation.model.standings import Standing, Subject, SubjectKind
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from moderation.services.sites import change_site
from moderation.services.standings import HISTORY_SHOWN, history_of, standing_of
from tests.factories import HOSTILE, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.standings import DEBATE, TROLL, decided, give

AUTHOR = {"kind": "author", "id": TROLL.id}


def waiting(runtime: Runtime, agora: Agora, name: str = "c1", **ids: str | None) -> str:
    """Return the address of a comment that waits for a person."""
    return f"/comments/{decided(runtime, agora.site_id, name, HOSTILE, **ids).comment.id}"


def undo_address(page: str) -> str:
    """Return where to undo, as the banner and the history agree."""
    [found] = set(re.findall(r'action="(/standings/[^"]+/undo[^"]*)"', page))
    return unescape(found)


def test_an_author_is_banned_from_the_card_and_the_ban_undone(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    at = waiting(runtime, agora)
    alice.get("/queue")
    form = {"kind": "author", "standing": "banned", "lasts": "day", "reason": "threatens"}
    sent = alice.post(f"{at}/standing", back="/queue", **form)
    page = alice.get(sent.location).text
    assert "Author banned" in page
    assert "ends in 24 h" in page
    assert '<span class="tag banned">' in page
    assert decided(runtime, agora.site_id, "next").comment.status is Status.REJECTED
    back = alice.post(undo_address(page), back="/queue").location
    assert "Undone, author ordinary again" in alice.get(back).text
    assert '<span class="tag banned">' not in alice.get("/queue").text
    assert decided(runtime, agora.site_id, "last").comment.status is Status.APPROVED


def test_the_key_for_undoing_takes_a_ban_back_in_its_turn(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    at = waiting(runtime, agora)
    alice.get("/queue")
    alice.post(f"{at}/standing", back="/queue", kind="author", standing="banned")
    alice.post(f"{at}/skip", back="/queue", seen=1)
    alice.post("/standings/subject", kind="author", id="u-99", standing="held")
    other = Subject(SubjectKind.AUTHOR, "u-99")
    assert "author ordinary again" in alice.get(alice.post("/undo", back="/queue").location).text
    assert standing_of(runtime, agora.site_id, other) is None
    assert "no longer skipped" in alice.get(alice.post("/undo", back="/queue").location).text
    undone = alice.post("/undo", back="/queue", part="yes").location
    assert "Undone, author ordinary again" in alice.get(undone).text
    assert standing_of(runtime, agora.site_id, TROLL) is None
    assert "nothing of yours to undo" in alice.get(alice.post("/undo").location).text


def test_a_ban_that_was_changed_since_is_passed_over_by_the_key(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    at = waiting(runtime, agora)
    alice.get("/queue")
    alice.post(f"{at}/standing", back="/queue", kind="author", standing="banned")
    alice.post("/standings/subject", **AUTHOR, standing="held")
    olga.get("/queue")
    olga.post("/standings/subject", **AUTHOR, standing="trusted")
    for _ in range(2):
        assert "changed since" in alice.post("/undo", 409).text
    assert "nothing of yours to undo" in alice.get(alice.post("/undo").location).text
    trusted = standing_of(runtime, agora.site_id, TROLL)
    assert trusted is not None
    assert trusted.standing is Standing.TRUSTED


def test_a_thread_is_held_for_a_day_from_the_comments_page_and_released(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    at = waiting(runtime, agora)
    assert "Hold for 24 hours" in alice.get(at).text
    alice.post(f"{at}/standing", back=at, kind="thread", standing="held", lasts="thread")
    held = standing_of(runtime, agora.site_id, DEBATE)
    assert held is not None
    assert held.ends_at is not None
    assert (held.ends_at - held.set_at).total_seconds() == 24 * 3600
    assert held.name == "A debate"
    page = alice.get(at).text
    assert "thread held" in page
    assert "Release the thread" in page
    alice.post(f"{at}/standing", back=at, kind="thread", standing="ordinary")
    assert standing_of(runtime, agora.site_id, DEBATE) is None


def test_where_the_site_sends_no_id_the_page_says_so_and_nothing_can_be_set(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    at = waiting(runtime, agora, author_id=None, thread_id=None)
    page = alice.get(at).text
    for kind in SubjectKind:
        assert f"The site sends no id of the {kind}, so nothing can be set." in page
        assert "sent no id" in alice.post(f"{at}/standing", 422, kind=kind, standing="held").text


def test_the_history_is_on_the_page_of_the_author_with_the_way_back(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    give(runtime, agora, Standing.HELD, reason="shouts")
    give(runtime, agora, Standing.BANNED, reason="threatens")
    at = f"/standings/subject?kind=author&id={TROLL.id}"
    page = alice.get(at).text
    assert page.index("threatens") < page.index("shouts")
    sent = alice.post(undo_address(page), back=at)
    page = alice.get(sent.location).text
    assert "Undone, author held again" in page
    assert "Undone: Held" in page
    assert not re.search(r"/standings/[^\"]+/undo", page)
    alice.post("/standings/subject", **AUTHOR, standing="trusted")
    assert history_of(runtime, agora.site_id, TROLL).changes[0].standing is Standing.TRUSTED


def test_a_long_history_shows_its_newest_entries_and_says_that_there_are_older_ones(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    at, said = f"/standings/subject?kind=author&id={TROLL.id}", "Older entries are not shown."
    for number in range(HISTORY_SHOWN):
        give(runtime, agora, Standing.HELD, reason=f"reason {number:03}")
    page = alice.get(at).text
    assert "reason 000" in page
    assert said not in page
    give(runtime, agora, Standing.BANNED, reason="the last straw")
    page = alice.get(at).text
    assert page.count('class="tag held"') == HISTORY_SHOWN - 1
    assert page.index("the last straw") < page.index("reason 199") < page.index("reason 001")
    assert "reason 000" not in page
    assert said in page
    sent = alice.post(undo_address(page), back=at).location
    assert "Undone, author held again" in alice.get(sent).text


def test_an_undo_that_comes_too_late_says_so(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    change = give(runtime, agora, Standing.HELD)
    give(runtime, agora, Standing.BANNED)
    alice.get("/standings")
    page = alice.post(f"/standings/{change.id}/undo", 409).text
    assert "changed since" in page


def test_what_stands_is_listed_and_found_by_its_id(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    assert "Everybody is ordinary" in alice.get("/standings").text
    for number in range(52):
        give(runtime, agora, Standing.BANNED, Subject(SubjectKind.AUTHOR, f"u-{number:02}"))
    give(runtime, agora, Standing.HELD, DEBATE)
    page = alice.get("/standings").text
    assert "article-7" in page
    assert "u-03" in page
    assert "u-02" not in page
    [older] = re.findall(r'rel="next" href="([^"]+)"', page)
    assert re.findall(r"u-\d\d(?=</bdi></a>)", alice.get(unescape(older)).text) == [
        "u-02",
        "u-01",
        "u-00",
    ]
    assert "u-03" not in alice.get("/standings?kind=thread").text
    found = alice.get("/standings?id=u-1").text
    assert set(re.findall(r"u-\d\d", found)) == {f"u-1{number}" for number in range(10)}
    assert "No standing matches" in alice.get("/standings?id=U-1").text
    assert "No standing matches" in alice.get("/standings?id=%25").text


def test_only_operators_can_forget_an_author(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser
) -> None:
    give(runtime, agora, Standing.BANNED)
    at = f"/standings/subject?kind=author&id={TROLL.id}"
    assert "Forget this author" not in alice.get(at).text
    alice.post("/standings/forget", 403, **AUTHOR)
    assert "Forget this author" in olga.get(at).text
    olga.post("/standings/forget", **AUTHOR)
    assert history_of(runtime, agora.site_id, TROLL).changes == ()


def test_who_moderates_another_site_sees_and_changes_nothing(
    runtime: Runtime, agora: Agora, mallory: Browser
) -> None:
    at = waiting(runtime, agora)
    change = give(runtime, agora, Standing.BANNED)
    mallory.get("/standings?site=agora", 404)
    mallory.get(f"/standings/subject?site=agora&kind=author&id={TROLL.id}", 404)
    mallory.get("/queue")
    mallory.post(f"{at}/standing", 404, kind="author", standing="ordinary")
    mallory.post("/standings/subject?site=agora", 404, **AUTHOR, standing="ordinary")
    mallory.post(f"/standings/{change.id}/undo", 404)
    assert TROLL.id not in mallory.get(f"/queue?standing={change.id}").text
    own = mallory.get(f"/standings/subject?kind=author&id={TROLL.id}").text
    assert "Nothing was ever set." in own
    assert standing_of(runtime, agora.site_id, TROLL) == change


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "author"},
        {"kind": "author", "standing": "shunned"},
        {"kind": "person", "standing": "banned"},
        {"standing": "banned"},
        {"kind": "author", "standing": "banned", "lasts": "year"},
        {"kind": "author", "standing": "banned", "reason": "x" * 501},
        {"kind": "thread", "standing": "banned"},
    ],
)
def test_a_form_that_is_not_ours_is_refused(
    runtime: Runtime, agora: Agora, alice: Browser, form: dict[str, str]
) -> None:
    at = waiting(runtime, agora)
    alice.get(at)
    alice.post(f"{at}/standing", 422, **form)
    alice.post("/standings/subject", 422, **{"id": TROLL.id} | form)
    assert history_of(runtime, agora.site_id, TROLL).changes == ()


def test_a_change_that_is_none_and_one_that_is_unknown_show_no_banner(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    at = waiting(runtime, agora)
    alice.get(at)
    sent = alice.post(f"{at}/standing", back=at, kind="author", standing="ordinary")
    assert urlsplit(sent.location)[2:4] == (at, "")
    for unknown in (uuid4(), "x", ""):
        assert "banner" not in alice.get(f"{at}?standing={unknown}").text


def test_an_erased_comment_has_no_author_to_ban(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    at = waiting(runtime, agora)
    erase(runtime, agora.site_id, CommentId(UUID(at.rpartition("/")[2])))
    assert "Ban, hold, trust" not in alice.get(at).text
    alice.post(f"{at}/standing", 410, kind="author", standing="banned")


def test_hostile_ids_are_shown_and_come_back_as_they_were(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    name = "<script>\u202e&id=x#' \" "
    submit(runtime, agora.site_id, author=Author(id=name), thread=Thread(id="é😀" * 127))
    classify_all(runtime, HOSTILE)
    queue = alice.get("/queue").text
    [link] = re.findall(r'href="(/standings/subject\?kind=author[^"]+)"', queue)
    assert parse_qs(urlsplit(unescape(link)).query)["id"] == [name]
    page = alice.get(unescape(link)).text
    assert "<script>\u202e" not in page
    sent = alice.post("/standings/subject", kind="author", id=name, standing="banned").location
    page = alice.get(sent).text
    assert "Author banned" in page
    [back, *_] = re.findall(r'name="back" value="([^"]+)"', page)
    sent = alice.post(undo_address(page), back=unescape(back)).location
    assert parse_qs(urlsplit(sent).query)["id"] == [name]
    assert "Undone" in alice.get(sent).text
    assert standing_of(runtime, agora.site_id, Subject(SubjectKind.AUTHOR, name)) is None
    [link] = re.findall(r'href="(/standings/subject\?kind=thread[^"]+)"', queue)
    alice.get(unescape(link))
    long = parse_qs(urlsplit(unescape(link)).query)["id"][0]
    sent = alice.post("/standings/subject", kind="thread", id=long, standing="held").location
    assert "Thread held" in alice.get(sent).text


def test_the_comments_page_says_that_a_held_comment_is_held_back(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    change_site(runtime, "agora", while_flagged=Display.SHOW)
    assert "the site shows it" in alice.get(waiting(runtime, agora)).text
    give(runtime, agora, Standing.HELD)
    page = alice.get(waiting(runtime, agora, "c2")).text
    assert "the site holds it back" in page
    assert "the author is held" in page


def test_a_rejection_by_a_ban_says_so(runtime: Runtime, agora: Agora, alice: Browser) -> None:
    give(runtime, agora, Standing.BANNED)
    page = alice.get(waiting(runtime, agora)).text
    assert "the author is banned" in page
    assert "a ban" in page


def test_a_card_among_those_of_all_sites_leads_to_its_own_sites_author(
    runtime: Runtime, agora: Agora, ines: Browser
) -> None:
    comment = decided(runtime, agora.other_site_id, "c1", HOSTILE).comment
    page = ines.get("/queue?site=").text
    [link] = re.findall(r'href="(/standings/subject[^"]*kind=author[^"]*)"', page)
    form = {"kind": "author", "standing": "banned", "back": "/queue"}
    sent = ines.post(f"/comments/{comment.id}/standing", **form)
    assert 'href="/standings?site=boule"' in ines.get(sent.location).text
    assert "Lift the ban" in ines.get(unescape(link)).text
    assert standing_of(runtime, agora.site_id, TROLL) is None
