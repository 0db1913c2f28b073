"""Fitting the embedded classifier, on a network small enough for a test."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from classifiers.compact.training.examples import COLUMNS, Example
from moderation.model.labels import Label

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

# These need PyTorch.
from classifiers.compact.training import fit as fitting  # noqa: E402
from classifiers.compact.training.batches import Cutter  # noqa: E402
from classifiers.compact.training.calibrate import (  # noqa: E402
    answers,
    calibrate,
    expected_calibration_error,
)
from classifiers.compact.training.fit import Recipe, fit  # noqa: E402
from classifiers.compact.training.network import Network  # noqa: E402

pytestmark = pytest.mark.detoxify

WORDS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "good", "bad", "day", "night", "sun", "rain"]


def tokenizer() -> Tokenizer:
    made = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106
    made.pre_tokenizer = Whitespace()
    ends = [("[CLS]", 1), ("[SEP]", 2)]
    made.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return made


def cutter(window: int = 16) -> Cutter:
    return Cutter(tokenizer(), window)


def network() -> Network:
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    made = Network(config)
    # Without dropout a run is the same each time.
    for module in made.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return made


def examples(count: int) -> list[Example]:
    """Toxic where the word `bad` stands; the other labels are unknown."""
    source = random.Random(count)  # noqa: S311 - nothing secret
    texts = [" ".join(source.choices(WORDS[4:], k=6)) for _ in range(count)]
    return [Example(text, {Label.TOXICITY: float("bad" in text)}) for text in texts]


def weights(made: Network) -> Sequence[float]:
    return torch.cat([each.flatten() for each in made.state_dict().values()]).tolist()


def test_it_learns_what_is_labelled_and_nothing_of_what_is_not(tmp_path: Path) -> None:
    made = network()
    recipe = Recipe(epochs=8, rate=0.01, outputs_rate=0.02, window=16, disguise=0.0)
    unlabelled = COLUMNS.index(Label.THREAT)
    before = made.outputs.bias[unlabelled].item()
    losses = [step.loss for step in fit(made, examples(1_000), cutter(), recipe, tmp_path)]
    assert losses[-1] < losses[0] / 2
    logits, labels = answers(made, examples(300), cutter())
    toxicity = COLUMNS.index(Label.TOXICITY)
    assert ((logits[:, toxicity] > 0) == (labels[:, toxicity] == 1)).float().mean() > 0.95
    assert made.outputs.bias[unlabelled].item() == pytest.approx(before, abs=0.01)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    recipe = Recipe(epochs=2, window=16)
    whole, stopped, resumed = network(), network(), network()
    place = tmp_path / "whole"
    place.mkdir()
    list(fit(whole, examples(400), cutter(), recipe, place))
    monkeypatch.setattr(fitting, "CHECKPOINT_SECONDS", 0.0)
    for step in fit(stopped, examples(400), cutter(), recipe, tmp_path):
        if step.done == 5:
            break
    first, *_ = fit(resumed, examples(400), cutter(), recipe, tmp_path)
    assert first.done == 6
    assert weights(resumed) == pytest.approx(weights(whole), abs=1e-4)


def test_another_recipe_is_another_run() -> None:
    recipe = Recipe()
    assert recipe.name() == Recipe().name()
    assert replace(recipe, rate=0.5).name() != recipe.name()
    assert replace(recipe, seed=2).name().startswith("seed2-")


def test_calibrated_scores_are_shares() -> None:
    made = network()
    # A label that is true of three in four, whatever the text.
    source = random.Random(1)  # noqa: S311 - nothing secret
    coins = [
        replace(example, labels={Label.INSULT: float(source.random() < 0.75)})
        for example in examples(2_000)
    ]
    insult = COLUMNS.index(Label.INSULT)

    def error() -> float:
        logits, labels = answers(made, coins, cutter())
        return expected_calibration_error(logits[:, insult].sigmoid(), labels[:, insult])

    before = error()
    calibrate(made, coins, cutter())
    assert before > 0.1
    assert error() < 0.03


def test_long_comments_are_learnt_by_a_window_from_anywhere() -> None:
    long = Example(" ".join(["good"] * 40 + ["bad"] * 40), {Label.TOXICITY: 1.0})
    seen = set()
    for seed in range(50):
        [batch] = cutter(10).batches([long], random.Random(seed))  # noqa: S311
        assert batch.input_ids.shape == (1, 10)
        seen.add(tuple(batch.input_ids[0].tolist()))
    assert len(seen) > 3
