"""What is behind the flagged comments of a day: who, where, and in which words."""

from datetime import date, timedelta

import pytest

from moderation.model.comments import Author, Format, Thread
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from moderation.services.preferences import choose
from moderation.services.spikes import read_spike
from moderation.storage.decisions import decisions
from tests.factories import HOSTILE, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.statements import heard

STADIUM = Thread(id="t9", title="The stadium", section="sport")
TRAMS = Thread(id="t1", title="The trams", section="local")
BOB, EVE = Author(id="u1", name="Bob"), Author(id="u2", name="=Eve <b>")


@pytest.fixture
def spike(runtime: Runtime, agora: Agora) -> str:
    """Flag comments a week ago and today, and say which day it is."""
    site = agora.site_id
    for n in range(30):
        submit(runtime, site, f"old{n}", text="The tram is late.", author=BOB, thread=TRAMS)
    classify_all(runtime, HOSTILE)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        connection.execute(decisions.update().values(decided_at=now - timedelta(days=7)))
    text = "<p class=stadium>The stadium is theft.</p>"
    for n in range(6):
        fields = {"author": EVE, "thread": STADIUM, "format": Format.HTML}
        submit(runtime, site, f"new{n}", text=text, **fields)
    submit(runtime, site, "usual", text="The tram is late.", author=BOB, thread=TRAMS)
    submit(runtime, agora.other_site_id, text="The stadium is theft.", author=EVE)
    fields = {"author": EVE, "thread": STADIUM}
    gone = submit(runtime, site, "gone", text="The stadium is theft.", **fields).comment_id
    classify_all(runtime, HOSTILE)
    submit(runtime, site, "civil", author=EVE, thread=STADIUM)
    classify_all(runtime)
    erase(runtime, site, gone)
    return f"{now:%Y-%m-%d}"


def test_what_is_unlike_other_days_is_named_with_its_usual_share(
    runtime: Runtime, agora: Agora, spike: str
) -> None:
    found = read_spike(runtime, agora.olga, agora.site_id, date.fromisoformat(spike))
    assert found.flagged == 8
    eve, bob = found.authors
    assert (eve.key, eve.share.many, eve.share.of, eve.usual.many, eve.usual.of) == (
        "u2",
        6,
        8,
        0,
        30,
    )
    assert (bob.name, bob.share.many, bob.usual.share) == ("Bob", 1, 1.0)
    assert [(one.key, one.share.many) for one in found.sections] == [("sport", 6), ("local", 1)]
    assert [one.name for one in found.threads] == ["The stadium", "The trams"]
    assert {one.word for one in found.words} == {"stadium", "theft"}
    assert found.words[0].times == 6


def test_each_leads_to_the_list_of_its_comments(
    runtime: Runtime, agora: Agora, spike: str, olga: Browser
) -> None:
    page = olga.get(f"/rates/day?day={spike}").text
    for address in (
        "/comments?author=u2",
        "/comments?thread=sport",
        "/comments?thread=t9",
        "/comments?text=theft",
    ):
        assert f'href="{address}"' in page
        assert "The stadium" in olga.get(address).text
    assert "=Eve &lt;b&gt;" in page
    assert "<summary>Words of flagged" not in page
    choose(runtime, agora.olga, Preferences(hide=Cause.THREAT))
    veiled = olga.get(f"/rates/day?day={spike}").text
    assert veiled.index("<summary>Words of flagged") < veiled.index("theft")


@pytest.mark.usefixtures("agora")
def test_other_days_are_empty_and_no_days_are_refused(olga: Browser, alice: Browser) -> None:
    assert "Nothing was flagged" in olga.get("/rates/day?day=2026-01-01").text
    for no_day in ("", "yesterday", "9999-12-31", "0001-01-01"):
        olga.get(f"/rates/day?day={no_day}", 422)
    alice.get("/rates/day?day=2026-01-01", 403)


def test_it_takes_as_many_statements_whatever_there_is(
    runtime: Runtime, agora: Agora, spike: str
) -> None:
    with heard(runtime) as said:
        read_spike(runtime, agora.olga, agora.site_id, date.fromisoformat(spike))
    assert sum(one.reads for one in said) == 6
