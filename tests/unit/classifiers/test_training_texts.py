"""What the embedded classifier learns from: labelled sets, and comments of our own."""

import csv
import json
import lzma
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.compact.training.corpora import read_corpora
from classifiers.compact.training.disguises import DISGUISES, Disguise, disguised
from classifiers.compact.training.examples import COLUMNS, Example, is_for_development, merged
from classifiers.compact.training.own_texts import own_examples
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label

SAMPLES = Path(__file__).parents[2] / "samples"
SIX = [label.value for label in COLUMNS]
SETS = {
    "jigsaw6": [["text", *SIX], ["You fool", 1, 0, 0, 0, 1, 0]],
    "jigsaw_binary": [["text", "toxicity"], ["Thank you", 0]],
    "insults": [["text", "insult"], ["You clown", 1]],
    "davidson": [["tweet", "class"], ["they are vermin", 0], ["my man", 1]],
    "dynahate": [["text", "label"], ["I love them", 0.0]],
    "kennedy": [["text", "label"], ["I hate them", 1.0]],
    "toxic_spans": [
        ["spans", "text"],
        [json.dumps([19, 20, 21, 22, 23]), "A fair point. What idiots. So be it."],
        [json.dumps([0, 1, 2]), "All of it toxic"],
        [json.dumps([]), "Nobody marked. Anything here."],
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in SETS.items():
        with lzma.open(tmp_path / f"{name}.csv.xz", "wt", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return tmp_path


def test_each_set_teaches_the_labels_that_it_gives(folder: Path) -> None:
    found = {example.text: dict(example.labels) for example in read_corpora(folder)}
    assert found == {
        "You fool": dict(zip(COLUMNS, (1, 0, 0, 0, 1, 0), strict=True)),
        "Thank you": {Label.TOXICITY: 0},
        "You clown": {Label.INSULT: 1},
        "they are vermin": {Label.IDENTITY_ATTACK: 1},
        "my man": {Label.IDENTITY_ATTACK: 0},
        "I love them": {Label.IDENTITY_ATTACK: 0},
        "I hate them": {Label.IDENTITY_ATTACK: 1},
        "A fair point.": {Label.TOXICITY: 0},
        "What idiots.": {Label.TOXICITY: 1},
        "So be it.": {Label.TOXICITY: 0},
    }


def test_a_missing_set_is_named(folder: Path) -> None:
    (folder / "kennedy.csv.xz").unlink()
    with pytest.raises(NotConfigured, match="kennedy"):
        list(read_corpora(folder))


def test_what_sets_say_of_the_same_text_is_put_together() -> None:
    [one] = merged(
        [
            Example("You   fool!", {Label.TOXICITY: 1.0}),
            Example("you fool", {Label.TOXICITY: 0.0, Label.INSULT: 1.0}, repeats=4.0),
            Example("?!", {Label.TOXICITY: 1.0}),
        ]
    )
    assert one == Example("You   fool!", {Label.TOXICITY: 1.0, Label.INSULT: 1.0}, 4.0)


def test_about_one_text_in_twenty_is_kept_aside_whatever_it_is_written_like() -> None:
    texts = [f"Comment number {number} of a reader" for number in range(4_000)]
    assert 150 < sum(map(is_for_development, texts)) < 250
    assert all(is_for_development(text) == is_for_development(text.upper()) for text in texts)


def test_our_own_comments_are_whole_and_the_same_for_a_seed() -> None:
    examples = list(own_examples(200, seed=3))
    assert examples == list(own_examples(200, seed=3))
    assert examples != list(own_examples(200, seed=4))
    for example in examples:
        assert not set("{}#") & set(example.text), example.text
        assert set(example.labels.values()) <= {0.0, 1.0}


def test_every_group_is_named_as_often_in_attacks_as_in_harmless_comments() -> None:
    counts: dict[float, Counter[str]] = {0.0: Counter(), 1.0: Counter()}
    groups = ("Muslims", "gay people", "white people", "Jews", "women", "Mexicans", "deaf people")
    for example in own_examples(20_000, seed=1):
        if Label.IDENTITY_ATTACK in example.labels and Label.OBSCENE not in example.labels:
            text = example.text.lower()
            for group in groups:
                counts[example.labels[Label.IDENTITY_ATTACK]][group] += group.lower() in text
    for count in counts.values():
        assert max(count.values()) < 1.5 * min(count.values()), count


def test_the_civil_comments_kept_for_reporting_are_none_of_ours() -> None:
    kept = (SAMPLES / "civil_politics.txt").read_text(encoding="utf-8").splitlines()
    assert len(kept) == len(set(kept)) == 300
    ours = {example.text for example in own_examples(5_000, seed=1)}
    assert not ours & set(kept)


@given(st.from_regex("[A-Za-z]{4,20}", fullmatch=True), st.integers())
def test_every_word_can_be_disguised_and_the_rest_stays(word: str, seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - nothing secret
    changed = disguised(f"the {word} is", source, share=1.0)
    assert changed.startswith("the ")
    assert changed.endswith(" is")


@pytest.mark.parametrize("disguise", DISGUISES)
def test_each_disguise_hides_a_word(disguise: Disguise) -> None:
    written = {disguise("idiotic", random.Random(seed)) for seed in range(20)}  # noqa: S311
    assert all(word and word != "idiotic" for word in written)
