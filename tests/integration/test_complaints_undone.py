"""What an undone decision had answered waits again, as if it had not been decided."""

import pytest

from moderation.model.comments import Status
from moderation.model.decisions import Action, ReasonKind
from moderation.model.ids import CommentId
from moderation.model.reports import ReportState
from moderation.runtime import Runtime
from moderation.services.complaint_rules import change_rules
from moderation.services.moderating import undo
from moderation.services.reporting import reports_after
from tests.complaining import approved_comment, decide, reported, status_of, waiting
from tests.factories import Agora, flagged_comment


@pytest.fixture
def shown(runtime: Runtime, agora: Agora) -> CommentId:
    """Return a comment that readers can see."""
    return approved_comment(runtime, agora.site_id)


def states(runtime: Runtime, agora: Agora, comment_id: CommentId) -> list[ReportState]:
    found = reports_after(runtime, agora.site_id, comment_id, 0, 1000)
    return [report.state for report in found]


def test_an_undone_decision_leaves_the_reports_open(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    reported(runtime, agora.site_id, shown)
    made = decide(runtime, agora.alice, shown, Action.APPROVE)
    undo(runtime, agora.alice, made.id)
    assert states(runtime, agora, shown) == [ReportState.OPEN]
    assert shown in waiting(runtime, agora.alice)
    assert status_of(runtime, agora.site_id, shown) is Status.APPROVED


def test_to_undo_opens_no_review_that_another_decision_closed(
    runtime: Runtime, agora: Agora
) -> None:
    change_rules(runtime, "agora", review_from=2)
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.APPROVE)
    reported(runtime, agora.site_id, comment_id)
    made = decide(runtime, agora.olga, comment_id, Action.APPROVE)
    undo(runtime, agora.olga, made.id)
    assert states(runtime, agora, comment_id) == [ReportState.OPEN]
    assert waiting(runtime, agora.alice) == {}


def test_an_undone_decision_brings_its_own_review_back_whatever_came_since(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    first = waiting(runtime, agora.alice)[comment_id].waiting
    made = decide(runtime, agora.alice, comment_id, Action.APPROVE)
    reported(runtime, agora.site_id, comment_id)
    undo(runtime, agora.alice, made.id)
    again = waiting(runtime, agora.alice)[comment_id].waiting
    assert first is not None
    assert again is not None
    assert again.opened_at == first.opened_at
    assert {reason.kind for reason in again.reasons} == {ReasonKind.LABEL, ReasonKind.REPORT}


def test_an_undone_flag_leaves_a_reported_comment_in_the_queue(
    runtime: Runtime, agora: Agora, shown: CommentId
) -> None:
    reported(runtime, agora.site_id, shown)
    made = decide(runtime, agora.alice, shown, Action.FLAG)
    undo(runtime, agora.alice, made.id)
    assert status_of(runtime, agora.site_id, shown) is Status.APPROVED
    assert shown in waiting(runtime, agora.alice)
