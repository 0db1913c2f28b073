"""What a remote classifier answers is believed only where it is what the contract says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.remote.contract import read_answer, read_description, request_body
from moderation.model.errors import ClassifierFailed
from moderation.model.labels import Label

LABELS = frozenset({Label.INSULT, Label.THREAT})
GOOD = {"insult": 0.25, "threat": 1}
SECRET = "a text that nobody may see"  # noqa: S105 - a comment


def written(**document: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps({"version": "v-1", **document}).encode()


def test_scores_come_in_the_order_of_the_texts() -> None:
    answer = read_answer(written(scores=[GOOD, {"threat": 0, "insult": 1.0}]))
    scores = answer.checked(2, LABELS)
    assert scores == [
        {Label.INSULT: 0.25, Label.THREAT: 1.0},
        {Label.INSULT: 1.0, Label.THREAT: 0.0},
    ]
    assert all(type(score) is float for one in scores for score in one.values())
    assert answer.version == "v-1"


@pytest.mark.parametrize(
    "scores",
    [
        None,
        {},
        [],
        [GOOD, GOOD],
        [None],
        [[0.25, 1.0]],
        [{}],
        [{"insult": 0.25}],
        [GOOD | {"toxicity": 0.1}],
        *([GOOD | {"threat": wrong}] for wrong in (None, "0.5", True, [], -0.01, 1.01, 10**400)),
        *([GOOD | {"threat": float(wrong)}] for wrong in ("nan", "inf", "-inf")),
        [GOOD | {"threat": SECRET}],
        [SECRET],
        [{SECRET: 0.5}],
    ],
)
def test_what_is_no_score_for_each_label_is_refused_and_not_quoted(scores: Any) -> None:  # noqa: ANN401
    with pytest.raises(ClassifierFailed) as refused:
        read_answer(written(scores=scores)).checked(1, LABELS)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"<html>",
        b"\xff\xfe",
        b'{"version": "v-1", "scores": [',
        b"[" * 200_000,
        b'{"version": ' + b"1" * 10_000 + b"}",
        SECRET.encode(),
        *(json.dumps({"version": wrong}).encode() for wrong in (None, 1, "", " v", "v" * 81, "vé")),
    ],
)
@pytest.mark.parametrize("read", [read_answer, read_description])
def test_what_is_no_answer_is_refused_and_not_quoted(read: Any, body: bytes) -> None:  # noqa: ANN401
    with pytest.raises(ClassifierFailed) as refused:
        read(body)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None, "a parser's error quotes what it parsed"


def test_a_description_is_read() -> None:
    body = written(labels=["insult", "threat"], languages=["en", "fr"])
    found = read_description(body)
    assert (found.version, found.labels, found.languages) == ("v-1", LABELS, {"en", "fr"})


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("labels", [], "`labels` is no list of names"),
        ("labels", "insult", "`labels` is no list of names"),
        ("labels", [["insult"]], "`labels` is no list of names"),
        ("labels", ["unwanted"], "`labels` names 'unwanted'; there are identity_attack, "),
        ("labels", ["rudeness"], "`labels` names 'rudeness'; there are identity_attack, "),
        ("languages", None, "`languages` is no list of names"),
        ("languages", ["english"], "`languages` names 'english'; there are ar, "),
    ],
)
def test_a_description_that_says_something_else_is_told_what(
    field: str, value: object, complaint: str
) -> None:
    fields = {"labels": ["insult"], "languages": ["en"], field: value}
    with pytest.raises(ClassifierFailed, match=complaint):
        read_description(written(**fields))


@given(st.lists(st.text(), max_size=5))
def test_every_text_arrives_as_it_is(texts: list[str]) -> None:
    assert json.loads(request_body(texts).decode()) == {"texts": texts}


@given(st.lists(st.text(st.characters(codec=None)), max_size=5))
def test_whatever_is_no_text_arrives_as_one(texts: list[str]) -> None:
    arrived = json.loads(request_body(texts).decode())["texts"]
    assert len(arrived) == len(texts)
    assert all(came.encode().decode() == came for came in arrived)


def test_half_a_pair_arrives_as_a_mark_and_two_halves_as_what_they_are() -> None:
    body = request_body(["you \ud83e are", "\ud83e\udd2c", "a\0b"])
    assert json.loads(body) == {"texts": ["you \ufffd are", "🤬", "a\0b"]}
