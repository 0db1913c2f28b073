"""Authors contest that a comment was taken off, and another person judges."""

import pytest
from sqlalchemy import select

from moderation.model.appeals import AppealState
from moderation.model.comments import Display, Status
from moderation.model.decisions import Action, Decision, ReasonKind, Source
from moderation.model.errors import (
    AppealedBefore,
    Forbidden,
    InvalidInput,
    NotFound,
    NothingToAppeal,
    StaleReview,
    TooLateToAppeal,
    TooLateToUndo,
)
from moderation.model.ids import CommentId
from moderation.model.people import Role
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.announcements import payload, publish_due
from moderation.services.appealing import appeals_of
from moderation.services.complaint_rules import change_rules
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment, undo
from moderation.services.reading import decisions_after, get_comment
from moderation.services.sites import change_site
from moderation.storage import users
from moderation.storage.audit import audit
from tests.complaining import (
    appealed,
    approved_comment,
    decide,
    let_sign_in,
    reported,
    status_of,
    waiting,
)
from tests.factories import (
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    make_agora,
    make_user,
    submit,
)


@pytest.fixture
def rejected(runtime: Runtime, agora: Agora) -> Decision:
    """Return Alice's rejection of a comment; Olga is there too."""
    return reject(runtime, agora)


def reject(runtime: Runtime, agora: Agora) -> Decision:
    let_sign_in(runtime, agora.alice, agora.olga)
    comment_id = flagged_comment(runtime, agora.site_id)
    made: Decision = decide(runtime, agora.alice, comment_id, Action.REJECT)
    return made


def state_of(runtime: Runtime, agora: Agora, comment_id: CommentId) -> AppealState:
    return appeals_of(runtime, agora.site_id, comment_id)[-1].state


def test_an_appealed_comment_waits_for_a_person_and_stays_off(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    made = appealed(runtime, agora.site_id, rejected.comment_id)
    assert (made.state, made.decision_id) == (AppealState.OPEN, rejected.id)
    card = waiting(runtime, agora.olga)[rejected.comment_id]
    assert card.waiting is not None
    assert [reason.kind for reason in card.waiting.reasons] == [ReasonKind.APPEAL]
    assert card.complaints.appeal is not None
    assert card.complaints.appeal.contested.user_name == "Alice"
    assert status_of(runtime, agora.site_id, rejected.comment_id) is Status.REJECTED


@pytest.mark.parametrize(
    ("action", "state"),
    [(Action.APPROVE, AppealState.OVERTURNED), (Action.REJECT, AppealState.UPHELD)],
)
def test_another_person_judges(
    runtime: Runtime, agora: Agora, rejected: Decision, action: Action, state: AppealState
) -> None:
    appealed(runtime, agora.site_id, rejected.comment_id)
    made = decide(
        runtime, agora.olga, rejected.comment_id, action, words=Words(message="We looked again.")
    )
    assert made.source is Source.APPEAL
    [found] = appeals_of(runtime, agora.site_id, rejected.comment_id)
    assert (found.state, found.outcome_id, found.own_decision) == (state, made.id, False)
    assert found.statement == "We looked again."
    assert status_of(runtime, agora.site_id, rejected.comment_id) is action.status
    assert waiting(runtime, agora.olga) == {}


def test_nobody_judges_their_own_decision_while_others_are_there(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    appealed(runtime, agora.site_id, rejected.comment_id)
    for action in (Action.APPROVE, Action.REJECT):
        with pytest.raises(Forbidden):
            decide(runtime, agora.alice, rejected.comment_id, action, alone=True)
    card = waiting(runtime, agora.alice)[rejected.comment_id]
    assert card.complaints.appeal is not None
    assert not card.complaints.appeal.is_for(agora.alice)
    assert card.complaints.appeal.is_for(agora.olga)


def test_who_is_alone_judges_after_a_warning_and_it_is_recorded(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    with runtime.transaction() as connection:
        users.set_disabled(connection, agora.olga.id, runtime.database_now(connection))
    appealed(runtime, agora.site_id, rejected.comment_id)
    with pytest.raises(StaleReview):
        decide(runtime, agora.alice, rejected.comment_id, Action.APPROVE)
    decide(runtime, agora.alice, rejected.comment_id, Action.APPROVE, alone=True)
    [found] = appeals_of(runtime, agora.site_id, rejected.comment_id)
    assert (found.state, found.own_decision) == (AppealState.OVERTURNED, True)
    with runtime.reading() as connection:
        noted = set(connection.execute(select(audit.c.action)).scalars())
    assert "appeal-judge-own" in noted


def test_an_admin_is_somebody_else(runtime: Runtime, agora: Agora, rejected: Decision) -> None:
    with runtime.transaction() as connection:
        users.set_disabled(connection, agora.olga.id, runtime.database_now(connection))
    let_sign_in(runtime, make_user(runtime, "Ada", Role.ADMIN))
    appealed(runtime, agora.site_id, rejected.comment_id)
    with pytest.raises(Forbidden):
        decide(runtime, agora.alice, rejected.comment_id, Action.APPROVE, alone=True)


def test_a_flag_of_the_classifier_that_hides_may_be_contested_and_anybody_judges(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    appealed(runtime, agora.site_id, comment_id)
    card = waiting(runtime, agora.alice)[comment_id]
    assert card.waiting is not None
    assert ReasonKind.APPEAL in [reason.kind for reason in card.waiting.reasons]
    assert decide(runtime, agora.alice, comment_id, Action.APPROVE).source is Source.APPEAL
    assert state_of(runtime, agora, comment_id) is AppealState.OVERTURNED


def test_what_readers_can_see_cannot_be_appealed(runtime: Runtime, agora: Agora) -> None:
    shown = approved_comment(runtime, agora.site_id)
    flagged = flagged_comment(runtime, agora.site_id, "c2")
    change_site(runtime, "agora", while_flagged=Display.SHOW)
    waits = submit(runtime, agora.site_id, "c3").comment_id
    for comment_id in (shown, flagged, waits):
        with pytest.raises(NothingToAppeal):
            appealed(runtime, agora.site_id, comment_id)


def test_a_decision_is_contested_once(runtime: Runtime, agora: Agora, rejected: Decision) -> None:
    appealed(runtime, agora.site_id, rejected.comment_id)
    with pytest.raises(AppealedBefore):
        appealed(runtime, agora.site_id, rejected.comment_id)
    decide(runtime, agora.olga, rejected.comment_id, Action.REJECT)
    with pytest.raises(AppealedBefore):
        appealed(runtime, agora.site_id, rejected.comment_id)


def test_a_new_rejection_can_be_contested_anew(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    appealed(runtime, agora.site_id, rejected.comment_id)
    decide(runtime, agora.olga, rejected.comment_id, Action.APPROVE)
    decide(runtime, agora.alice, rejected.comment_id, Action.REJECT)
    appealed(runtime, agora.site_id, rejected.comment_id)
    assert len(appeals_of(runtime, agora.site_id, rejected.comment_id)) == 2


@pytest.mark.parametrize(("days", "allowed"), [(179, True), (181, False)])
def test_there_is_half_a_year_to_appeal(
    held_runtime: Runtime, clock: FakeClock, days: int, *, allowed: bool
) -> None:
    agora = make_agora(held_runtime)
    decision = reject(held_runtime, agora)
    clock.pass_time(days=days)
    if allowed:
        appealed(held_runtime, agora.site_id, decision.comment_id)
    else:
        with pytest.raises(TooLateToAppeal):
            appealed(held_runtime, agora.site_id, decision.comment_id)
        change_rules(held_runtime, "agora", appeal_days=365)
        appealed(held_runtime, agora.site_id, decision.comment_id)


def test_what_was_seen_before_the_appeal_is_stale(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    seen = get_comment(runtime, agora.site_id, rejected.comment_id).comment.sequence
    appealed(runtime, agora.site_id, rejected.comment_id)
    with pytest.raises(StaleReview):
        decide_comment(runtime, agora.olga, rejected.comment_id, Action.APPROVE, seen=seen)
    with pytest.raises(TooLateToUndo):
        undo(runtime, agora.alice, rejected.id)
    with pytest.raises(InvalidInput):
        decide(runtime, agora.olga, rejected.comment_id, Action.FLAG)
    assert state_of(runtime, agora, rejected.comment_id) is AppealState.OPEN


def test_only_the_judge_takes_the_answer_back_and_the_appeal_waits_again(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    appealed(runtime, agora.site_id, rejected.comment_id)
    made = decide(runtime, agora.olga, rejected.comment_id, Action.APPROVE)
    with pytest.raises(Forbidden):
        undo(runtime, agora.alice, made.id)
    undo(runtime, agora.olga, made.id)
    assert state_of(runtime, agora, rejected.comment_id) is AppealState.OPEN
    assert status_of(runtime, agora.site_id, rejected.comment_id) is Status.REJECTED
    assert rejected.comment_id in waiting(runtime, agora.olga)
    with pytest.raises(AppealedBefore):
        appealed(runtime, agora.site_id, rejected.comment_id)
    with pytest.raises(Forbidden):
        decide(runtime, agora.alice, rejected.comment_id, Action.REJECT)
    decide(runtime, agora.olga, rejected.comment_id, Action.REJECT)
    assert state_of(runtime, agora, rejected.comment_id) is AppealState.UPHELD


def test_an_edit_leaves_nothing_to_judge(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    appealed(runtime, agora.site_id, rejected.comment_id)
    submit(runtime, agora.site_id, text="Something else.")
    assert state_of(runtime, agora, rejected.comment_id) is AppealState.MOOT
    classify_all(runtime)
    assert waiting(runtime, agora.olga) == {}


def test_erasure_takes_the_authors_words_along(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    appealed(runtime, agora.site_id, rejected.comment_id, "canary")
    erase(runtime, agora.site_id, rejected.comment_id)
    with runtime.reading() as connection:
        row = connection.exec_driver_sql("SELECT state, words FROM appeals").one()
    assert tuple(row) == ("moot", None)


def test_another_sites_comment_cannot_be_appealed(
    runtime: Runtime, agora: Agora, rejected: Decision
) -> None:
    with pytest.raises(NotFound):
        appealed(runtime, agora.other_site_id, rejected.comment_id)


def test_an_appeal_and_reports_are_answered_by_one_decision(runtime: Runtime, agora: Agora) -> None:
    let_sign_in(runtime, agora.alice, agora.olga)
    comment_id = flagged_comment(runtime, agora.site_id)
    reported(runtime, agora.site_id, comment_id)
    appealed(runtime, agora.site_id, comment_id)
    decide(runtime, agora.olga, comment_id, Action.APPROVE)
    assert state_of(runtime, agora, comment_id) is AppealState.OVERTURNED
    assert waiting(runtime, agora.olga) == {}


def test_the_site_is_told_the_outcome(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    rejection = reject(held_runtime, agora)
    made = appealed(held_runtime, agora.site_id, rejection.comment_id)
    decide(
        held_runtime,
        agora.olga,
        rejection.comment_id,
        Action.APPROVE,
        words=Words(message="Irony."),
    )
    clock.pass_time(seconds=11)
    publish_due(held_runtime)
    told = payload(decisions_after(held_runtime, agora.site_id, 0, 10)[-1])
    assert (told["display"], told["decision"]["source"]) == ("show", "appeal")
    assert told["decision"]["message_to_author"] == "Irony."
    assert told["appeal"] == {
        "id": str(made.id),
        "state": "overturned",
        "decision_id": str(rejection.id),
        "own_decision": False,
    }
