"""A site learns from its moderators: trained, tried, verified, and only then offered."""

from dataclasses import astuple, replace

import pytest

from classifiers.head.training import score_all, train
from moderation.broker import Task
from moderation.model import head_trials
from moderation.model import learning as lessons
from moderation.model.errors import Conflict, Forbidden, InvalidInput, NotFound
from moderation.model.head_trials import Finding
from moderation.model.heads import HeadState, SiteHead
from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from moderation.services.head_training import MOST_ATTEMPTS, train_next
from moderation.services.head_verifying import verify
from moderation.services.learning import (
    Teacher,
    ask,
    claim_new,
    has_lessons,
    look_at,
    read_learning,
)
from moderation.storage import heads
from tests.factories import CLASSIFIER, Agora, flagged_comment, submit
from tests.learning import decide, decided_community, take_back
from worker.learning import study
from worker.sweep import sweep

TEACHER = Teacher(train, score_all)


@pytest.fixture(autouse=True)
def _a_small_community_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons, "FEWEST", 300)
    monkeypatch.setattr(head_trials, "MOST_LOST", 0.15)


@pytest.fixture
def decided(runtime: Runtime, agora: Agora) -> list[CommentId]:
    return decided_community(runtime, agora, 400)


def newest(runtime: Runtime, agora: Agora) -> SiteHead:
    return look_at(runtime, agora.site_id).versions[0]


def learn(runtime: Runtime, agora: Agora, teacher: Teacher = TEACHER) -> SiteHead:
    ask(runtime, agora.olga, agora.site_id)
    assert train_next(runtime, teacher)
    return newest(runtime, agora)


def verified(runtime: Runtime, agora: Agora) -> tuple[object, ...]:
    return astuple(verify(runtime, agora.site_id, 1, TEACHER))


def test_a_version_is_trained_and_tried_on_what_moderators_decided(
    runtime: Runtime, agora: Agora, decided: list[CommentId]
) -> None:
    assert not has_lessons(runtime)
    ask(runtime, agora.olga, agora.site_id)
    assert has_lessons(runtime)
    assert newest(runtime, agora).state is HeadState.ASKED
    with pytest.raises(Conflict, match="already"):
        ask(runtime, agora.olga, agora.site_id)
    assert train_next(runtime, TEACHER)
    assert not train_next(runtime, TEACHER)
    head = newest(runtime, agora)
    assert (head.number, head.classifier, head.state) == (1, CLASSIFIER, HeadState.TRAINED)
    assert head.asked_by == "Olga"
    assert head.lessons is not None
    assert head.trial is not None
    supply = head.lessons.supply
    assert supply.approved + supply.rejected == len(decided)
    assert (head.trial.false_now, head.trial.false_then) == (head.trial.approved, 0)
    assert head.trial.finding is Finding.BETTER
    assert head.is_offered
    assert not head.is_on
    assert learn(runtime, agora).number == 2


@pytest.mark.usefixtures("decided")
def test_the_sweep_rings_for_what_redis_forgot(runtime: Runtime, agora: Agora) -> None:
    ask(runtime, agora.olga, agora.site_id)
    assert runtime.broker.waiting_calls(Task.LEARN) == 1, "at once"
    for waiting in (1, 0):
        runtime.broker.redis.flushall()
        sweep(runtime)
        assert runtime.broker.waiting_calls(Task.LEARN) == waiting
        study(runtime)


def test_the_same_decisions_give_the_same_weights_again(
    runtime: Runtime, agora: Agora, decided: list[CommentId]
) -> None:
    learn(runtime, agora)
    assert verified(runtime, agora) == (True, True, len(decided))
    # What people do later is no part of it.
    more = [submit(runtime, agora.site_id, f"later {n}").comment_id for n in range(3)]
    decide(runtime, agora, dict.fromkeys(more, True))
    flagged_comment(runtime, agora.site_id, "later")
    assert verified(runtime, agora) == (True, True, len(decided))
    take_back(runtime, agora, decided[0])
    assert verified(runtime, agora) == (True, True, len(decided))
    erase(runtime, agora.site_id, decided[1])
    assert verified(runtime, agora) == (False, False, len(decided) - 1)
    with pytest.raises(NotFound):
        verify(runtime, agora.site_id, 2, TEACHER)


def test_other_weights_are_told(runtime: Runtime, agora: Agora, decided: list[CommentId]) -> None:
    head = learn(runtime, agora)
    with runtime.transaction() as connection:
        heads.change(connection, head.id, {"fingerprint": "0" * 64})
    assert verified(runtime, agora) == (True, False, len(decided))


def test_too_few_decisions_teach_nothing(runtime: Runtime, agora: Agora) -> None:
    decided_community(runtime, agora, 100)
    with pytest.raises(InvalidInput, match="too few"):
        claim_new(runtime, agora.site_id)
    found = look_at(runtime, agora.site_id)
    assert found.supply.approved + found.supply.rejected == 100
    assert found.supply.lacks[lessons.Lack.DECISIONS] == 200
    assert not found.versions


def test_only_operators_of_the_site_look_and_ask(runtime: Runtime, agora: Agora) -> None:
    with pytest.raises(Forbidden):
        read_learning(runtime, agora.alice, agora.site_id)
    with pytest.raises(Forbidden):
        ask(runtime, agora.alice, agora.site_id)
    with pytest.raises(NotFound):
        read_learning(runtime, agora.olga, agora.other_site_id)
    assert read_learning(runtime, agora.olga, agora.site_id).on is None


@pytest.mark.usefixtures("decided")
def test_what_cannot_be_trained_is_given_up(runtime: Runtime, agora: Agora) -> None:
    def refuse(_parts: lessons.Parts) -> bytes:
        raise InvalidInput("no score in common")

    failed = learn(runtime, agora, replace(TEACHER, train=refuse))
    assert (failed.state, failed.failure) == (HeadState.FAILED, "no score in common")

    def break_down(_parts: lessons.Parts) -> bytes:
        raise MemoryError

    ask(runtime, agora.olga, agora.site_id)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(MemoryError):
            train_next(runtime, replace(TEACHER, train=break_down))
    assert train_next(runtime, replace(TEACHER, train=break_down))
    assert newest(runtime, agora).state is HeadState.FAILED
    assert not has_lessons(runtime)
