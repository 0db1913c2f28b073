"""A policy is a document and back, and whatever is wrong with one is named."""

from contextlib import suppress
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.pointers import dotted, path_of
from moderation.model.policy import Policy, Threshold, first_policy
from moderation.model.policy_document import FIELDS, document_of, policy_of
from tests.policies import a_policy

GOOD: dict[str, Any] = {
    "classifier": "compact@1",
    "thresholds": {"insult": {"flag": 0.8, "reject": 0.95}, "threat": {"flag": 0.5}},
    "other_languages": {"action": "flag"},
}
ROUTE = {"action": "route", "classifier": "seven@1", "thresholds": {"toxicity": {"flag": 0.9}}}


@given(policy=a_policy())
def test_what_is_written_is_read_again(policy: Policy) -> None:
    assert policy_of(document_of(policy), version=7) == policy


def test_no_part_of_a_policy_is_left_out() -> None:
    parts = {field.name for field in fields(Policy)} - {"version", "route"}
    assert parts == set(FIELDS), "what is not in documents, publishing one would take away"


def test_labels_come_in_one_order_and_lines_that_are_not_there_are_left_out() -> None:
    turned = dict(reversed(first_policy("compact@1").thresholds.items()))
    written = document_of(Policy("compact@1", turned))
    assert list(written["thresholds"]) == [label for label in Label if label in turned]
    assert written["thresholds"]["insult"] == {"flag": 0.8}
    assert written["thresholds"]["obscene"] == {}


def test_what_nothing_is_said_of_is_as_in_a_new_policy() -> None:
    found = policy_of({"classifier": "compact@1", "thresholds": {}})
    assert found == Policy("compact@1", {})


def test_null_is_never_and_a_whole_number_is_a_number() -> None:
    found = policy_of(GOOD | {"thresholds": {"insult": {"flag": 1, "reject": None}}})
    assert found.thresholds[Label.INSULT] == Threshold(flag=1.0)


def insult(**lines: object) -> dict[str, Any]:
    return {"thresholds": {"insult": lines}}


def override(**fields: object) -> dict[str, Any]:
    return {"overrides": [{"thresholds": {"insult": {"flag": 0.9}}} | fields]}


def limit(**fields: object) -> dict[str, Any]:
    return {"limits": {"links": fields}}


def words(**fields: object) -> dict[str, Any]:
    return {"word_lists": [{"name": "x", "action": "flag", "entries": ["y"]} | fields]}


def others(**fields: object) -> dict[str, Any]:
    return {"other_languages": fields}


@pytest.mark.parametrize(
    ("changed", "place", "why"),
    [
        ({"threshold": {}}, "threshold", "there is no such field"),
        ({"version": 7}, "version", "there is no such field"),
        ({"classifier": ""}, "classifier", "1 to 100 characters"),
        ({"classifier": "x" * 101}, "classifier", "1 to 100 characters"),
        ({"classifier": 1}, "classifier", "1 to 100 characters"),
        ({"classifier": "a\0"}, "classifier", "cannot be seen"),
        ({"thresholds": []}, "thresholds", "must be a mapping"),
        ({"thresholds": None}, "thresholds", "must be a mapping"),
        ({"thresholds": {"insullt": {}}}, "thresholds.insullt", "there are toxicity, "),
        ({"thresholds": {"insult": 0.8}}, "thresholds.insult", "must be a mapping"),
        (insult(flg=0.8), "thresholds.insult.flg", "there are flag, reject"),
        (insult(flag=0), "thresholds.insult.flag", "above 0 and is at most 1"),
        (insult(flag=1.01), "thresholds.insult.flag", "above 0 and is at most 1"),
        (insult(reject=float("inf")), "thresholds.insult.reject", "above 0 and is at most 1"),
        (insult(reject=float("nan")), "thresholds.insult.reject", "above 0 and is at most 1"),
        (insult(flag=10**400), "thresholds.insult.flag", "too large"),
        (insult(flag="0.8"), "thresholds.insult.flag", "a number such as 0.8"),
        (insult(flag=True), "thresholds.insult.flag", "a number such as 0.8"),
        (insult(flag=0.8, reject=0.7), "thresholds.insult", "must not reject below"),
        ({"overrides": {}}, "overrides", "must be a list"),
        ({"overrides": ["sport"]}, "overrides.0", "must be a mapping"),
        ({"overrides": [{"section": "sport"}]}, "overrides.0.thresholds", "is required"),
        (override(), "overrides.0", "which section or which thread"),
        (override(section="a", thread="b"), "overrides.0", "which section or which thread"),
        (override(place="a"), "overrides.0.place", "there is no such field"),
        (override(section=7), "overrides.0.section", "write a text"),
        (override(section=""), "overrides.0", "1 to 255 characters"),
        (override(section="a", thresholds={}), "overrides.0", "a threshold of its own"),
        (
            override(section="a", thresholds={"insult": {"flag": 2}}),
            "overrides.0.thresholds.insult.flag",
            "above 0 and is at most 1",
        ),
        ({"overrides": override(section="a")["overrides"] * 2}, "overrides", "the narrower one"),
        ({"limits": []}, "limits", "must be a mapping"),
        ({"limits": {"link": {}}}, "limits.link", "there are links, "),
        ({"limits": {"links": 3}}, "limits.links", "must be a mapping"),
        (limit(), "limits.links", "from which number it flags"),
        (limit(flag=3, reject=5), "limits.links", "from which number it flags"),
        (limit(number=3), "limits.links.number", "there are flag, reject"),
        (limit(flag=3.5), "limits.links.flag", "a whole number"),
        (limit(flag=True), "limits.links.flag", "a whole number"),
        (limit(flag=0), "limits.links.flag", "from 1 on"),
        (limit(flag=101), "limits.links", "higher than is counted"),
        ({"limits": {"approvals": {"reject": 1}}}, "limits.approvals", "flag them"),
        ({"word_lists": {}}, "word_lists", "must be a list"),
        ({"word_lists": ["slurs"]}, "word_lists.0", "must be a mapping"),
        ({"word_lists": [{"name": "x"}]}, "word_lists.0.entries", "is required"),
        ({"word_lists": words()["word_lists"] * 2}, "word_lists", "the same name"),
        (words(name=""), "word_lists.0.name", "1 to 100 characters"),
        (words(name="x" * 61), "word_lists.0", "1 to 60 characters"),
        (words(action="approve"), "word_lists.0", "flags or rejects"),
        (words(action="hide"), "word_lists.0.action", "one of "),
        (words(words=["y"]), "word_lists.0.words", "there is no such field"),
        (words(entries="y"), "word_lists.0.entries", "must be a list"),
        (words(entries=["y", 7]), "word_lists.0.entries.1", "write a text"),
        (words(entries=[]), "word_lists.0", "1 to 1,000 entries"),
        (words(entries=[" y"]), "word_lists.0", "1 to 100 characters"),
        (others(), "other_languages.action", "one of flag, approve, route"),
        (others(action="ignore"), "other_languages.action", "one of flag, approve, route"),
        (others(action=["flag"]), "other_languages.action", "one of flag, approve, route"),
        (others(action="flag", thresholds={}), "other_languages.thresholds", "only what is routed"),
        (others(action="route"), "other_languages.classifier", "is required"),
        (others(action="route"), "other_languages.thresholds", "is required"),
        (
            {"other_languages": ROUTE | {"classifier": "compact@1"}},
            "other_languages.classifier",
            "leads to another classifier",
        ),
        (
            {"other_languages": ROUTE | {"thresholds": {"threat": {"flag": 2}}}},
            "other_languages.thresholds.threat.flag",
            "above 0 and is at most 1",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_place(changed: dict[str, Any], place: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        policy_of(GOOD | changed)
    said = {dotted(path_of(one.pointer)): one.detail for one in refused.value.errors}
    assert why in said[place]


@pytest.mark.parametrize("wrong", [None, [], "x", 1])
def test_what_is_no_mapping_is_no_policy(wrong: object) -> None:
    with pytest.raises(InvalidInput):
        policy_of(wrong)


def test_all_that_is_wrong_is_told_at_once_but_no_more_than_anybody_reads() -> None:
    with pytest.raises(InvalidInput) as refused:
        policy_of({"thresholds": {"insult": {"flag": 2, "reject": 3}}})
    assert len(refused.value.errors) == 3
    with pytest.raises(InvalidInput) as refused:
        policy_of({f"name {n}": n for n in range(100)})
    assert len(refused.value.errors) == 20


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(Label) | st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(FIELDS), anything) | anything)
def test_whatever_is_read_is_a_policy_or_refused(document: object) -> None:
    with suppress(InvalidInput):
        assert isinstance(policy_of(document), Policy)


def test_a_pointer_leads_back_to_its_place() -> None:
    assert path_of("/a~1b/c~0d/") == ("a/b", "c~d", "")
