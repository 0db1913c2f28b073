"""Thresholds are carried over on comments that both versions have scored."""

from typing import Any

import pytest
from sqlalchemy import insert, update

from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import CommentId, SiteId, new_uuid
from moderation.model.jobs import Purpose
from moderation.model.labels import Label
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import (
    FIRST_THRESHOLDS,
    OtherLanguages,
    Override,
    Policy,
    Threshold,
)
from moderation.runtime import Runtime
from moderation.services import carrying
from moderation.services.carrying import ENOUGH, Proposal, carry, propose
from moderation.services.classifier_versions import saw_classifier
from moderation.storage import policies
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from tests.factories import CLASSIFIER, NEXT, Agora
from tests.integration.test_policies_by_version import publish

SCORED = (Label.INSULT, Label.THREAT)
SPORT = Pattern(PlaceKind.SECTION, "sport")
ELECTION = Pattern(PlaceKind.THREAD, "election-*")


def score_both(runtime: Runtime, site_id: SiteId, count: int, **columns: Any) -> None:  # noqa: ANN401 - of classifications by the next
    """Store decided comments with scores by two versions; the next one's are the squares.

    The scores of `count` comments lie evenly between 0 and 1.
    """
    saw_classifier(runtime, NEXT, SCORED, decides=False)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        ids = [CommentId(new_uuid()) for _ in range(count)]
        comment = {"site_id": site_id, "format": "plain", "status": "approved", "received_at": now}
        rows = [comment | {"id": each, "external_id": str(each)} for each in ids]
        connection.execute(insert(comments), rows)
        moments = {"classified_at": now, "written_at": now}
        scored = moments | {"site_id": site_id, "revision": 1, "readable": True}
        for number, comment_id in enumerate(ids):
            score = (number + 0.5) / count
            one = scored | {"comment_id": comment_id}
            old = {"classifier": CLASSIFIER, "purpose": Purpose.DECIDE, "insult": score}
            new = {"classifier": NEXT, "purpose": Purpose.RESCORE, "insult": score**2}
            for of_one in (old, new | columns):
                values = one | of_one | {"id": new_uuid(), "threat": 0.0}
                values["judged_for"] = values["classifier"]
                connection.execute(insert(classifications).values(**values))


def insult(found: Proposal) -> Threshold:
    return found.policy.thresholds[Label.INSULT]


def threat(found: Proposal) -> Threshold:
    return found.policy.thresholds[Label.THREAT]


def test_the_new_threshold_flags_as_many_as_the_old_one(runtime: Runtime, agora: Agora) -> None:
    score_both(runtime, agora.site_id, 400)
    found = carry(runtime, "agora", CLASSIFIER, NEXT)
    assert insult(found).flag == pytest.approx(0.8**2, abs=0.002)
    [one] = [one for one in found.carried if one.label is Label.INSULT]
    assert (found.comments, one.old, one.translation.flagged) == (400, 0.8, 80)
    assert one.translation.agreement == 1.0
    with runtime.reading() as connection:
        newest, first = policies.history(connection, agora.site_id)
    assert (newest.policy, newest.policy.version) == (found.policy, 2)
    assert newest.reason == f"Carried over from {CLASSIFIER}, on 400 comments."
    assert first.policy.classifier == CLASSIFIER


def test_what_the_old_scores_never_flag_is_flagged_from_the_highest_that_was_seen(
    runtime: Runtime, agora: Agora
) -> None:
    score_both(runtime, agora.site_id, ENOUGH)
    # Every threat scored 0, and a threshold lies above that.
    assert threat(propose(runtime, agora.site_id, None, NEXT)) == Threshold(flag=0.0001)
    with runtime.transaction() as connection:
        seen = {"threat": 0.12345}
        by_next = classifications.c.classifier == NEXT
        connection.execute(update(classifications).where(by_next).values(**seen))
    assert threat(propose(runtime, agora.site_id, None, NEXT)) == Threshold(flag=0.1234)


def test_labels_that_the_new_one_does_not_score_are_named(runtime: Runtime, agora: Agora) -> None:
    score_both(runtime, agora.site_id, ENOUGH)
    found = propose(runtime, agora.site_id, CLASSIFIER, NEXT)
    assert {one.label for one in found.carried} == set(SCORED)
    assert Label.TOXICITY in found.without
    assert Label.OBSCENE not in found.without, "it flagged nothing before"


def test_nothing_is_rejected_and_other_languages_stay_as_they_are(
    runtime: Runtime, agora: Agora
) -> None:
    score_both(runtime, agora.site_id, ENOUGH)
    rejecting = {**FIRST_THRESHOLDS, Label.INSULT: Threshold(reject=0.9)}
    publish(runtime, agora, Policy(CLASSIFIER, rejecting, 0, OtherLanguages.APPROVE))
    found = propose(runtime, agora.site_id, CLASSIFIER, NEXT)
    assert insult(found).flag == pytest.approx(0.9**2, abs=0.01)
    assert insult(found).reject is None
    assert found.policy.other_languages is OtherLanguages.APPROVE


def test_thresholds_of_places_are_carried_over_too(runtime: Runtime, agora: Agora) -> None:
    score_both(runtime, agora.site_id, ENOUGH)
    there = {Label.INSULT: Threshold(0.6, 0.9), Label.THREAT: Threshold()}
    places = (Override(SPORT, there), Override(ELECTION, {Label.TOXICITY: Threshold(0.5)}))
    publish(runtime, agora, Policy(CLASSIFIER, FIRST_THRESHOLDS, overrides=places))
    [found] = carry(runtime, "agora", CLASSIFIER, NEXT).policy.overrides
    assert found.pattern == SPORT, "toxicity has no score, so nothing is left of the other"
    assert found.thresholds[Label.INSULT].flag == pytest.approx(0.6**2, abs=0.01)
    assert found.thresholds[Label.INSULT].reject is None
    assert found.thresholds[Label.THREAT] == Threshold()


@pytest.mark.parametrize(
    "unfit",
    [
        {"failure": "it crashed"},
        {"readable": False},
        {"supported": False},
        {"revision": 2},
        {"insult": None},
    ],
)
def test_only_what_both_could_judge_counts(
    runtime: Runtime, agora: Agora, unfit: dict[str, object]
) -> None:
    score_both(runtime, agora.site_id, 10)
    score_both(runtime, agora.site_id, 7, **unfit)
    score_both(runtime, agora.other_site_id, 5)
    found = propose(runtime, agora.site_id, CLASSIFIER, NEXT)
    [one] = [one for one in found.carried if one.label is Label.INSULT]
    assert one.translation.comments == 10


def test_the_newest_comments_count(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_both(runtime, agora.site_id, 5)
    score_both(runtime, agora.site_id, 3)
    with runtime.transaction() as connection:
        connection.execute(update(classifications).values(revision=1))
    monkeypatch.setattr(carrying, "MOST", 3)
    assert propose(runtime, agora.site_id, CLASSIFIER, NEXT).comments == 3


def test_too_few_comments_are_not_published_on(runtime: Runtime, agora: Agora) -> None:
    with pytest.raises(InvalidInput, match="No comment has scores by both"):
        propose(runtime, agora.site_id, CLASSIFIER, NEXT)
    score_both(runtime, agora.site_id, ENOUGH - 1)
    assert propose(runtime, agora.site_id, CLASSIFIER, NEXT).comments == ENOUGH - 1
    with pytest.raises(InvalidInput, match=f"Only {ENOUGH - 1} comments"):
        carry(runtime, "agora", CLASSIFIER, NEXT)
    with runtime.reading() as connection:
        assert len(policies.history(connection, agora.site_id)) == 1


def test_there_must_be_thresholds_to_carry(runtime: Runtime, agora: Agora) -> None:
    with pytest.raises(NotFound, match=f"no thresholds for {NEXT}"):
        propose(runtime, agora.site_id, NEXT, CLASSIFIER)
    with pytest.raises(NotFound, match=f"another than {CLASSIFIER}"):
        propose(runtime, agora.site_id, None, CLASSIFIER)
