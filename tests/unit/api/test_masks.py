"""Which part of an answer is wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.compat.perspective.answers import SHAPE
from api.compat.perspective.errors import Refusal
from api.compat.perspective.masks import parse_mask, select

ANSWER = {
    "attributeScores": {
        "TOXICITY": {
            "summaryScore": {"value": 0.5, "type": "PROBABILITY"},
            "spanScores": [{"begin": 0, "end": 3, "score": {"value": 0.5, "type": "PROBABILITY"}}],
        },
        "INSULT": {"summaryScore": {"value": 0.25, "type": "PROBABILITY"}},
    },
    "languages": ["en"],
}


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ("languages", {"languages": ["en"]}),
        ("*", ANSWER),
        ("clientToken", {}),
        (
            "attributeScores(TOXICITY/summaryScore/value, INSULT/summaryScore(value)),languages",
            {
                "attributeScores": {
                    "TOXICITY": {"summaryScore": {"value": 0.5}},
                    "INSULT": {"summaryScore": {"value": 0.25}},
                },
                "languages": ["en"],
            },
        ),
        (
            "attributeScores.*.spanScores.begin",
            {"attributeScores": {"TOXICITY": {"spanScores": [{"begin": 0}]}, "INSULT": {}}},
        ),
    ],
)
def test_what_was_asked_for_is_left(fields: str, answer: object) -> None:
    assert select(ANSWER, parse_mask(fields, SHAPE)) == answer


@pytest.mark.parametrize(
    "fields",
    [
        "nothing",
        "attributeScores/TOXICITY/colour",
        "languages/en",
        "languages,",
        ",",
        "languages)",
        "attributeScores(TOXICITY",
        "attributeScores()",
        "attributeScores//a",
        "a b?",
        "(" * 1_999,
        "attributeScores(" * 120,
        "a/" * 999,
        "languages," * 201,
    ],
)
def test_what_is_no_mask_is_refused(fields: str) -> None:
    with pytest.raises(Refusal):
        parse_mask(fields, SHAPE)


@given(st.text(st.sampled_from("abcT*/.,() ") | st.characters(), max_size=40))
def test_no_mask_breaks_anything(fields: str) -> None:
    try:
        mask = parse_mask(fields, SHAPE)
    except Refusal:
        return
    select(ANSWER, mask)
