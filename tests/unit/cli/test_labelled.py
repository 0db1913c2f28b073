"""What columns of labels say, as the files have them that people exchange."""

import pytest

from moderation.cli.comment_files import Comment
from moderation.cli.labelled import LabelColumn, drawn, label_columns, usable
from moderation.cli.skipped import Skipped
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label

SCORED = frozenset({Label.TOXICITY, Label.IDENTITY_ATTACK, Label.INSULT})
INSULT = LabelColumn(Label.INSULT, "insult")


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        ("1", True),
        ("0", False),
        ("1.0", True),
        ("0.5", True),
        ("0.49", False),
        ("0,5", True),
        ("0,49", False),
        (1, True),
        (0.0, False),
        (True, True),
        ("False", False),
        ("yes", True),
        ("", None),
        (" ", None),
        ("-1", None),
        (None, None),
    ],
)
def test_a_label_is_true_false_or_unknown(value: object, truth: object) -> None:
    assert INSULT.truth({"insult": value}) is truth


@pytest.mark.parametrize("value", ["2", "-0.5", "nan", "hateful", "inf", "0,5,1", [1]])
def test_what_is_no_label_is_said_without_repeating_it(value: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        INSULT.truth({"insult": value})
    assert str(refused.value) == "has no 0 or 1 in insult"


def test_a_word_can_stand_for_true() -> None:
    column = LabelColumn(Label.IDENTITY_ATTACK, "label_gold", "hateful")
    words = ("Hateful", "non-hateful", "", "1")
    assert [column.truth({"label_gold": word}) for word in words] == [True, False, None, False]


def test_columns_are_known_by_the_names_of_labels_and_by_their_older_names() -> None:
    names = ["text", "Toxicity", "identity_hate", "threat", "hate"]
    assert label_columns((), names, SCORED) == [
        LabelColumn(Label.TOXICITY, "Toxicity"),
        LabelColumn(Label.IDENTITY_ATTACK, "identity_hate"),
    ]


def test_columns_that_are_given_are_the_only_ones() -> None:
    given = ("identity_attack=label_gold=hateful", "toxic=a:b")
    assert label_columns(given, ["insult"], SCORED) == [
        LabelColumn(Label.IDENTITY_ATTACK, "label_gold", "hateful"),
        LabelColumn(Label.TOXICITY, "a:b"),
    ]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (("hate=label",), "the labels are toxicity, "),
        (("insult",), "LABEL=COLUMN"),
        (("insult=",), "LABEL=COLUMN"),
        (("threat=label",), "does not score threat; it scores toxicity, insult, identity_attack"),
        (("insult=a", "insult=b"), "twice"),
    ],
)
def test_columns_that_mean_nothing_are_refused(given: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        label_columns(given, ["label"], SCORED)


def test_comments_with_a_bad_label_are_skipped_before_anybody_scores_them() -> None:
    skipped = Skipped()
    comments = [Comment(at, "x", {"insult": value}) for at, value in enumerate("10?")]
    assert [comment.number for comment in usable(comments, [INSULT], skipped)] == [0, 1]
    assert skipped.count == 1


def test_a_lot_takes_each_comment_as_often_as_any_other() -> None:
    comments = [Comment(number, "x") for number in range(20)]
    times = [0] * 20
    for seed in range(2_000):
        for comment in drawn(comments, 5, seed):
            times[comment.number] += 1
    # Of 2,000 lots a quarter; five standard deviations are 97.
    assert all(abs(count - 500) < 97 for count in times)


def test_a_lot_keeps_the_order_and_is_the_same_for_a_seed() -> None:
    comments = [Comment(number, "x") for number in range(50)]
    numbers = [comment.number for comment in drawn(comments, 10, 1)]
    assert numbers == sorted(numbers)
    assert [comment.number for comment in drawn(comments, 10, 1)] == numbers
    assert len(drawn(comments, 99, 1)) == 50
