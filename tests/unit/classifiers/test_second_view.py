"""A disguised comment is read twice, an ordinary one once."""
# ruff: noqa: RUF001 - letters that look like others are what this is about

from collections.abc import Sequence

import pytest

from classifiers import registry
from classifiers.compact.manifest import read_manifest
from classifiers.compact.model import load
from classifiers.interface import Classifier
from classifiers.second_view import MOST_TOKENS
from classifiers.windowed import WindowedClassifier
from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.labels import Label

NEWS = "The council met on Tuesday to discuss the new bridge over the river. "
INSULT = "You are a stupid fucking idiot."
DISGUISED = [
    "You are a st*pid f*cking id*ot.",
    "You are a 57up1d fuck1ng 1d10t.",
    "You are a s t u p i d f u c k i n g i d i o t.",
    "You are a s.t.u.p.i.d f-u-c-k-i-n-g i_d_i_o_t.",
    "You are a stuuupid fuuucking idiiiot.",
    "You are a ѕtuріd fuсkіng іdіоt.",
    "You are a 𝓼𝓽𝓾𝓹𝓲𝓭 𝓯𝓾𝓬𝓴𝓲𝓷𝓰 𝓲𝓭𝓲𝓸𝓽.",
]


@pytest.fixture(scope="module")
def once() -> WindowedClassifier:
    return load()


@pytest.fixture(scope="module")
def twice() -> Classifier:
    return registry.load("compact")


def calls(classifier: Classifier, texts: Sequence[str]) -> int:
    made: list[None] = []
    classifier.classify(texts, between=lambda: made.append(None))
    return len(made)


@pytest.mark.parametrize("text", DISGUISED)
def test_a_disguised_insult_scores_at_least_what_the_plain_one_does(
    once: WindowedClassifier, twice: Classifier, text: str
) -> None:
    [plain], [seen] = once.classify([INSULT]), twice.classify([text])

    assert all(seen[label] >= plain[label] for label in plain)
    assert twice.can_read(text)


def test_the_text_as_it_stands_counts_too(once: WindowedClassifier, twice: Classifier) -> None:
    text = f"{NEWS} soooooon, you idiot. Or loooong"
    [stands], [seen] = once.classify([text]), twice.classify([text])

    assert all(seen[label] >= stands[label] for label in stands)


def test_an_ordinary_comment_costs_no_second_call(twice: Classifier) -> None:
    assert calls(twice, [NEWS, "F1 in the U.S.A.!", "https://x.org/1diot"]) == 3


def test_what_the_tokenizer_drops_by_itself_costs_no_second_call(twice: Classifier) -> None:
    assert calls(twice, ["idi\u200bot", "i\u0336d\u0336i\u0336o\u0336t\u0336"]) == 2


def test_letters_that_the_model_has_not_learnt_are_only_scored_as_they_read(
    once: WindowedClassifier, twice: Classifier
) -> None:
    text = "You are a ѕtuріd fuсkіng іdіоt."

    assert twice.classify([text]) == once.classify([INSULT])
    assert calls(twice, [text]) == 1


def test_a_disguised_insult_at_the_very_end_of_a_long_comment_is_found(
    once: WindowedClassifier, twice: Classifier
) -> None:
    filler = (NEWS * 300)[: MAX_TEXT_LENGTH - len(DISGUISED[0]) - 1]
    text = f"{filler} {DISGUISED[0]}"
    [harmless], [hidden] = twice.classify([filler]), twice.classify([text])

    assert harmless[Label.TOXICITY] < 0.3
    assert hidden[Label.TOXICITY] > 0.8
    # Windows that both views share are scored once.
    assert calls(twice, [text]) <= calls(once, [text]) + 2


def test_the_letters_of_an_english_word_may_be_from_anywhere(twice: Classifier) -> None:
    assert twice.can_read("an \u0456diot, 𝓘𝓭𝓲𝓸𝓽")
    assert not twice.can_read("Какой прекрасный день")
    assert not twice.can_read("Nice weather we are having today, сука")
    assert not twice.can_read("an \u0456diot, сука")


def test_what_has_too_much_to_clean_goes_to_a_person_and_keeps_the_time_limit(
    once: WindowedClassifier, twice: Classifier
) -> None:
    soup = ("sh*t " + "; " * 30) * (MAX_TEXT_LENGTH // 65)
    assert once.can_read(soup)
    assert not twice.can_read(soup)
    assert calls(twice, [soup]) == calls(once, [soup])


def test_the_dearest_text_keeps_the_time_limit_with_both_views() -> None:
    most = MOST_TOKENS // read_manifest().window

    # 213 windows are at most 3.4 s, and the limit is 6.
    assert (213 + most) * 3.4 / 213 < registry.entry("compact").time_limit


def test_the_longest_english_comment_is_read_twice_whole(twice: Classifier) -> None:
    text = ("You idiot will not like a day as we all do, st*pid as it is, so be off now. " * 300)[
        :MAX_TEXT_LENGTH
    ]
    assert twice.can_read(text)
