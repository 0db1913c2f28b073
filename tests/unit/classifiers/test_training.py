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
from classifiers.evaluation.calibration import expected_calibration_error
from classifiers.windows import Windows
from moderation.model.labels import Label

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

# These need PyTorch.
from classifiers.compact.training import fit as fitting  # noqa: E402
from classifiers.compact.training.batches import Batch, Cutter, Stream  # noqa: E402
from classifiers.compact.training.calibrate import calibrate, labels_of  # noqa: E402
from classifiers.compact.training.fit import fit  # noqa: E402
from classifiers.compact.training.network import Network, lean_back  # noqa: E402
from classifiers.compact.training.predict import logits  # noqa: E402
from classifiers.compact.training.recipe import Recipe  # noqa: E402

pytestmark = pytest.mark.detoxify

# The networks are so small that threads would only wait for each other.
torch.set_num_threads(1)

WORDS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "good", "bad", "day", "night", "sun", "rain"]


def tokenizer() -> Tokenizer:
    known = {word: at for at, word in enumerate(WORDS)}
    made = Tokenizer(WordLevel(known, unk_token="[UNK]"))  # noqa: S106
    made.pre_tokenizer = Whitespace()
    ends = [("[CLS]", 1), ("[SEP]", 2)]
    made.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return made


def windows(size: int = 16) -> Windows:
    return Windows(tokenizer(), size)


def stream(count: int, seed: str = "1", size: int = 32) -> Stream:
    return Stream(examples(count), Cutter(windows(), size=size), seed)


def network(seed: int = 1) -> Network:
    torch.manual_seed(seed)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
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


def toxicity_found(made: Network) -> float:
    """The share of new comments that it judges right."""
    new = examples(300)
    answers = logits(made, [example.text for example in new], windows())
    toxicity = COLUMNS.index(Label.TOXICITY)
    return ((answers[:, toxicity] > 0) == (labels_of(new)[:, toxicity] == 1)).float().mean().item()


FAST = Recipe(epochs=8, rate=0.01, outputs_rate=0.02)


def test_it_learns_what_is_labelled_and_nothing_of_what_is_not(tmp_path: Path) -> None:
    made = network()
    unlabelled = COLUMNS.index(Label.THREAT)
    before = made.outputs.bias[unlabelled].item()
    list(fit(made, stream(1_000), FAST, tmp_path / "fitted.checkpoint"))
    assert toxicity_found(made) > 0.95
    assert made.outputs.bias[unlabelled].item() == pytest.approx(before, abs=0.01)


def test_a_stage_that_was_stopped_goes_on_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(epochs=2, rate=1e-4)
    whole, stopped, resumed = network(), network(), network()
    list(fit(whole, stream(400), recipe, tmp_path / "whole.checkpoint"))
    monkeypatch.setattr(fitting, "CHECKPOINT_SECONDS", 0.0)
    for step in fit(stopped, stream(400), recipe, tmp_path / "it.checkpoint"):
        if step.done == 5:
            break
    first, *_ = fit(resumed, stream(400), recipe, tmp_path / "it.checkpoint")
    assert first.done == 6
    assert weights(resumed) == pytest.approx(weights(whole), abs=1e-4)


@pytest.mark.parametrize("done", [0, 1, 49, 50, 51, 62, 63, 64, 125])
def test_the_rest_of_a_stream_is_what_it_would_have_been(done: int) -> None:
    """62.5 batches an epoch: 50 are a pool."""
    same = stream(1_000, size=16)
    every = [as_lists(batch) for batch in same.batches(2)]
    assert len(every) == same.count(2) == 126
    assert [as_lists(batch) for batch in same.batches(2, done)] == every[done:]


def as_lists(batch: Batch) -> tuple[list[list[int]], list[list[float]]]:
    return batch.ids.tolist(), batch.labels.tolist()


def test_another_epoch_has_another_order() -> None:
    batches = [as_lists(batch) for batch in stream(640).batches(2)]
    assert batches[:20] != batches[20:]
    assert sorted(row for batch in batches[:20] for row in batch[1]) == sorted(
        row for batch in batches[20:] for row in batch[1]
    )


def test_what_is_to_be_shown_more_often_is() -> None:
    often = [replace(example, repeats=2.5) for example in examples(200)]
    shown = sum(len(batch.ids) for batch in Stream(often, Cutter(windows()), "1").batches(1))
    assert 460 < shown < 540


def test_a_text_is_worth_its_worst_window() -> None:
    made = network()
    long = " ".join(["good"] * 40 + ["bad"] * 40)
    ids = windows(40).of(long)
    assert len(ids) > 2
    rows = [made(torch.tensor([row]), torch.ones(1, len(row), dtype=torch.long)) for row in ids]
    [short, found] = logits(made, ["good", long], windows(40))
    assert found.tolist() == pytest.approx(torch.cat(rows).amax(0).tolist(), abs=0.02)
    assert short.tolist() != pytest.approx(found.tolist(), abs=0.02)


def test_an_encoder_leans_back_towards_its_first_weights_and_the_outputs_stay() -> None:
    start, made = network(), network(seed=2)
    before = {name: value.clone() for name, value in made.state_dict().items()}
    lean_back(made, start, 0.25)
    for name, value in made.state_dict().items():
        share = 0.25 if name.startswith("encoder.") and value.is_floating_point() else 0.0
        expected = (1 - share) * before[name] + share * start.state_dict()[name]
        assert torch.allclose(value.float(), expected.float(), atol=1e-6), name


def test_another_recipe_is_another_run() -> None:
    recipe = Recipe()
    assert recipe.name() == Recipe().name()
    assert replace(recipe, batch=5).name() != recipe.name()
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
    torch.nn.init.constant_(made.outputs.bias, -2.0)

    def error() -> float:
        found = logits(made, [coin.text for coin in coins], windows())
        return expected_calibration_error(found[:, insult].sigmoid(), labels_of(coins)[:, insult])

    before = error()
    calibrate(made, coins, windows())
    assert before > 0.1
    assert error() < 0.03


def test_long_comments_are_learnt_by_a_window_from_anywhere() -> None:
    long = Example(" ".join(["good"] * 40 + ["bad"] * 40), {Label.TOXICITY: 1.0})
    seen = set()
    for seed in range(50):
        [batch] = Cutter(windows(40)).pool([long], random.Random(seed))  # noqa: S311
        assert batch.ids.shape == (1, 40)
        seen.add(tuple(batch.ids[0].tolist()))
    assert len(seen) > 3
