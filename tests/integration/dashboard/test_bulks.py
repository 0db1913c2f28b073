"""Deciding on many comments at once, as people do it in a browser without a script."""

import re
from collections.abc import Callable

import pytest

from api.dashboard.sessions import DeskSession
from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services.claims import hold
from moderation.services.moderating import decide_comment
from tests.bulks import flagged, run, scored
from tests.factories import Agora
from tests.integration.dashboard.conftest import Browser
from tests.integration.test_bulks import counted

HOSTILE_NAME = "</option><script>alert(1)</script>\u202e"


def boxes(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', page)


def preview(browser: Browser, **form: object) -> str:
    """Select, and return the address of the preview."""
    return str(browser.post("/bulks", back="/queue", **form).location)


def test_ticked_comments_are_previewed_rejected_and_undone(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    ids = flagged(runtime, agora.site_id, 4, text="Spam <b>for</b> you.")
    ticked = boxes(alice.get("/queue").text)
    assert sorted(ticked) == sorted(f"{one}.1" for one in ids)
    address = preview(alice, chosen=ticked[:3])
    shown = alice.get(address).text
    assert "3 comments" in shown
    assert shown.count("Spam &lt;b&gt;for&lt;/b&gt; you.") == 3
    alice.post(f"{address}/start", action="reject", reason="spam", note="wave", message="")
    running = alice.get(address).text
    assert "<progress" in running
    assert "of 3 comments" in running
    run(runtime)
    done = alice.get(address).text
    assert "3 comments rejected." in done
    assert len(boxes(alice.get("/queue").text)) == 1
    [act] = re.findall(r'name="act" value="([^"]+)"', done)
    undoing = alice.post("/undo", act=act, back=address)
    assert undoing.location == address
    assert "Undoing" in alice.get(address).text
    run(runtime)
    assert "3 comments undone." in alice.get(address).text
    assert len(boxes(alice.get("/queue").text)) == 4


def test_the_key_for_undoing_undoes_a_bulk_from_anywhere(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    [one] = flagged(runtime, agora.site_id, 1)
    address = preview(alice, chosen=[f"{one}.1"])
    alice.post(f"{address}/start", action="approve")
    run(runtime)
    part = alice.post("/undo", 200, back="/queue", part="yes").text
    assert f'href="{address}"' in part
    run(runtime)
    assert "1 comment undone." in alice.get(address).text
    assert "There is nothing of yours" in alice.post("/undo", 200, back="/queue", part="yes").text


@pytest.mark.parametrize(("name", "number"), [("author_of", 2), ("text_of", 3)])
def test_all_of_an_author_or_a_text_are_selected_from_a_card(
    runtime: Runtime, agora: Agora, alice: Browser, name: str, number: int
) -> None:
    [one, _] = flagged(runtime, agora.site_id, 2, author=Author(id="u1", name=HOSTILE_NAME))
    flagged(runtime, agora.site_id, 1, "other", author=Author(id="u2"))
    card = alice.get("/queue").text
    assert f'name="{name}" value="{one}"' in card
    shown = alice.get(preview(alice, **{name: one})).text
    assert f'id="how-many">{number} comments' in shown
    assert "<script>alert" not in shown


def test_what_is_left_out_is_counted_and_listed_with_its_reason(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    ids = flagged(runtime, agora.site_id, 3)
    hold(runtime, agora.olga, ids[0], None)
    decide_comment(runtime, agora.olga, ids[1], Action.APPROVE, seen=1)
    shown = alice.get(preview(alice, chosen=[f"{one}.1" for one in ids])).text
    assert "<strong>1</strong> a colleague is on it" in shown
    assert "<strong>1</strong> decided, edited or taken up by somebody since you looked" in shown
    left = shown[shown.index("Left as they are") : shown.index('id="samples"')]
    assert f"/comments/{ids[0]}" in left
    assert f"/comments/{ids[2]}" not in left
    alone = preview(alice, chosen=[f"{ids[0]}.1"])
    assert "Nothing in there can be decided now" in alice.get(alone).text
    alice.post(f"{alone}/start", 422, action="approve")


def test_a_band_of_scores_is_drawn_and_selected(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    scored(runtime, agora.site_id, [0.84, 0.85, 0.86, 0.879, 0.88])
    page = alice.get("/bulks/band?label=toxicity&low=0.85&high=0.88").text
    assert "<strong data-within>3</strong> of 5 waiting comments" in page
    assert "<td>0.85 to 0.90</td><td>4</td>" in page
    [path] = re.findall(r'id="all-dots" d="([^"]+)"', page)
    assert path.count("M") == 5
    [classifier] = re.findall(r'name="classifier" value="([^"]+)"', page)
    band = {"label": "toxicity", "low": "0.85", "high": "0.88", "classifier": classifier}
    shown = alice.get(preview(alice, **band)).text
    assert 'id="how-many">3 comments' in shown
    assert "toxicity from 0.85 to 0.88" in shown
    assert "<span>toxicity 0.879</span>" in shown
    shown_only = alice.post("/bulks", do="show", **band | {"high": "0.9"}).location
    assert "<strong data-within>4</strong>" in alice.get(shown_only).text
    again = preview(alice, **band | {"low": "0.1", "high": "0.2"})
    assert again.startswith("/bulks/band?label=toxicity&low=0.1")
    assert "No comment that waits is in there." in alice.get(again).text


def test_a_band_keeps_to_the_filter_of_the_queue(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    flagged(runtime, agora.site_id, 2, thread=Thread(section="sport"))
    flagged(runtime, agora.site_id, 1, "other")
    assert "section=sport" in alice.get("/queue?section=sport").text
    page = alice.get("/bulks/band?section=sport&label=insult").text
    assert "of 2 waiting comments" in page
    assert '<input type="hidden" name="section" value="sport">' in page
    assert "<p>Agora, two people disagree</p>" in alice.get("/bulks/band?reason=second_look").text
    alice.get("/bulks/band?escalated=1", 403)


def test_hostile_forms_are_refused_and_change_nothing(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    [one] = flagged(runtime, agora.site_id, 1)
    for wrong in ("nonsense", f"{one}", f"{one}.-1", f"{one}.99999999999", "\0.1", f"{one}.²"):
        alice.post("/bulks", 422, chosen=[wrong])
    for wrong_band in ({"label": "kindness"}, {"low": "much"}, {"high": "nan"}, {"low": "1e999"}):
        alice.post("/bulks", 422, **{"label": "toxicity", "classifier": "x"} | wrong_band)
        alice.get("/bulks/band?" + "&".join(f"{name}={v}" for name, v in wrong_band.items()), 422)
    alice.post("/bulks", 422, author_of="nobody")
    assert "Select a comment first" in alice.get(preview(alice)).text
    address = preview(alice, chosen=[f"{one}.1"])
    for wrong_start in ({}, {"action": "flag"}, {"action": "reject", "reason": "no-such"}):
        alice.post(f"{address}/start", 422, **wrong_start)
    alice.post(f"{address}/start", 422, action="reject", reason="spam", note="x" * 501)
    assert "Approve all" in alice.get(address).text


def test_bulks_need_the_token_and_are_for_who_sees_the_site(
    runtime: Runtime, agora: Agora, alice: Browser, olga: Browser, mallory: Browser
) -> None:
    [one] = flagged(runtime, agora.site_id, 1)
    address = preview(alice, chosen=[f"{one}.1"])
    for path in ("/bulks", f"{address}/start"):
        assert alice.client.post(path, data={"chosen": f"{one}.1"}).status_code == 400
    for browser in (olga, mallory):
        browser.get(address, 404)
        browser.post(f"{address}/start", 404, action="approve")
    mallory.post("/bulks", 404, chosen=[f"{one}.1"])
    mallory.post("/bulks", 404, author_of=one)


def test_whoever_only_looks_on_is_not_active(
    runtime: Runtime, agora: Agora, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one] = flagged(runtime, agora.site_id, 1)
    address = preview(alice, chosen=[f"{one}.1"])
    alice.post(f"{address}/start", action="approve")
    [watched] = re.findall(r'data-live="([^"]+)"', alice.get(address).text)
    touched: list[None] = []
    monkeypatch.setattr(DeskSession, "touch", lambda _: touched.append(None))
    shown = alice.get(watched).text
    assert touched == []
    assert f'name="back" value="{address}"' in shown, "undoing leads back to the page itself"
    alice.get(address)
    assert touched


@pytest.mark.usefixtures("backlog_is_known")
def test_the_pages_of_a_bulk_cost_the_same_however_many_it_has(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    def costs(ids: list[CommentId]) -> dict[str, int]:
        found: dict[str, int] = {}

        def cost(name: str, do: Callable[[], object]) -> None:
            with counted(runtime) as statements:
                do()
            found[name] = len(statements)

        cost("queue", lambda: alice.get("/queue"))
        cost("band", lambda: alice.get("/bulks/band?label=toxicity"))
        addresses: list[str] = []
        ticks = [f"{one}.1" for one in ids]
        cost("select", lambda: addresses.append(preview(alice, chosen=ticks)))
        cost("preview", lambda: alice.get(addresses[0]))
        cost("start", lambda: alice.post(f"{addresses[0]}/start", action="approve"))
        run(runtime)
        cost("done", lambda: alice.get(addresses[0]))
        cost("undo", lambda: alice.post("/undo", back="/queue"))
        run(runtime)
        return found

    few = costs(flagged(runtime, agora.site_id, 2, "few"))
    many = costs(flagged(runtime, agora.site_id, 60, "many"))
    # A queue that fills its page looks for nothing behind it.
    assert all(many[name] <= few[name] for name in few), (few, many)
    assert few["preview"] <= 25
