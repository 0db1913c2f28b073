"""When reports ask for a look, how much they press, and what a decision makes of them."""

import pytest

from moderation.model.decisions import Action
from moderation.model.reports import (
    Complaint,
    ReportReason,
    ReportRules,
    ReportState,
    SeenReports,
    asks_for_review,
    risk_of_reports,
)

SPAM, INSULT = Complaint(ReportReason.SPAM), Complaint(ReportReason.HARASSMENT)
NOTICE = Complaint(ReportReason.DEFAMATION, is_notice=True)
FIRST, THIRD = ReportRules(), ReportRules(review_from=3, reopen_from=5)


@pytest.mark.parametrize(
    ("tally", "dismissed", "rules", "asks"),
    [
        ({}, (), FIRST, False),
        ({SPAM: 1}, (), FIRST, True),
        ({SPAM: 4}, (SPAM,), FIRST, False),
        ({SPAM: 5}, (SPAM,), FIRST, True),
        ({SPAM: 4, INSULT: 1}, (SPAM,), FIRST, True),
        ({SPAM: 2, INSULT: 2}, (SPAM, INSULT), FIRST, False),
        ({SPAM: 3, INSULT: 2}, (SPAM, INSULT), FIRST, True),
        ({SPAM: 2}, (), THIRD, False),
        ({SPAM: 2, INSULT: 1}, (), THIRD, True),
        ({SPAM: 2, INSULT: 2}, (INSULT,), THIRD, False),
        ({SPAM: 5}, (SPAM,), ReportRules(review_from=9, reopen_from=5), False),
        ({NOTICE: 1}, (), THIRD, True),
        ({NOTICE: 1}, (NOTICE,), THIRD, False),
        ({NOTICE: 1}, (Complaint(ReportReason.DEFAMATION),), THIRD, True),
    ],
)
def test_people_look_when_the_rules_say_so(
    tally: dict[Complaint, int], dismissed: tuple[Complaint, ...], rules: ReportRules, *, asks: bool
) -> None:
    assert asks_for_review(tally, dismissed, rules) is asks


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({}, {SPAM: 1}),
        ({SPAM: 1}, {SPAM: 2}),
        ({SPAM: 1}, {INSULT: 1}),
        ({INSULT: 1}, {INSULT: 1, SPAM: 1}),
        ({INSULT: 1}, {Complaint(ReportReason.MINORS): 1}),
        ({Complaint(ReportReason.DEFAMATION): 1}, {NOTICE: 1}),
    ],
)
def test_more_and_graver_reports_press_more(
    less: dict[Complaint, int], more: dict[Complaint, int]
) -> None:
    assert 0.0 <= risk_of_reports(less) < risk_of_reports(more) < 1.0


def test_no_crowd_is_off_the_scale() -> None:
    assert 0.99 < risk_of_reports({NOTICE: 100_000, SPAM: 100_000}) <= 1.0


BOTH = (ReportReason.SPAM, ReportReason.HARASSMENT)
UP, DOWN = ReportState.UPHELD, ReportState.DISMISSED


@pytest.mark.parametrize(
    ("action", "upheld", "spam", "harassment"),
    [
        (Action.REJECT, None, UP, UP),
        (Action.REJECT, {ReportReason.SPAM}, UP, DOWN),
        (Action.REJECT, set(), DOWN, DOWN),
        (Action.APPROVE, None, DOWN, DOWN),
        (Action.APPROVE, {ReportReason.SPAM}, DOWN, DOWN),
    ],
)
def test_a_decision_answers_each_reason(
    action: Action, upheld: set[ReportReason] | None, spam: ReportState, harassment: ReportState
) -> None:
    seen = SeenReports(upheld=None if upheld is None else frozenset(upheld))
    assert seen.outcomes(action, BOTH) == dict(zip(BOTH, (spam, harassment), strict=True))


def test_a_flag_answers_nobody() -> None:
    assert SeenReports().outcomes(Action.FLAG, BOTH) == {}
