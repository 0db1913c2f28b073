"""A head that is on adds its score, to new comments and to those of the past; never silently."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from classifiers.head.training import score_all, train
from moderation.model import head_trials
from moderation.model import learning as lessons
from moderation.model.comments import Status
from moderation.model.decisions import ReasonKind
from moderation.model.errors import Conflict, Forbidden, InvalidInput
from moderation.model.heads import SiteHead
from moderation.model.ids import CommentId
from moderation.model.jobs import Lane, Purpose
from moderation.model.labels import Label, Scores
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import OtherLanguages, Policy, Threshold
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.services.head_filling import fill_chunk
from moderation.services.head_training import train_next
from moderation.services.heads import proposed, switch_off, switch_on
from moderation.services.learning import Teacher, ask, look_at
from moderation.services.policy_versions import Wish, publish_policy
from moderation.services.publishing import set_other_languages
from moderation.services.reading import get_comment
from moderation.services.reproducing import reproduce
from moderation.services.tuning import Draft, Look, Removal, publish, read_tuning, remove_place
from moderation.storage import comments, heads
from moderation.storage.classifications import classifications
from moderation.storage.jobs import jobs
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, LEASE, Agora, submit
from tests.integration.worker.test_drain import Scripted
from tests.learning import decided_community
from worker.drain import Drain
from worker.heads import Heads
from worker.learning import study
from worker.reading import Read, Reader

TEACHER = Teacher(train, score_all)
FRIENDLY, UNFRIENDLY = "haha you idiot mate see you", "shut up you idiot trash"


class Offended(Scripted):
    """Takes everything for an insult."""

    def classify(self, texts: Sequence[str], **options: object) -> list[Scores]:
        del options
        return [HOSTILE for _ in texts]


@pytest.fixture(autouse=True)
def _a_small_community_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons, "FEWEST", 300)
    monkeypatch.setattr(head_trials, "MOST_LOST", 0.15)


@pytest.fixture
def head(runtime: Runtime, agora: Agora) -> SiteHead:
    """Return a head that is offered."""
    saw_classifier(runtime, CLASSIFIER, sorted(CIVIL))
    decided_community(runtime, agora, 400)
    return another(runtime, agora)


def another(runtime: Runtime, agora: Agora) -> SiteHead:
    ask(runtime, agora.olga, agora.site_id)
    assert train_next(runtime, TEACHER)
    return look_at(runtime, agora.site_id).versions[0]


def switched_on(runtime: Runtime, agora: Agora, number: int = 1) -> None:
    switch_on(runtime, agora.olga, agora.site_id, number)
    while fill_chunk(runtime, TEACHER):
        pass


def post(runtime: Runtime, agora: Agora, name: str, text: str) -> CommentId:
    """Let a worker decide on a comment."""
    comment_id = submit(runtime, agora.site_id, name, text=text).comment_id
    with runtime.reading() as connection:
        asked = select(jobs.c.id).where(jobs.c.comment_id == comment_id)
        runtime.broker.announce(Lane.LIVE, [connection.execute(asked).scalar_one()])
    reader = Reader(Offended())
    Drain(runtime, reader, LEASE, 20_000, lingers=False, heads=Heads(runtime)).classify()
    return comment_id


def published(runtime: Runtime, agora: Agora, head: SiteHead) -> Policy:
    found = look_at(runtime, agora.site_id)
    thresholds = proposed(found.policy, head).thresholds
    return publish(
        runtime, agora.olga, agora.site_id, Draft(thresholds, "learnt", seen=found.newest)
    )


def unwanted(runtime: Runtime, comment_id: CommentId) -> tuple[float | None, int | None, int]:
    """Return the score of the head, its number, and the labels without a score."""
    c = classifications.c
    statement = select(c.unwanted, c.head, c.unscored).where(c.comment_id == comment_id)
    with runtime.reading() as connection:
        row = connection.execute(statement).one()
    return row.unwanted, row.head, row.unscored


def test_new_comments_have_its_score_once_it_is_on(
    runtime: Runtime, agora: Agora, head: SiteHead
) -> None:
    before = post(runtime, agora, "before", FRIENDLY)
    assert unwanted(runtime, before)[0] is None
    switch_on(runtime, agora.olga, agora.site_id, head.number)
    score, number, unscored = unwanted(runtime, post(runtime, agora, "friendly", FRIENDLY))
    assert score is not None
    assert score < 0.3
    assert (number, unscored & 128) == (1, 0)
    hostile, _, _ = unwanted(runtime, post(runtime, agora, "unfriendly", UNFRIENDLY))
    assert hostile is not None
    assert hostile > 0.7
    switch_off(runtime, agora.olga, agora.site_id)
    assert unwanted(runtime, post(runtime, agora, "after", FRIENDLY))[0] is None


def test_no_comment_is_decided_otherwise_before_thresholds_are_published(
    runtime: Runtime, agora: Agora, head: SiteHead
) -> None:
    switched_on(runtime, agora)
    assert status(runtime, post(runtime, agora, "c1", FRIENDLY)) is Status.FLAGGED
    published(runtime, agora, head)
    assert status(runtime, post(runtime, agora, "c2", FRIENDLY)) is Status.APPROVED
    flagged = post(runtime, agora, "c3", UNFRIENDLY)
    assert status(runtime, flagged) is Status.FLAGGED
    decision = get_comment(runtime, agora.site_id, flagged).decision
    assert decision is not None
    assert [reason.label for reason in decision.reasons] == [Label.UNWANTED]
    assert not reproduce(runtime, agora.site_id).other


def status(runtime: Runtime, comment_id: CommentId) -> Status:
    with runtime.reading() as connection:
        found = comments.by_id(connection, comment_id)
    assert found is not None
    return found.status


def test_no_words_are_looked_for_where_the_head_alone_flagged(
    runtime: Runtime, agora: Agora, head: SiteHead
) -> None:
    switched_on(runtime, agora)
    before = jobs_to_explain(runtime)
    published(runtime, agora, head)
    post(runtime, agora, "c1", UNFRIENDLY)
    assert jobs_to_explain(runtime) == before


def jobs_to_explain(runtime: Runtime) -> int:
    asked = select(func.count()).select_from(jobs).where(jobs.c.purpose == Purpose.EXPLAIN)
    with runtime.reading() as connection:
        return connection.execute(asked).scalar_one()


def test_weights_that_were_changed_say_nothing_and_a_person_decides(
    runtime: Runtime, agora: Agora, head: SiteHead
) -> None:
    switched_on(runtime, agora)
    published(runtime, agora, head)
    with runtime.transaction() as connection:
        heads.change(connection, head.id, {"weights": b"others"})
    comment_id = post(runtime, agora, "c1", FRIENDLY)
    assert status(runtime, comment_id) is Status.FLAGGED
    decision = get_comment(runtime, agora.site_id, comment_id).decision
    assert decision is not None
    assert [(one.kind, one.label) for one in decision.reasons] == [
        (ReasonKind.UNSCORED, Label.UNWANTED)
    ]


def test_the_past_gets_its_scores_and_can_be_simulated(
    runtime: Runtime, agora: Agora, head: SiteHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.services.head_filling.CHUNK", 150)
    switch_on(runtime, agora.olga, agora.site_id, head.number)
    assert not look_at(runtime, agora.site_id).versions[0].filled
    assert study(runtime, 60.0) is False
    assert look_at(runtime, agora.site_id).versions[0].filled
    found = look_at(runtime, agora.site_id)
    draft = Draft(proposed(found.policy, head).thresholds, "", seen=found.newest)
    tuning = read_tuning(runtime, agora.olga, agora.site_id, Look(draft=draft))
    assert Label.UNWANTED in tuning.labels
    assert tuning.simulation.draft is not None
    assert tuning.simulation.live.flagged == 400
    assert 100 < tuning.simulation.draft.flagged < 250
    assert not reproduce(runtime, agora.site_id).other


def test_a_score_that_was_decided_by_is_never_written_over(
    runtime: Runtime, agora: Agora, head: SiteHead
) -> None:
    switched_on(runtime, agora)
    loose = post(runtime, agora, "loose", FRIENDLY)
    published(runtime, agora, head)
    bound = post(runtime, agora, "bound", FRIENDLY)
    second = another(runtime, agora)
    assert not second.is_offered, "it is no better than what is in force"
    assert head.trial is not None
    with runtime.transaction() as connection:
        heads.change(connection, second.id, {"trial": head.trial.to_json()})
    switched_on(runtime, agora, second.number)
    assert [unwanted(runtime, one)[1] for one in (loose, bound)] == [2, 1]
    assert not reproduce(runtime, agora.site_id).other


def test_it_cannot_be_switched_off_under_thresholds_that_need_it(
    runtime: Runtime, agora: Agora, head: SiteHead
) -> None:
    switched_on(runtime, agora)
    policy = published(runtime, agora, head)
    with pytest.raises(Conflict, match=f"Version {policy.version}"):
        switch_off(runtime, agora.olga, agora.site_id)
    assert look_at(runtime, agora.site_id).on is not None
    switch_off(runtime, agora.olga, agora.site_id, anyway=True)
    assert look_at(runtime, agora.site_id).on is None
    assert status(runtime, post(runtime, agora, "c1", FRIENDLY)) is Status.FLAGGED
    other = Draft({Label.UNWANTED: Threshold(0.123)}, "lower", seen=policy.version)
    with pytest.raises(InvalidInput, match="nothing gives a score for unwanted"):
        publish(runtime, agora.olga, agora.site_id, other)


def test_a_line_for_a_head_that_is_off_hinders_no_other_change(
    runtime: Runtime, agora: Agora, head: SiteHead
) -> None:
    """It stands everywhere and in a place: neither may have to be removed before the other."""
    switched_on(runtime, agora)
    policy = published(runtime, agora, head)
    line, olga, site_id = {Label.UNWANTED: Threshold(flag=0.5)}, agora.olga, agora.site_id
    sport = Pattern(PlaceKind.SECTION, "sport")
    publish(runtime, olga, site_id, Draft(line, "learnt", policy.version, pattern=sport))
    switch_off(runtime, olga, site_id, anyway=True)
    kept = set_other_languages(runtime, "agora", OtherLanguages.APPROVE)
    assert kept.thresholds[Label.UNWANTED] == policy.thresholds[Label.UNWANTED]
    assert kept.patterns == (sport,)
    file = replace(kept, other_languages=OtherLanguages.FLAG)
    kept = publish_policy(runtime, site_id, file, Wish("from a file")).published.policy
    assert kept.thresholds[Label.UNWANTED] == policy.thresholds[Label.UNWANTED]
    news = Pattern(PlaceKind.SECTION, "news")
    with pytest.raises(InvalidInput, match="nothing gives a score for unwanted"):
        publish(runtime, olga, site_id, Draft(line, "learnt", kept.version, pattern=news))
    everywhere = Draft({Label.INSULT: Threshold(0.8)}, "without it", kept.version)
    without = publish(runtime, olga, site_id, everywhere)
    assert Label.UNWANTED not in without.thresholds
    removal = Removal(sport, CLASSIFIER, without.version)
    assert remove_place(runtime, olga, site_id, removal).patterns == ()


@pytest.mark.usefixtures("head")
def test_it_cannot_be_switched_off_where_a_place_alone_needs_it(
    runtime: Runtime, agora: Agora
) -> None:
    switched_on(runtime, agora)
    newest = look_at(runtime, agora.site_id).newest
    line = {Label.UNWANTED: Threshold(flag=0.5)}
    sport = Pattern(PlaceKind.SECTION, "sport")
    draft = Draft(line, "learnt", seen=newest, pattern=sport)
    publish(runtime, agora.olga, agora.site_id, draft)
    with pytest.raises(Conflict, match="without its score every"):
        switch_off(runtime, agora.olga, agora.site_id)


def test_only_operators_switch_what_is_offered_for_the_classifier_that_decides(
    runtime: Runtime, agora: Agora, head: SiteHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Forbidden):
        switch_on(runtime, agora.alice, agora.site_id, head.number)
    with pytest.raises(Forbidden):
        switch_off(runtime, agora.alice, agora.site_id)
    with monkeypatch.context() as patched:
        patched.setattr(head_trials, "MOST_LOST", 0.0)
        with pytest.raises(InvalidInput, match="surely better"):
            switch_on(runtime, agora.olga, agora.site_id, head.number)
    saw_classifier(runtime, "compact@newer", sorted(CIVIL))
    with pytest.raises(InvalidInput, match="compact@newer decides now"):
        switch_on(runtime, agora.olga, agora.site_id, head.number)


def test_it_says_nothing_of_another_classifier_s_scores(runtime: Runtime, head: SiteHead) -> None:
    read = Read(FRIENDLY, "en", Offended(version="compact@newer"))
    assert Heads(runtime).add(head.id, read, HOSTILE) == (HOSTILE, None)
