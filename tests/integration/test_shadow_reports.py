"""What a shadow is said to do is what `decide` says of each comment, and people are counted."""

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select, update

from moderation.model.audits import SampleState
from moderation.model.beside import Beside, Difference, Pair, compare, scored_anew
from moderation.model.comments import Author
from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.model.jobs import Purpose
from moderation.model.labels import Label
from moderation.model.policy import Policy, Threshold
from moderation.model.sign_test import SignTest
from moderation.model.standings import Standing, Subject, SubjectKind
from moderation.runtime import Runtime
from moderation.services.audit_sampling import change_audit
from moderation.services.moderating import decide_comment, undo
from moderation.services.publishing import history_of
from moderation.services.shadow_comparing import SHOWN
from moderation.services.shadow_reports import ShadowReport, read_report, read_shadow
from moderation.storage import audit_samples, comments, shadow_pairs
from moderation.storage.classifications import classifications, facts_of
from moderation.storage.shadows import shadows
from tests.factories import CIVIL, Agora, submit
from tests.shadows import (
    comment,
    decide_live,
    score_for_shadows,
    shadow_of_a_draft,
    shadow_of_the_next,
)
from tests.standings import give

KINDS = [shadow_of_a_draft, shadow_of_the_next]


def report(runtime: Runtime, agora: Agora) -> ShadowReport:
    found = read_report(runtime, agora.site_id)
    assert found is not None
    return found


def judge(runtime: Runtime, agora: Agora, comment_id: CommentId, action: Action) -> None:
    with runtime.reading() as connection:
        found = comments.by_id(connection, comment_id)
    assert found is not None
    decide_comment(runtime, agora.alice, comment_id, action, seen=found.sequence)


@pytest.mark.parametrize("start", KINDS)
def test_both_are_counted_and_where_they_differ_people_say_who_is_right(
    runtime: Runtime,
    agora: Agora,
    start: object,
) -> None:
    comment(runtime, agora, "before it began", 0.9, 0.9)
    assert callable(start)
    start(runtime, agora)
    scores = [0.1] * 6 + [0.6] * 3 + [0.9] * 2
    ids = [comment(runtime, agora, f"c{n}", score, score) for n, score in enumerate(scores)]
    for n, action in ((0, Action.APPROVE), (6, Action.REJECT), (7, Action.REJECT)):
        judge(runtime, agora, ids[n], action)
    judge(runtime, agora, ids[9], Action.APPROVE)
    found = report(runtime, agora)
    beside = found.beside
    assert (found.decided, beside.comments, beside.judged) == (11, 11, 4)
    assert (beside.live.flagged, beside.shadow.flagged) == (2, 5)
    assert beside.differences == {(Action.APPROVE, Action.FLAG): Difference(3, 2, 2)}
    assert beside.sign_test == SignTest(shadow=2, live=0)
    assert (beside.live.recall.many, beside.shadow.recall.many) == (0, 2)
    assert beside.stopped_for[Label.INSULT][1].number == 5
    view = read_shadow(runtime, agora.olga, agora.site_id)
    shown = view.shown[Action.APPROVE, Action.FLAG]
    assert [(one.listed.comment.id, one.rejected) for one in shown] == [
        (ids[8], None),
        (ids[7], True),
        (ids[6], True),
    ]


def test_what_the_audit_kept_counts_as_approved_by_people(runtime: Runtime, agora: Agora) -> None:
    shadow_of_a_draft(runtime, agora)
    change_audit(runtime, "agora", 1.0)
    kept, decided = (comment(runtime, agora, name, 0.6, 0.6) for name in ("kept", "decided"))
    for comment_id in (kept, decided):
        keep(runtime, agora, comment_id)
    judge(runtime, agora, decided, Action.REJECT)
    beside = report(runtime, agora).beside
    assert beside.sign_test == SignTest(shadow=1, live=1)
    view = read_shadow(runtime, agora.olga, agora.site_id)
    [shown] = view.shown.values()
    assert {one.listed.comment.id: one.rejected for one in shown} == {kept: False, decided: True}


def keep(runtime: Runtime, agora: Agora, comment_id: CommentId) -> None:
    with runtime.transaction() as connection:
        sample = audit_samples.open_on(connection, comment_id)
        assert sample is not None
        audit_samples.keep(connection, sample.id, agora.alice.id, runtime.clock.now())
        found = audit_samples.by_id(connection, sample.id)
    assert found is not None
    assert found.state == SampleState.KEPT


def test_only_comments_that_both_scored_are_compared(runtime: Runtime, agora: Agora) -> None:
    shadow_of_the_next(runtime, agora)
    comment(runtime, agora, "both", 0.9, 0.1)
    submit(runtime, agora.site_id, "waits")
    decide_live(runtime, CIVIL | {Label.INSULT: 0.9})
    found = report(runtime, agora)
    assert (found.decided, found.beside.comments) == (2, 1)
    assert found.beside.differences == {(Action.FLAG, Action.APPROVE): Difference(1)}
    assert found.a_day(found.beside.live.flagged) == pytest.approx(2.0)


def test_of_very_many_the_newest_are_compared(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow_of_the_next(runtime, agora)
    for number in range(4):
        comment(runtime, agora, f"c{number}", 0.9 if number > 1 else 0.1, 0.1)
    monkeypatch.setattr(shadow_pairs, "MOST", 3)
    found = report(runtime, agora)
    assert found.is_part
    assert (found.decided, found.beside.comments, found.beside.live.flagged) == (4, 3, 2)


def test_what_was_written_before_it_began_or_decided_by_another_version_is_no_part(
    runtime: Runtime, agora: Agora
) -> None:
    shadow_of_the_next(runtime, agora)
    submit(runtime, agora.site_id, "by another version")
    decide_live(runtime, CIVIL, "compact@older")
    score_for_shadows(runtime)
    found = report(runtime, agora)
    assert (found.decided, found.beside.comments) == (0, 0)
    submit(runtime, agora.site_id, "before")
    decide_live(runtime)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        connection.execute(update(shadows).values(started_at=now))
    score_for_shadows(runtime)
    found = report(runtime, agora)
    assert (found.decided, found.beside.comments) == (0, 0)


POLICIES = [
    {Label.INSULT: Threshold(flag=0.5)},
    {Label.INSULT: Threshold(flag=0.3, reject=0.9), Label.THREAT: Threshold(flag=0.6)},
    {Label.TOXICITY: Threshold(reject=0.8)},
    {},
    {Label.OBSCENE: Threshold(flag=0.9)},
]


@pytest.mark.parametrize("number", range(len(POLICIES)))
def test_what_is_counted_is_what_decide_says_of_each_pair(
    runtime: Runtime, agora: Agora, number: int
) -> None:
    """With bans, languages, failures and labels without a score among them."""
    chance = Random(number)  # noqa: S311 - the same each time
    shadow = shadow_of_the_next(runtime, agora, POLICIES[number])
    for standing in (Standing.BANNED, Standing.TRUSTED):
        give(runtime, agora, standing, Subject(SubjectKind.AUTHOR, standing))
    said: dict[CommentId, bool] = {}
    for n in range(60):
        comment_id = odd_comment(runtime, agora, chance, f"c{n}")
        if n % 3 == 0:
            action = chance.choice((Action.APPROVE, Action.REJECT))
            judge(runtime, agora, comment_id, action)
            said[comment_id] = action is Action.REJECT
    pairs = read(runtime)
    with runtime.reading() as connection:
        live = next(
            one.policy
            for one in history_of(connection, agora.site_id)
            if one.policy.classifier != shadow.classifier
        )
    found = report(runtime, agora)
    expected = expected_of(live, shadow.policy, pairs, said)
    assert found.beside == expected
    assert len(pairs) == 60
    shown = {change: len(ids) for change, ids in found.newest.items()}
    assert shown == {change: min(of.number, SHOWN) for change, of in expected.differences.items()}


def odd_comment(runtime: Runtime, agora: Agora, chance: Random, name: str) -> CommentId:
    author = Author(id=chance.choice((*["ordinary"] * 4, *Standing)))
    made = submit(runtime, agora.site_id, name, author=author).comment_id
    decide_live(runtime, _scores(chance))
    score_for_shadows(runtime, _scores(chance))
    return made


def _scores(chance: Random) -> dict[Label, float]:
    if chance.random() < 0.6:
        return dict(CIVIL)
    scores = CIVIL | {label: chance.random() for label in (Label.INSULT, Label.THREAT)}
    if chance.random() < 0.2:
        del scores[Label.TOXICITY]
    if chance.random() < 0.1:
        return {Label.INSULT: 0.01}
    return scores


def read(runtime: Runtime) -> dict[CommentId, Pair]:
    sides = {}
    with runtime.reading() as connection:
        for purpose in (Purpose.DECIDE, Purpose.SHADOW):
            statement = select(classifications).where(classifications.c.purpose == purpose)
            rows = connection.execute(statement)
            sides[purpose] = {row.comment_id: facts_of(row) for row in rows}
    live, shadow = sides.values()
    return {one: Pair(live[one], scored_anew(live[one], facts)) for one, facts in shadow.items()}


def expected_of(
    live: Policy, shadow: Policy, pairs: dict[CommentId, Pair], said: dict[CommentId, bool]
) -> Beside:
    judged = [replace(pairs[one], rejected=rejected) for one, rejected in said.items()]
    return compare(live, shadow, pairs.values(), judged)


def test_a_decision_that_was_taken_back_says_nothing(runtime: Runtime, agora: Agora) -> None:
    shadow_of_the_next(runtime, agora)
    made = comment(runtime, agora, "c", 0.9, 0.1)
    with runtime.reading() as connection:
        found = comments.by_id(connection, made)
    assert found is not None
    decision = decide_comment(runtime, agora.alice, made, Action.APPROVE, seen=found.sequence)
    assert report(runtime, agora).beside.sign_test == SignTest(shadow=1, live=0)
    undo(runtime, agora.alice, decision.id)
    assert report(runtime, agora).beside.sign_test == SignTest(0, 0)
