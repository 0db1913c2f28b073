"""Whole policies: tried, published once, taken back, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from moderation.model.decisions import Action
from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.labels import Label
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import FIRST_THRESHOLDS, OtherLanguages, Override, Policy, Threshold
from moderation.model.policy_diff import changes_between
from moderation.model.policy_document import document_of, policy_of
from moderation.runtime import Runtime
from moderation.services.api_keys import add_key, list_keys
from moderation.services.classifier_versions import saw_classifier
from moderation.services.moderating import decide_comment
from moderation.services.policy_versions import (
    Versions,
    Wish,
    publish_policy,
    put_back,
    read_versions,
    try_policy,
)
from moderation.services.publishing import set_other_languages
from moderation.services.simulation_figures import figures_of
from moderation.services.sites import policy_in_force
from moderation.storage.audit import audit
from tests.factories import CIVIL, CLASSIFIER, NEXT, Agora, classify_all, submit
from tests.rules import RUDE

STRICT = Policy(CLASSIFIER, {**FIRST_THRESHOLDS, Label.INSULT: Threshold(flag=0.5)})
WHY = Wish("fewer insults")


@pytest.fixture(autouse=True)
def known(runtime: Runtime, agora: Agora) -> None:
    del agora
    saw_classifier(runtime, CLASSIFIER, [label for label in Label if label in CIVIL])


def versions(runtime: Runtime, agora: Agora) -> Versions:
    return read_versions(runtime, agora.site_id)


def test_a_policy_is_published_for_its_classifier_and_decides(
    runtime: Runtime, agora: Agora
) -> None:
    standing = publish_policy(runtime, agora.site_id, STRICT, WHY)
    assert (standing.is_new, standing.published.policy) == (True, replace(STRICT, version=2))
    assert policy_in_force(runtime, "agora", CLASSIFIER) == standing.published.policy
    found = versions(runtime, agora)
    assert (found.newest, found.standing()) == (2, standing.published)
    assert [str(one) for one in found.changes(standing.published) or ()] == [
        "thresholds.insult.flag: 0.8 → 0.5"
    ]
    assert found.changes(found.numbered(1)) is None
    with pytest.raises(NotFound):
        found.numbered(3)
    with pytest.raises(NotFound):
        found.standing(NEXT)


def test_what_says_the_same_is_not_published(runtime: Runtime, agora: Agora) -> None:
    publish_policy(runtime, agora.site_id, STRICT, WHY)
    # Whoever repeats a request that got no answer saw the version before it.
    again = publish_policy(runtime, agora.site_id, STRICT, replace(WHY, seen=1))
    assert (again.is_new, again.published.policy.version) == (False, 2)
    assert versions(runtime, agora).newest == 2


def test_what_was_published_meanwhile_is_not_overwritten(runtime: Runtime, agora: Agora) -> None:
    publish_policy(runtime, agora.site_id, STRICT, replace(WHY, seen=1))
    other = Policy(CLASSIFIER, {Label.INSULT: Threshold(flag=0.9)})
    with pytest.raises(Conflict, match="published version 2 meanwhile"):
        publish_policy(runtime, agora.site_id, other, replace(WHY, seen=1))
    assert publish_policy(runtime, agora.site_id, other, replace(WHY, seen=2)).is_new


def test_going_back_publishes_the_older_one_again(runtime: Runtime, agora: Agora) -> None:
    publish_policy(runtime, agora.site_id, STRICT, WHY)
    back = put_back(runtime, agora.site_id, 1, Wish())
    assert (back.published.policy.version, back.published.reason) == (3, "Back to version 1.")
    assert not changes_between(back.published.policy, versions(runtime, agora).numbered(1).policy)
    assert not put_back(runtime, agora.site_id, 1, Wish()).is_new
    with pytest.raises(NotFound):
        put_back(runtime, agora.site_id, 9, Wish())
    with pytest.raises(Conflict):
        put_back(runtime, agora.site_id, 2, Wish(seen=2))


def wrong_places(runtime: Runtime, agora: Agora, policy: Policy) -> list[str]:
    places = []
    for attempt in (
        lambda: publish_policy(runtime, agora.site_id, policy, WHY),
        lambda: try_policy(runtime, agora.site_id, policy, None),
    ):
        with pytest.raises(InvalidInput) as refused:
            attempt()
        places += [one.pointer for one in refused.value.errors]
    return places


def test_a_classifier_that_nobody_knows_is_taken_for_misspelt(
    runtime: Runtime, agora: Agora
) -> None:
    assert wrong_places(runtime, agora, replace(STRICT, classifier="compact@tset")) == [
        "/classifier",
        "/classifier",
    ]
    route = Policy("seven@1", FIRST_THRESHOLDS)
    routed = replace(STRICT, other_languages=OtherLanguages.ROUTE, route=route)
    assert set(wrong_places(runtime, agora, routed)) == {"/other_languages/classifier"}
    set_other_languages(runtime, "agora", OtherLanguages.ROUTE, route)
    assert publish_policy(runtime, agora.site_id, routed, WHY).is_new
    saw_classifier(runtime, NEXT, list(FIRST_THRESHOLDS), decides=False)
    assert publish_policy(runtime, agora.site_id, replace(STRICT, classifier=NEXT), WHY).is_new
    assert versions(runtime, agora).standing().policy.classifier == CLASSIFIER


def test_thresholds_of_a_place_are_published_with_the_rest(runtime: Runtime, agora: Agora) -> None:
    def placed(label: Label) -> Policy:
        own = Override(Pattern(PlaceKind.SECTION, "sport"), {label: Threshold(flag=0.9)})
        return replace(STRICT, overrides=(own,))

    standing = publish_policy(runtime, agora.site_id, placed(Label.INSULT), WHY)
    assert standing.published.policy == replace(placed(Label.INSULT), version=2)
    assert publish_policy(runtime, agora.site_id, STRICT, WHY).is_new, "it takes them away"
    assert set(wrong_places(runtime, agora, placed(Label.SEXUAL_EXPLICIT))) == {
        "/overrides/0/thresholds/sexual_explicit"
    }


def test_a_label_without_scores_is_pointed_at(runtime: Runtime, agora: Agora) -> None:
    blind = replace(STRICT, thresholds={Label.SEXUAL_EXPLICIT: Threshold(flag=0.5)})
    assert set(wrong_places(runtime, agora, blind)) == {"/thresholds/sexual_explicit"}
    saw_classifier(runtime, NEXT, [Label.INSULT], decides=False)
    route = Policy(NEXT, {Label.THREAT: Threshold(flag=0.5)})
    routed = replace(STRICT, other_languages=OtherLanguages.ROUTE, route=route)
    assert set(wrong_places(runtime, agora, routed)) == {"/other_languages/thresholds/threat"}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_nothing_is_published_without_a_reason(runtime: Runtime, agora: Agora, reason: str) -> None:
    with pytest.raises(InvalidInput):
        publish_policy(runtime, agora.site_id, STRICT, Wish(reason))


def test_which_key_a_program_came_with_is_kept(runtime: Runtime, agora: Agora) -> None:
    add_key(runtime, "agora", "ci")
    [key] = list_keys(runtime, "agora")
    publish_policy(runtime, agora.site_id, STRICT, replace(WHY, key_id=key.id))
    put_back(runtime, agora.site_id, 1, Wish())
    with runtime.reading() as connection:
        rows = connection.execute(
            select(audit.c.data).where(audit.c.action == "policy-publish").order_by(audit.c.id)
        ).scalars()
        assert list(rows) == [{"version": 2, "key": str(key.id)}, {"version": 3}]


def test_every_version_is_a_document_that_says_it_again(runtime: Runtime, agora: Agora) -> None:
    route = Policy("seven@1", FIRST_THRESHOLDS)
    set_other_languages(runtime, "agora", OtherLanguages.ROUTE, route)
    publish_policy(runtime, agora.site_id, STRICT, WHY)
    found = versions(runtime, agora)
    for one in found.history:
        assert policy_of(document_of(one.policy), one.policy.version) == one.policy
    first, second, third = (found.described_whole(one) for one in reversed(found.history))
    assert (first["changes"], first["in_force"], third["in_force"]) == (None, False, True)
    assert second["changes"][0] == {
        "pointer": "/other_languages/action",
        "before": "flag",
        "after": "route",
    }
    assert third["policy"] == document_of(STRICT)


def test_words_that_are_new_are_told_apart(runtime: Runtime, agora: Agora) -> None:
    for n in range(20):
        submit(runtime, agora.site_id, f"c{n}", text="A canary sings." if n < 2 else "Nothing.")
    classify_all(runtime)
    draft = replace(STRICT, word_lists=(RUDE,))
    found = try_policy(runtime, agora.site_id, draft, None)
    words = figures_of(found)["new_words"]
    assert (words["comments"], words["found"]) == (20, 2)
    a_day = words["a_day"]
    assert a_day["about"] == pytest.approx(2 / found.period.length)
    assert 0 < a_day["low"] < a_day["about"] < a_day["high"] < 20 / found.period.length


def test_a_policy_is_tried_on_what_was_written(runtime: Runtime, agora: Agora) -> None:
    for n, score in enumerate([0.1] * 7 + [0.6] * 2 + [0.9]):
        submitted = submit(runtime, agora.site_id, f"c{n}")
        classify_all(runtime, CIVIL | {Label.INSULT: score})
    decide_comment(runtime, agora.alice, submitted.comment_id, Action.REJECT, seen=1)
    figures = figures_of(try_policy(runtime, agora.site_id, STRICT, None))
    assert (figures["comments"], figures["judged"]) == (10, 1)
    assert (figures["in_force"]["flagged"], figures["draft"]["flagged"]) == (1, 3)
    assert figures["draft"]["over"] == {"insult": 3}
    assert figures["flips"] == [{"from": "approve", "to": "flag", "comments": 2, "judged": 0}]
    assert figures["draft"]["recall"] == {
        "many": 1,
        "of": 1,
        "share": None,
        "low": None,
        "high": None,
    }
    assert figures["corrected"]["samples"] == 0
    assert figures["new_words"] is None
    assert figures_of(try_policy(runtime, agora.site_id, STRICT, 7))["days"] == 7
    assert versions(runtime, agora).newest == 1
