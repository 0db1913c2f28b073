"""What the embedded classifier learns from: labelled sets, and comments of our own."""

import csv
import lzma
import random
import tomllib
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.compact.training import split
from classifiers.compact.training.corpora import read_corpora
from classifiers.compact.training.disguises import DISGUISES, Disguise, disguised
from classifiers.compact.training.examples import (
    COLUMNS,
    Example,
    digest,
    fingerprint,
    is_for_development,
    merged,
)
from classifiers.compact.training.own_texts import TEXTS, own_examples
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label

SAMPLES = Path(__file__).parents[2] / "samples"
KEPT = files("classifiers.compact.training") / "kept"


def test_each_set_teaches_the_labels_that_it_gives(labelled_sets: Path) -> None:
    found = {example.text: dict(example.labels) for example in read_corpora(labelled_sets)}
    assert found == {
        "You fool": dict(zip(COLUMNS, (1, 0, 0, 0, 1, 0), strict=True)),
        "Thank you": dict.fromkeys(COLUMNS, 0),
        "You clown": {Label.INSULT: 1},
        "they are vermin": {Label.IDENTITY_ATTACK: 1},
        "my man": {Label.IDENTITY_ATTACK: 0},
        "I love them": {Label.IDENTITY_ATTACK: 0},
        "I hate them": {Label.IDENTITY_ATTACK: 1},
        "A fair point.": {Label.TOXICITY: 0},
        "What idiots.": {Label.TOXICITY: 1},
        "So be it.": {Label.TOXICITY: 0},
    }


def test_a_missing_set_is_named(labelled_sets: Path) -> None:
    (labelled_sets / "kennedy.csv.xz").unlink()
    with pytest.raises(NotConfigured, match="kennedy"):
        list(read_corpora(labelled_sets))


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
    examples = list(own_examples(200, seed=3, kept=False))
    assert examples == list(own_examples(200, seed=3, kept=False))
    assert examples != list(own_examples(200, seed=4, kept=False))
    for example in examples:
        assert not set("{}#") & set(example.text), example.text
        assert set(example.labels.values()) <= {0.0, 1.0}
        assert example.certain


def test_a_template_is_either_learnt_or_kept() -> None:
    learnt = {example.text for example in own_examples(1_000, seed=1, kept=False)}
    kept = {example.text for example in own_examples(200, seed=1, kept=True)}
    assert not learnt & kept
    assert 1_000 < len(kept) < len(learnt)


def test_nothing_that_is_kept_is_learnt_from_and_of_our_own_whole_templates_are(
    labelled_sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "OWN_OF_EACH_FILE", 300)
    monkeypatch.setattr(split, "OWN_OF_TEMPLATE", 0)
    learnt, kept = (
        {fingerprint(example.text) for example in part}
        for part in split.read_examples(labelled_sets, seed=3)
    )
    assert not learnt & kept
    own = own_examples(split.OWN_KEPT, seed=3, kept=True)
    assert {fingerprint(example.text) for example in own} <= kept
    own = own_examples(300, seed=3, kept=False)
    assert {fingerprint(example.text) for example in own} <= learnt
    assert {"youfool", "ilovethem", "ihatethem"} <= learnt | kept


@pytest.mark.parametrize("kept", [True, False])
def test_what_is_kept_is_not_learnt_where_a_set_and_our_own_have_the_same_text(
    labelled_sets: Path, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    monkeypatch.setattr(split, "OWN_OF_EACH_FILE", 100)
    monkeypatch.setattr(split, "OWN_OF_TEMPLATE", 0)
    same = next(
        example.text
        for example in own_examples(100, seed=3, kept=kept)
        if is_for_development(example.text) != kept
    )
    with lzma.open(labelled_sets / "insults.csv.xz", "at", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([same, 0])
    learnt, known = split.read_examples(labelled_sets, seed=3)
    assert same not in {example.text for example in learnt}
    assert same in {example.text for example in known}


def test_a_file_of_many_templates_gives_more_comments() -> None:
    few, more = (
        Counter(example.text for example in own_examples(50, seed=1, kept=False, of_template=least))
        for least in (0, 2)
    )
    assert few.total() == 50 * len(list(TEXTS.glob("*.txt")))
    assert more.total() > 2 * 6_000


def test_another_text_or_label_is_another_digest() -> None:
    one = Example("You fool", {Label.TOXICITY: 1.0})
    others = (replace(one, text="you fool"), replace(one, labels={Label.TOXICITY: 0.0}))
    assert digest([one]) == digest([one])
    assert len({digest([one]), *(digest([other]) for other in others)}) == 3


def test_attacks_also_stand_among_civil_sentences() -> None:
    civil = (TEXTS / "plain_talk.txt").read_text(encoding="utf-8").splitlines()[1:]
    plain = {line for line in civil if len(line) > 30 and "{" not in line}
    attacks = [
        example.text
        for example in own_examples(1_000, seed=1, kept=False)
        if example.labels.get(Label.TOXICITY) == 1
    ]
    among = sum(any(line in text for line in plain) for text in attacks)
    assert 0.01 < among / len(attacks) < 0.1


def test_every_group_is_named_as_often_in_attacks_as_in_harmless_comments() -> None:
    counts: dict[float, Counter[str]] = {0.0: Counter(), 1.0: Counter()}
    groups = ("Muslims", "gay people", "white people", "Jews", "women", "Mexicans", "deaf people")
    for example in own_examples(8_000, seed=1, kept=False):
        if Label.IDENTITY_ATTACK in example.labels:
            text = example.text.lower()
            for group in groups:
                counts[example.labels[Label.IDENTITY_ATTACK]][group] += group.lower() in text
    harmless, hostile = (
        {group: count[group] / count.total() for group in groups} for count in counts.values()
    )
    for group in groups:
        assert 2 / 3 < hostile[group] / harmless[group] < 3 / 2, group


def test_every_insult_and_slur_is_also_seen_where_nobody_is_attacked_for_a_group() -> None:
    words = tomllib.loads((TEXTS / "words.toml").read_text(encoding="utf-8"))
    texts = " ".join(
        example.text.lower()
        for example in own_examples(3_000, seed=1, kept=False)
        if example.labels.get(Label.IDENTITY_ATTACK) == 0
    )
    unseen = [each[2] for each in [*words["slurs"], *words["insults"]] if each[2] not in texts]
    assert unseen == []


def test_the_comments_kept_for_choices_name_labels_and_are_none_of_ours() -> None:
    civil, harmless, hostile = (
        (KEPT / name).read_text(encoding="utf-8").splitlines()
        for name in ("civil.txt", "harmless.txt", "hostile.txt")
    )
    labels, attacks = zip(*(line.split("\t") for line in hostile), strict=True)
    assert set(labels) == {"toxicity", "insult", "identity_attack", "threat"}
    reported = (SAMPLES / "civil_politics.txt").read_text(encoding="utf-8").splitlines()
    kept = [*map(fingerprint, [*civil, *harmless, *attacks, *reported])]
    assert len(kept) == len(set(kept)) == 800 + 100 + 100 + 300
    ours = {fingerprint(example.text) for example in own_examples(3_000, seed=1, kept=False)}
    written = (line for file in TEXTS.iterdir() for line in file.read_text("utf-8").splitlines())
    assert not (ours | {*map(fingerprint, written)}) & set(kept)


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
