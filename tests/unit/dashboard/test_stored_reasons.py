"""Why versions were published, where it was us who said so, is found to be ours."""

from typing import Any

import pytest
from flask import Flask, g

from api.dashboard.stored_reasons import in_words, ours
from moderation.model.advice import Wish, WishKind
from moderation.model.policy import Policy
from moderation.services.advising import Advice
from moderation.services.carrying import Proposal
from moderation.services.shadows import Earlier

POLICY = Policy("a@1", {})
NOTHING: Any = None


def of_wish(kind: WishKind) -> Advice:
    return Advice(Wish(kind, 0.1), POLICY, NOTHING, 12_345, 2.0, None, NOTHING)


@pytest.mark.parametrize("kind", WishKind)
def test_advice_is_ours(kind: WishKind) -> None:
    advice = of_wish(kind)
    found = ours(advice.reason)
    assert found is not None
    assert found[1] == {"amount": f"{advice.wish.said(0.1):g}", "comments": "12,345"}
    assert in_words(advice.reason) == advice.reason


@pytest.mark.parametrize(
    "reason",
    [
        Proposal("a@1", POLICY, 12_345, (), ()).reason,
        Earlier(3).reason,
        "its training was ended from outside",
        "There are too few decisions to learn from.",
        "From Perspective, TOXICITY 0.5, INSULT 0.8: the same share, on 1,040 comments.",
    ],
)
def test_what_else_is_ours(reason: str) -> None:
    assert ours(reason)
    assert in_words(reason) == reason


def test_numbers_are_those_of_the_reader_and_other_words_stay() -> None:
    with Flask(__name__).test_request_context():
        g.language = "de"
        assert "12.345" in in_words(Proposal("a@1", POLICY, 12_345, (), ()).reason)
        assert in_words("Back to version 3. I hope.") == "Back to version 3. I hope."
        assert "höchstens 0,1 " in in_words(of_wish(WishKind.FLAGS).reason)
        assert "höchstens 10 %" in in_words(of_wish(WishKind.MISSES).reason)
        translated = in_words(
            "From Perspective, TOXICITY 0.5, INSULT 1: the same share, on 40 comments."
        )
        assert "TOXICITY 0,5, INSULT 1:" in translated


@pytest.mark.parametrize(
    "reason",
    [
        "Advised for at most 1.2.3 flags a day, on 5 comments.",
        "Advised for at most 1e999 flags a day, on 5 comments.",
        f"Advised for at most 2 flags a day, on {'9' * 400} comments.",
        "From Perspective, as we rated it 0.5: the same share, on 40 comments.",
    ],
)
def test_what_only_looks_like_ours_stays_as_it_is(reason: str) -> None:
    with Flask(__name__).test_request_context():
        g.language = "de"
        assert in_words(reason) == reason
