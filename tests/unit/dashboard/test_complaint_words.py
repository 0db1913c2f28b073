"""What moderators read of reports and appeals."""

from datetime import UTC, datetime

import pytest

from api.dashboard.complaint_words import APPEALS, REASONS, REPORTS, contested, notices, reported
from moderation.model.appeals import Appeal, AppealState, Contested
from moderation.model.decisions import Action
from moderation.model.ids import AppealId, CommentId, DecisionId, UserId, new_uuid
from moderation.model.reports import Complaint, OpenReports, ReportReason, ReportState

SPAM, INSULT = Complaint(ReportReason.SPAM), Complaint(ReportReason.HARASSMENT)
NOTICE = Complaint(ReportReason.HARASSMENT, is_notice=True)
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tally", "sentence"),
    [
        ({SPAM: 1}, "reported by 1 reader: spam (1)"),
        ({SPAM: 1, INSULT: 2}, "reported by 3 readers: harassment (2), spam (1)"),
        ({SPAM: 2, INSULT: 1, NOTICE: 2}, "reported by 5 readers: harassment (3), spam (2)"),
    ],
)
def test_reports_are_one_sentence(tally: dict[Complaint, int], sentence: str) -> None:
    assert reported(OpenReports(tally, 9)) == sentence


def test_notices_are_counted() -> None:
    assert notices(OpenReports({SPAM: 2, INSULT: 1, NOTICE: 2}, 5)) == 2


@pytest.mark.parametrize(
    ("name", "action", "said"),
    [
        ("Alice", Action.REJECT, "Alice\N{RIGHT SINGLE QUOTATION MARK}s rejection"),
        (None, Action.REJECT, "the rejection by the classifier"),
        (None, Action.FLAG, "the flag by the classifier"),
    ],
)
def test_an_appeal_says_whose_decision_it_is_against(
    name: str | None, action: Action, said: str
) -> None:
    appeal = Appeal(
        id=AppealId(new_uuid()),
        comment_id=CommentId(new_uuid()),
        decision_id=DecisionId(new_uuid()),
        words=None,
        state=AppealState.OPEN,
        outcome_id=None,
        own_decision=False,
        statement=None,
        appealed_at=AT,
        settled_at=None,
    )
    user_id = UserId(new_uuid()) if name else None
    assert contested(Contested(appeal, action, user_id, name, None, AT)) == said


def test_every_reason_and_state_has_words() -> None:
    assert (set(REASONS), set(REPORTS), set(APPEALS)) == (
        set(ReportReason),
        set(ReportState),
        set(AppealState),
    )
