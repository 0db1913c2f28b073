"""Rates: what automation and people did with comments, counted, and on the page."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from moderation.model.decisions import Action
from moderation.model.errors import Forbidden, NotFound
from moderation.model.labels import Label
from moderation.model.people import Role, User
from moderation.model.policy import Threshold
from moderation.model.rates import PERIODS, Span
from moderation.runtime import Runtime
from moderation.services.moderating import undo
from moderation.services.rates import read_rates, spans_until
from moderation.services.tuning import Draft, publish
from moderation.storage.comments import comments
from moderation.storage.decisions import decisions
from moderation.storage.policies import policies
from moderation.storage.reviews import reviews
from tests.complaining import appealed, approved_comment, decide, reported
from tests.factories import (
    CIVIL,
    HOSTILE,
    Agora,
    classify_all,
    flagged_comment,
    make_user,
    submit,
)
from tests.integration.dashboard.conftest import Browser
from tests.statements import heard

WEEK, MONTH, QUARTER = PERIODS


@pytest.fixture
def bob(runtime: Runtime, agora: Agora) -> User:
    return make_user(runtime, "Bob", Role.MODERATOR, agora.site_id)


@pytest.mark.parametrize("period", PERIODS)
def test_what_automation_did_is_counted_by_step(
    runtime: Runtime, agora: Agora, period: object
) -> None:
    asked = next(one for one in PERIODS if one == period)
    for n in range(3):
        submit(runtime, agora.site_id, f"civil{n}")
    classify_all(runtime)
    decide(runtime, agora.alice, flagged_comment(runtime, agora.site_id), Action.REJECT)
    flagged_comment(runtime, agora.other_site_id)
    rates = read_rates(runtime, agora.olga, agora.site_id, asked)
    counted = [(step.approved, step.flagged, step.rejected) for step in rates.steps]
    assert [sum(some) for some in zip(*counted, strict=True)] == [3, 1, 0]
    assert rates.for_automation is not None
    assert rates.for_automation.sampled >= 1


def test_what_is_older_than_the_period_is_left_out(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.APPROVE)
    with runtime.transaction() as connection:
        long_ago = runtime.database_now(connection) - timedelta(days=40)
        connection.execute(decisions.update().values(decided_at=long_ago))
        connection.execute(reviews.update().values(opened_at=long_ago, resolved_at=long_ago))
    month = read_rates(runtime, agora.olga, agora.site_id, MONTH)
    assert (sum(step.total for step in month.steps), month.reversals.undone.of) == (0, 0)
    assert month.outcomes[0].approved.of == 0
    quarter = read_rates(runtime, agora.olga, agora.site_id, QUARTER)
    assert sum(step.total for step in quarter.steps) == 1


def test_waits_are_told_of_automation_and_of_people(runtime: Runtime, agora: Agora) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.APPROVE)
    with runtime.transaction() as connection:
        early = {"received_at": comments.c.received_at}
        row = connection.execute(comments.select()).one()
        early = {"received_at": row.received_at - timedelta(seconds=90)}
        connection.execute(comments.update().values(early))
        opened = connection.execute(reviews.select()).one().resolved_at - timedelta(hours=2)
        connection.execute(reviews.update().values(opened_at=opened))
    submit(runtime, agora.site_id, "waits")
    rates = read_rates(runtime, agora.olga, agora.site_id, MONTH)
    assert rates.for_automation is not None
    assert timedelta(seconds=90) <= rates.for_automation.median < timedelta(seconds=100)
    assert rates.for_people is not None
    assert (rates.for_people.most, rates.for_people.sampled) == (timedelta(hours=2), 1)
    assert rates.oldest_pending is not None
    assert rates.oldest_waiting is None


def test_the_waits_of_few_comments_are_all_told(
    runtime: Runtime, agora: Agora, olga: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes = (1, 2, 3, 4, 50)
    for n in range(len(minutes)):
        submit(runtime, agora.site_id, f"c{n}")
    classify_all(runtime, HOSTILE)
    with runtime.transaction() as connection:
        for row, waited in zip(connection.execute(comments.select()).all(), minutes, strict=True):
            early = row.received_at - timedelta(minutes=waited)
            change = comments.update().where(comments.c.id == row.id)
            connection.execute(change.values(received_at=early))
    found = read_rates(runtime, agora.olga, agora.site_id, MONTH).for_automation
    assert found is not None
    told = (found.median // timedelta(minutes=1), found.most // timedelta(minutes=1), found.sampled)
    assert told == (3, 50, 5)
    assert "told from all 5 comments" in olga.get("/rates").text
    monkeypatch.setattr("moderation.services.rates.FEW", 4)
    found = read_rates(runtime, agora.olga, agora.site_id, MONTH).for_automation
    assert found is not None
    assert found.sampled < len(minutes)
    assert "told from all" not in olga.get("/rates").text


def test_people_are_compared_with_what_was_flagged_by_label(runtime: Runtime, agora: Agora) -> None:
    for n, action in enumerate((Action.APPROVE, Action.REJECT, Action.APPROVE)):
        decide(runtime, agora.alice, flagged_comment(runtime, agora.site_id, f"c{n}"), action)
    threat = submit(runtime, agora.site_id, "threat").comment_id
    classify_all(runtime, CIVIL | {Label.THREAT: 0.9})
    decide(runtime, agora.alice, threat, Action.REJECT)
    complained = approved_comment(runtime, agora.site_id, "complained")
    reported(runtime, agora.site_id, complained)
    decide(runtime, agora.alice, complained, Action.REJECT)
    found = read_rates(runtime, agora.olga, agora.site_id, MONTH).outcomes
    counts = {one.label: (one.approved.many, one.rejected.many) for one in found}
    assert counts == {
        None: (2, 2),
        Label.TOXICITY: (2, 1),
        Label.INSULT: (2, 1),
        Label.THREAT: (0, 1),
    }


def test_decisions_that_did_not_stand_are_counted_once(
    runtime: Runtime, agora: Agora, bob: User
) -> None:
    ids = [flagged_comment(runtime, agora.site_id, f"c{n}") for n in range(5)]
    undo(runtime, agora.alice, decide(runtime, agora.alice, ids[0], Action.REJECT).id)
    decide(runtime, agora.alice, ids[1], Action.REJECT)
    appealed(runtime, agora.site_id, ids[1])
    decide(runtime, bob, ids[1], Action.APPROVE)
    decide(runtime, agora.alice, ids[2], Action.REJECT)
    decide(runtime, bob, ids[2], Action.APPROVE)
    decide(runtime, agora.alice, ids[3], Action.REJECT)
    decide(runtime, agora.alice, ids[3], Action.APPROVE)
    decide(runtime, agora.alice, ids[4], Action.REJECT)
    undo(runtime, bob, decide(runtime, bob, ids[4], Action.APPROVE).id)
    found = read_rates(runtime, agora.olga, agora.site_id, MONTH).reversals
    counts = (found.undone.many, found.overturned.many, found.decided_again.many)
    # Undone are Alice's first and Bob's last; who changes their own mind is nobody else.
    assert counts == (2, 1, 1)
    # The answer to the appeal is none that a moderator came upon.
    assert found.undone.of == 8


def test_only_operators_of_a_site_read_its_rates(runtime: Runtime, agora: Agora) -> None:
    with pytest.raises(Forbidden):
        read_rates(runtime, agora.alice, agora.site_id, MONTH)
    with pytest.raises(NotFound):
        read_rates(runtime, agora.olga, agora.other_site_id, MONTH)


def test_steps_begin_at_round_hours_and_the_last_goes_on() -> None:
    now = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    six = spans_until(now, WEEK)
    assert (len(six), six[-1].begins.hour, six[-1].ends.hour) == (28, 6, 12)
    days = spans_until(now, MONTH)
    assert days[-1] == Span(now.replace(hour=0, minute=0), datetime(2026, 11, 3, tzinfo=UTC))
    assert len(days) == 30


def test_the_page_tells_everything_twice(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    assert "No person has decided anything" in olga.get("/rates").text
    decide(runtime, agora.alice, flagged_comment(runtime, agora.site_id), Action.APPROVE)
    page = olga.get("/rates?days=7").text
    assert page.count('<rect class="flag"') == 1
    assert page.count('<circle class="flag"') == 1
    assert len(re.findall(r'<th scope="row"><a href="[^"]+">\w+ \d+, \d\d:00</a>', page)) == 28
    assert "20.7&nbsp;% to 100.0&nbsp;%" in page, "one of one: Wilson's interval begins at 21 %"
    assert "Insult" in page
    assert "Alice" not in page


def test_disagreements_are_sent_as_a_file(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    decide(runtime, agora.alice, flagged_comment(runtime, agora.site_id), Action.APPROVE)
    answer = olga.get("/rates/disagreements?format=csv&days=7")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('filename="disagreements-agora.csv"')
    assert '"You are an idiot."' in answer.text
    assert len(olga.get("/rates/disagreements?format=jsonl").text.splitlines()) == 1
    olga.get("/rates/disagreements?format=exe", 422)


@pytest.mark.usefixtures("agora")
def test_moderators_are_not_led_there(alice: Browser) -> None:
    alice.get("/rates", 403)
    alice.get("/rates/disagreements?format=csv", 403)
    assert "/rates" not in alice.get("/queue").text


def test_a_page_of_rates_takes_as_many_statements_whatever_there_is(
    runtime: Runtime, agora: Agora
) -> None:
    def statements() -> int:
        with heard(runtime) as said:
            read_rates(runtime, agora.olga, agora.site_id, QUARTER)
        return sum("clock" not in one.text for one in said)

    few = statements()
    for n in range(5):
        decide(
            runtime, agora.alice, flagged_comment(runtime, agora.site_id, f"c{n}"), Action.REJECT
        )
    assert statements() == few == 10


def test_when_a_version_was_published_is_marked(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    draft = Draft({Label.INSULT: Threshold(0.9)}, "fewer", 1)
    publish(runtime, agora.olga, agora.site_id, draft)
    with runtime.transaction() as connection:
        long_ago = runtime.database_now(connection) - timedelta(days=40)
        first = policies.c.version == 1
        connection.execute(policies.update().where(first).values(published_at=long_ago))
    page = olga.get("/rates?days=30").text
    assert page.count('class="published" d="M') == 2, "in both drawings"
    today = page[page.index("<tbody>") : page.index("</tr>", page.index("<tbody>"))]
    assert re.search(r'href="/thresholds[^"]*#version-2">version 2 published</a>', today)
    assert "version 1 published" not in page
    assert "version 1 published" in olga.get("/rates?days=90").text
