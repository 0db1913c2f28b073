"""Which comments are replayed, how their scores are drawn, and how fast people are here."""

from datetime import datetime, timedelta

import pytest

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services import simulating
from moderation.services.classifier_versions import saw_classifier
from moderation.services.moderating import decide_comment
from moderation.services.simulating import EVERYTHING, USUAL, Pace, Period, period_of
from moderation.services.tuning import Look, read_tuning
from moderation.storage import comments
from moderation.storage.simulation import Replayed
from tests.factories import CIVIL, CLASSIFIER, NEXT, Agora, FakeClock, classify_all, submit

LABELS = [label for label in Label if label in CIVIL]


def period(runtime: Runtime, agora: Agora, now: datetime, days: int | None = None) -> Period:
    with runtime.reading() as connection:
        return period_of(connection, Replayed(agora.site_id, CLASSIFIER), days, now)


def write(runtime: Runtime, agora: Agora, *days_ago: float, score: float = 0.1) -> None:
    now = runtime.clock.now()
    for n, days in enumerate(days_ago):
        at = now - timedelta(days=days)
        submit(runtime, agora.site_id, f"{days} {n} {score}", created_at=at)
        classify_all(runtime, CIVIL | {Label.INSULT: score})


def test_thirty_days_are_usual_and_everything_where_that_says_more(
    runtime: Runtime, agora: Agora
) -> None:
    now = runtime.clock.now()
    assert period(runtime, agora, now) == Period(USUAL, Replayed(agora.site_id, CLASSIFIER), None)
    write(runtime, agora, 10, 2)
    young = period(runtime, agora, now)
    assert (young.days, young.of.since) == (EVERYTHING, None)
    assert young.length == pytest.approx(8, abs=0.01)
    write(runtime, agora, 100)
    assert period(runtime, agora, now).days == USUAL
    assert period(runtime, agora, now).length == pytest.approx(28, abs=0.01)
    later = now + timedelta(days=40)
    assert period(runtime, agora, later).days == EVERYTHING, "nothing is from the last 30 days"
    assert period(runtime, agora, later).length == pytest.approx(98, abs=0.01)
    assert period(runtime, agora, later, days=7).ends is None


def test_what_a_site_dates_after_today_makes_no_period_longer(
    runtime: Runtime, agora: Agora
) -> None:
    write(runtime, agora, 1, -500)
    assert period(runtime, agora, runtime.clock.now()).length == pytest.approx(1, abs=0.01)


def test_scores_by_a_version_that_decides_nothing_are_no_part_of_it(
    runtime: Runtime, agora: Agora
) -> None:
    write(runtime, agora, 1)
    with runtime.reading() as connection:
        of = Replayed(agora.site_id, NEXT)
        assert period_of(connection, of, None, runtime.clock.now()).ends is None


def test_histograms_are_drawn_from_all_over_a_long_period(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    saw_classifier(runtime, CLASSIFIER, LABELS)
    for week in range(4):
        write(runtime, agora, *[27.9 - 7 * week - n for n in range(6)], score=0.2 * (week + 1))
    look = Look(days=USUAL)
    whole = read_tuning(runtime, agora.olga, agora.site_id, look).spread
    assert whole.comments == 24
    monkeypatch.setattr(simulating, "PARTS", 4)
    monkeypatch.setattr(simulating, "OF_EACH", 2)
    some = read_tuning(runtime, agora.olga, agora.site_id, look).spread
    assert some.comments == 8
    [insults] = [one.counts for one in some.histograms if one.label is Label.INSULT]
    assert [n for n, number in enumerate(insults) if number] == [8, 16, 24, 32]


@pytest.mark.usefixtures("time_is_held")
def test_the_pace_is_that_of_the_people_of_this_site(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    ids = [submit(runtime, agora.site_id, f"c{n}").comment_id for n in range(51)]
    classify_all(runtime)
    theirs = submit(runtime, agora.other_site_id, "theirs").comment_id
    classify_all(runtime)

    def pace() -> Pace:
        found = read_tuning(runtime, agora.olga, agora.site_id)
        return found.simulation.pace

    assert pace() == Pace(20.0, 0)
    for user, comment_id in [*((agora.olga, one) for one in ids), (agora.mallory, theirs)]:
        with runtime.reading() as connection:
            comment = comments.by_id(connection, comment_id)
        assert comment is not None
        clock.pass_time(seconds=12)
        decide_comment(runtime, user, comment_id, Action.APPROVE, seen=comment.sequence)
    assert pace() == Pace(12.0, 50)
