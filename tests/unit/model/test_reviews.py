"""The order of the queue, and what a comment is found by."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from moderation.model.decisions import Reason, ReasonKind
from moderation.model.labels import Label
from moderation.model.reviews import HEAD_START, PATIENCE, URGENT, Cause, causes_of, due_at

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
RISKS = st.floats(0.0, 1.0)
MINUTES = st.integers(0, 3_000)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@given(RISKS, RISKS)
def test_of_two_that_come_at_once_the_riskier_one_is_first(one: float, other: float) -> None:
    riskier, milder = max(one, other), min(one, other)
    assert due_at(NOON, riskier, Cause.INSULT) <= due_at(NOON, milder, Cause.INSULT)


@given(RISKS, RISKS, MINUTES)
def test_nothing_ordinary_overtakes_who_has_waited_for_thirty_minutes(
    mild: float, risky: float, minutes: int
) -> None:
    later = NOON + PATIENCE + timedelta(minutes=minutes)
    assert due_at(NOON, mild, Cause.TOXICITY) <= due_at(later, risky, Cause.FAILURE)


@given(RISKS, RISKS, MINUTES, st.sampled_from([Cause.THREAT, Cause.SEVERE_TOXICITY, ~Cause(0)]))
def test_what_is_urgent_goes_before_all_that_waited_for_less_than_a_day(
    mild: float, risky: float, minutes: int, urgent: Cause
) -> None:
    later = NOON + timedelta(minutes=minutes)
    first = due_at(later, mild, urgent) < due_at(NOON, risky, Cause.INSULT)
    if minutes < (HEAD_START - PATIENCE) / timedelta(minutes=1):
        assert first
    if minutes > (HEAD_START + PATIENCE) / timedelta(minutes=1):
        assert not first


def test_each_label_is_a_cause_of_its_own() -> None:
    found = [causes_of([Reason(ReasonKind.LABEL, label=label, score=0.9)]) for label in Label]
    assert [cause.name for cause in found] == [label.name for label in Label]
    assert {cause for cause in found if cause & URGENT} == {Cause.SEVERE_TOXICITY, Cause.THREAT}


def test_reasons_of_every_kind_can_be_found() -> None:
    assert all(causes_of([Reason(kind)]) for kind in ReasonKind)
    both = [Reason(ReasonKind.LANGUAGE), Reason(ReasonKind.LABEL, label=Label.INSULT)]
    assert causes_of(both) == Cause.LANGUAGE | Cause.INSULT
    assert causes_of([Reason(ReasonKind.UNSCORED, label=Label.THREAT)]) == Cause.FAILURE
    assert causes_of([]) == Cause.OTHER
