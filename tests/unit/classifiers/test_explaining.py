"""Which words raised the scores: found by leaving words out, in a bounded number of passes."""
# ruff: noqa: RUF001 - letters that look like others are what this is about

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import registry
from classifiers.explaining import MOST_PASSES, PASSAGE_CHARACTERS, explain
from classifiers.interface import Classifier
from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.model.policy import FIRST_THRESHOLDS
from tests.counting import Counting

NEWS = "The council met on Tuesday to discuss the new bridge over the river. "


def marked(text: str, *labels: Label, asked: list[str] | None = None) -> list[tuple[str, Label]]:
    classifier = Counting(asked=[] if asked is None else asked)
    marks = explain(classifier, text, dict.fromkeys(labels or (Label.TOXICITY,), 0.5))
    return [(text[mark.start : mark.end], mark.label) for mark in marks]


def test_the_word_that_raised_a_score_is_marked_with_what_is_its_share() -> None:
    assert explain(Counting(), "You idiot!", {Label.TOXICITY: 0.5}) == (
        Mark(4, 9, Label.TOXICITY, 1.0),
    )


def test_what_is_not_over_the_threshold_alone_counts_by_the_odds_that_go_with_it() -> None:
    # One word makes odds of 5 out of 0.1 for a threat, below this threshold; two make 250.
    text, thresholds = "kill them, kill them all", {Label.TOXICITY: 0.6, Label.THREAT: 0.9}
    assert [(m.label, m.weight) for m in explain(Counting(), text, thresholds)] == [
        (Label.THREAT, 0.98),
        (Label.THREAT, 0.98),
    ]


def test_a_word_is_marked_for_each_label_that_it_raised() -> None:
    text = "I will kill you, idiot"
    assert marked(text, Label.TOXICITY, Label.THREAT) == [
        ("kill", Label.THREAT),
        ("idiot", Label.TOXICITY),
    ]
    assert marked(text, Label.THREAT) == [("kill", Label.THREAT)]


def test_where_no_word_stands_out_none_is_marked() -> None:
    assert marked(NEWS) == []
    assert marked("... !!!") == []
    assert marked("") == []


def test_what_is_marked_counts_in_code_points() -> None:
    text = "🏳️‍🌈 Größe: idiot"
    [mark] = explain(Counting(), text, {Label.TOXICITY: 0.5})
    assert text[mark.start : mark.end] == "idiot"


def test_a_label_that_is_not_over_its_threshold_in_a_passage_marks_nothing_there() -> None:
    text = f"Kill it. {NEWS * 20} Idiot."
    assert marked(text, Label.TOXICITY, Label.THREAT) == [
        ("Kill", Label.THREAT),
        ("Idiot", Label.TOXICITY),
    ]


@pytest.mark.parametrize("place", [0, 7_000, 19_000])
def test_one_word_in_a_very_long_text_is_found(place: int) -> None:
    text = (NEWS * 300)[:place] + " idiot " + (NEWS * 300)[place : MAX_TEXT_LENGTH - 7]
    assert marked(text) == [("idiot", Label.TOXICITY)]


def test_an_ordinary_comment_costs_far_fewer_passes_than_it_has_words() -> None:
    asked: list[str] = []
    assert marked(f"{NEWS * 4} You idiot.", asked=asked) == [("idiot", Label.TOXICITY)]
    assert len(asked) < 20


@pytest.mark.parametrize(
    "text",
    [
        "idiot " * 3_333,
        "idiot" * 4_000,
        "i d i o t " * 2_000,
        "kill idiot, " * 1_600,
        "idiot" + "." * 19_000 + "idiot",
        "你" * MAX_TEXT_LENGTH,
        "i\u0301" * 10_000,
    ],
)
def test_no_text_costs_more_passes_than_was_said(text: str) -> None:
    asked: list[str] = []
    marked(text, Label.TOXICITY, Label.THREAT, asked=asked)
    # Halved, parts are at least half as long as a passage may be.
    passages = 2 * MAX_TEXT_LENGTH // PASSAGE_CHARACTERS + 1
    assert len(asked) <= passages + MOST_PASSES
    assert max(map(len, asked)) <= PASSAGE_CHARACTERS


def test_what_between_raises_ends_the_work() -> None:
    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        explain(Counting(), "You idiot", {Label.TOXICITY: 0.5}, between=stop)


@given(st.text(alphabet=st.sampled_from("idiot kil.,!\u0301\u200b🏳"), max_size=200))
def test_marks_are_sorted_apart_and_inside_of_the_text(text: str) -> None:
    marks = explain(Counting(), text, {Label.TOXICITY: 0.5, Label.THREAT: 0.5})
    assert list(marks) == sorted(marks)
    for label in Label:
        places = [at for mark in marks if mark.label is label for at in (mark.start, mark.end)]
        assert places == sorted(places)
        assert all(0 <= at <= len(text) for at in places)
    assert all(0.0 < mark.weight <= 1.0 for mark in marks)


@pytest.fixture(scope="module")
def compact() -> Classifier:
    return registry.load("compact")


@pytest.mark.parametrize(
    "disguised",
    [
        "idiot",
        "1d10t",
        "id*ot",
        "i d i o t",
        "i.d.i.o.t",
        "idiiiot",
        "іdіоt",
        "𝓲𝓭𝓲𝓸𝓽",
        "i\u0336d\u0336i\u0336o\u0336t\u0336",
    ],
)
def test_a_disguised_word_is_marked_whole(compact: Classifier, disguised: str) -> None:
    text = f"{NEWS}And you are a complete {disguised}, as we have all known for years."
    [scores] = compact.classify([text])
    thresholds = {
        Label.TOXICITY: min(FIRST_THRESHOLDS[Label.TOXICITY].flag or 1.0, scores[Label.TOXICITY])
    }
    found = {text[mark.start : mark.end] for mark in explain(compact, text, thresholds)}
    assert disguised in found


@pytest.mark.parametrize(
    "text",
    ["You stupid fucking idiot", "You are an idiot, and who votes for you is a moron, and stupid."],
)
def test_insults_of_which_one_is_enough_are_all_marked(compact: Classifier, text: str) -> None:
    marks = explain(compact, text, {Label.TOXICITY: 0.85})
    found = {text[mark.start : mark.end] for mark in marks}
    assert found >= {word for word in ("stupid", "fucking", "idiot", "moron") if word in text}
