"""Which approvals are chosen for the audit, and what ends their waiting for a judgement."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.model.audits import SampleState
from moderation.model.comments import Status
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import DecisionId
from moderation.runtime import Runtime
from moderation.services import audit_sampling
from moderation.services.audit_sampling import Approved, change_audit, count_approvals, sample
from moderation.services.desk import comment_file
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.moderating import undo as undo_decision
from moderation.services.queue import count_waiting
from moderation.services.retention import forget_finished
from moderation.services.sites import find_site
from moderation.storage import comments, sites
from tests.auditing import sampled, samples, state_of
from tests.factories import (
    CIVIL,
    HOSTILE,
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    make_agora,
    submit,
)
from tests.statements import heard


def chosen(runtime: Runtime, agora: Agora, thrown: float, probability: float) -> int:
    """Return how many of one approval are chosen where chance throws this."""
    comment_id = submit(runtime, agora.site_id, f"c{thrown}").comment_id
    classify_all(runtime)
    before = len(samples(runtime))
    with runtime.transaction() as connection:
        sites.change(connection, agora.site_id, audit_share=probability)
        site = sites.by_id(connection, agora.site_id)
        comment = comments.by_id(connection, comment_id)
        assert comment is not None
        decision_id = DecisionId(
            comment_file(runtime, agora.alice, comment_id).card.decisions[0].id
        )
        now = runtime.database_now(connection)
        sample(connection, [Approved(comment, decision_id, site)], now, lambda: thrown)
    return len(samples(runtime)) - before


def test_chance_chooses_the_share_and_no_more(runtime: Runtime, agora: Agora) -> None:
    assert chosen(runtime, agora, 0.2499, 0.25) == 1
    assert chosen(runtime, agora, 0.25, 0.25) == 0
    assert chosen(runtime, agora, 0.0, 0.0) == 0


def test_a_sample_knows_its_text_its_decision_and_its_chance(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = sampled(runtime, agora.site_id)
    [row] = samples(runtime)
    [decision] = comment_file(runtime, agora.alice, comment_id).card.decisions
    assert (row.comment_id, row.revision, row.decision_id) == (comment_id, 1, decision.id)
    assert (row.probability, row.state) == (1.0, SampleState.OPEN)


def test_only_what_automation_approves_is_chosen(runtime: Runtime, agora: Agora) -> None:
    change_audit(runtime, "agora", 1.0)
    comment_id = flagged_comment(runtime, agora.site_id)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    assert samples(runtime) == []


def test_a_sample_changes_nothing_for_its_comment(runtime: Runtime, agora: Agora) -> None:
    comment_id = sampled(runtime, agora.site_id)
    card = comment_file(runtime, agora.alice, comment_id).card
    assert (card.comment.status, card.waiting) == (Status.APPROVED, None)
    assert count_waiting(runtime, agora.alice, [agora.site_id]).waiting == 0


def test_a_batch_costs_one_statement_more_where_something_is_chosen_and_none_else(
    runtime: Runtime, agora: Agora
) -> None:
    def statements(share: float) -> int:
        change_audit(runtime, "agora", share)
        for number in range(5):
            submit(runtime, agora.site_id, f"{share}-{number}")
        with heard(runtime) as said:
            classify_all(runtime)
        return len(said)

    assert statements(1.0) == statements(0.0) + 1
    assert len(samples(runtime)) == 5


def test_a_new_text_ends_one_sample_and_may_begin_another(runtime: Runtime, agora: Agora) -> None:
    change_audit(runtime, "agora", 1.0)
    for text, scores in (("First.", CIVIL), ("Second.", CIVIL), ("Third.", HOSTILE)):
        comment_id = submit(runtime, agora.site_id, "edited", text=text).comment_id
        classify_all(runtime, scores)
    assert state_of(runtime, comment_id) == [SampleState.MOOT, SampleState.MOOT]


def test_what_is_withdrawn_is_judged_by_nobody(runtime: Runtime, agora: Agora) -> None:
    comment_id = sampled(runtime, agora.site_id)
    erase(runtime, agora.site_id, comment_id)
    assert state_of(runtime, comment_id) == [SampleState.MOOT]


@pytest.mark.parametrize(
    ("action", "state"), [(Action.REJECT, SampleState.MISSED), (Action.APPROVE, SampleState.KEPT)]
)
def test_a_decision_of_a_person_is_the_judgement_until_it_is_undone(
    runtime: Runtime, agora: Agora, action: Action, state: SampleState
) -> None:
    comment_id = sampled(runtime, agora.site_id)
    made = decide_comment(runtime, agora.alice, comment_id, action, seen=1)
    [row] = samples(runtime)
    assert (row.state, row.judged_by, row.outcome_id) == (state, agora.alice.id, made.id)
    assert not row.blind, "nobody was given it without knowing what it is"
    undo_decision(runtime, agora.alice, made.id)
    [row] = samples(runtime)
    assert (row.state, row.judged_by, row.outcome_id) == (SampleState.OPEN, None, None)


def test_to_flag_it_is_no_judgement_yet(runtime: Runtime, agora: Agora) -> None:
    comment_id = sampled(runtime, agora.site_id)
    decide_comment(runtime, agora.alice, comment_id, Action.FLAG, seen=1)
    assert state_of(runtime, comment_id) == [SampleState.OPEN]
    decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=2)
    assert state_of(runtime, comment_id) == [SampleState.MISSED]


def test_approvals_a_day_are_counted(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_audit(runtime, "agora", 0.5)
    for number in range(7):
        submit(runtime, agora.site_id, f"c{number}")
    classify_all(runtime)
    flagged_comment(runtime, agora.site_id, "flagged")

    def counted() -> float | None:
        count_approvals(runtime)
        with runtime.reading() as connection:
            site = sites.by_id(connection, agora.site_id)
            assert site is not None
            found: float | None = site.approvals_a_day
            return found

    assert counted() == pytest.approx(7), "the site is younger than a day"
    with runtime.transaction() as connection:
        created = runtime.database_now(connection) - timedelta(days=30)
        sites.change(connection, agora.site_id, created_at=created)
    assert counted() == pytest.approx(1)
    monkeypatch.setattr(audit_sampling, "MOST_COUNTED", 3)
    assert counted() == pytest.approx(3), "the newest, since when that was"


@pytest.mark.usefixtures("agora")
def test_a_share_is_a_share(runtime: Runtime) -> None:
    for share in (-0.1, 1.01, float("nan")):
        with pytest.raises(InvalidInput):
            change_audit(runtime, "agora", share)
    with pytest.raises(NotFound):
        change_audit(runtime, "nowhere", 0.1)
    change_audit(runtime, "agora", 0.05)
    assert find_site(runtime, "agora").audit_share == 0.05


def test_samples_are_forgotten_in_the_end_judged_or_not(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    clock.moment = datetime.now(UTC)  # at which ids are made
    agora = make_agora(held_runtime)
    sampled(held_runtime, agora.site_id)
    clock.pass_time(days=399)
    assert forget_finished(held_runtime).samples == 0
    clock.pass_time(days=2)
    assert forget_finished(held_runtime).samples == 1
