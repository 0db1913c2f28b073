"""Scores that Perspective gave are kept beside ours, pair by pair, and go with the comment."""

import pytest

from moderation.model.errors import NotFound
from moderation.model.ids import SiteId
from moderation.model.perspective import Attribute, AttributeScores
from moderation.runtime import Runtime
from moderation.services import comparing
from moderation.services.comparing import (
    ERASED,
    UNKNOWN,
    Comparison,
    Pairs,
    Recorded,
    compare,
    record_scores,
)
from moderation.services.erasure import erase
from moderation.storage import perspective_scores
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, NEXT, Agora, classify_all, submit

TOXIC: AttributeScores = {Attribute.TOXICITY: 0.9, Attribute.PROFANITY: 0.4}


def scored(runtime: Runtime, site_id: SiteId, external_id: str, **scores: float) -> None:
    given = {Attribute(name): score for name, score in scores.items()}
    submit(runtime, site_id, external_id, perspective_scores=given)


def found(runtime: Runtime) -> Comparison:
    return compare(runtime, "agora", CLASSIFIER)


def stored(runtime: Runtime, site_id: SiteId) -> int:
    with runtime.reading() as connection:
        return perspective_scores.count(connection, site_id)


def test_what_a_site_sends_along_is_paired_with_our_scores(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id, "c1", perspective_scores=TOXIC)
    submit(runtime, agora.site_id, "c2")
    scored(runtime, agora.site_id, "c3", TOXICITY=0.2)
    assert found(runtime).pairs == ()
    classify_all(runtime, HOSTILE)
    comparison = found(runtime)
    assert comparison.pairs == (
        Pairs(Attribute.TOXICITY, (0.2, 0.9), (0.95, 0.95)),
        Pairs(Attribute.PROFANITY, (0.4,), (0.05,)),
    )
    assert (comparison.texts, comparison.classifier) == (2, CLASSIFIER)
    assert comparison.since is not None


def test_scores_are_of_one_text(runtime: Runtime, agora: Agora) -> None:
    scored(runtime, agora.site_id, "c1", TOXICITY=0.9)
    classify_all(runtime, HOSTILE)
    submit(runtime, agora.site_id, "c1", text="I am sorry.")
    classify_all(runtime, CIVIL)
    assert found(runtime).pairs == (Pairs(Attribute.TOXICITY, (0.9,), (0.95,)),)
    # The same text once more, with what Perspective said of it meanwhile.
    submit(runtime, agora.site_id, "c1", text="I am sorry.", perspective_scores=TOXIC)
    [toxicity, _] = found(runtime).pairs
    assert sorted(zip(toxicity.old, toxicity.new, strict=True)) == [(0.9, 0.05), (0.9, 0.95)]


def test_a_score_is_replaced_and_others_are_added(runtime: Runtime, agora: Agora) -> None:
    scored(runtime, agora.site_id, "c1", TOXICITY=0.1, THREAT=0.2)
    scored(runtime, agora.site_id, "c1", TOXICITY=0.9, INSULT=0.3)
    assert record_scores(runtime, agora.site_id, [Recorded("c1", TOXIC)]) == [None]
    classify_all(runtime)
    assert {one.attribute: one.old for one in found(runtime).pairs} == {
        Attribute.TOXICITY: (0.9,),
        Attribute.INSULT: (0.3,),
        Attribute.PROFANITY: (0.4,),
        Attribute.THREAT: (0.2,),
    }


def test_a_file_names_comments_by_the_sites_own_id(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id, "c1")
    gone = submit(runtime, agora.site_id, "c2").comment_id
    submit(runtime, agora.other_site_id, "c3")
    erase(runtime, agora.site_id, gone)
    batch = [
        Recorded("c1", {Attribute.TOXICITY: 0.1}),
        Recorded("c2", TOXIC),
        Recorded("c3", TOXIC),
        Recorded("c1", {Attribute.TOXICITY: 0.2}),
        Recorded("c1", {Attribute.THREAT: 0.3}),
    ]
    problems = record_scores(runtime, agora.site_id, batch)
    assert problems == [None, ERASED, UNKNOWN, None, None]
    classify_all(runtime)
    assert [one.old for one in found(runtime).pairs] == [(0.2,), (0.3,)]
    assert stored(runtime, agora.other_site_id) == 0


def test_an_erased_comment_loses_its_scores(runtime: Runtime, agora: Agora) -> None:
    scored(runtime, agora.site_id, "c1", TOXICITY=0.9)
    submitted = submit(runtime, agora.site_id, "c1", text="Edited.", perspective_scores=TOXIC)
    scored(runtime, agora.site_id, "c2", TOXICITY=0.1)
    assert stored(runtime, agora.site_id) == 3
    erase(runtime, agora.site_id, submitted.comment_id)
    assert stored(runtime, agora.site_id) == 1


def test_the_newest_comments_count(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(4):
        scored(runtime, agora.site_id, f"c{at}", TOXICITY=at / 10)
    classify_all(runtime)
    monkeypatch.setattr(comparing, "MOST", 2)
    assert [one.old for one in found(runtime).pairs] == [(0.3, 0.2)]
    assert found(runtime).texts == 4


def test_an_attribute_that_our_classifier_does_not_score_is_named(
    runtime: Runtime, agora: Agora
) -> None:
    scored(runtime, agora.site_id, "c1", SEXUALLY_EXPLICIT=0.5)
    classify_all(runtime, CIVIL)
    assert found(runtime).pairs == ()
    assert found(runtime).unscored == (Attribute.SEXUALLY_EXPLICIT,)


def test_there_must_be_scores_by_the_version(runtime: Runtime, agora: Agora) -> None:
    del agora
    with pytest.raises(NotFound, match=f"no scores by {NEXT}"):
        compare(runtime, "agora", NEXT)
