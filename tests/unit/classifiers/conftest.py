"""Tiny checkpoints of Detoxify, made on the spot: two layers of width 16, no download.

And tiny training sets of the embedded classifier.
"""

import csv
import hashlib
import importlib
import json
import lzma
import os
import string
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from classifiers.interface import ClassifierOptions

LABELS = ["toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack"]
PUBLISHED_LABELS: Mapping[str, list[str]] = {
    "original": ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"],
    "original-small": ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"],
    "unbiased": [*LABELS, "sexual_explicit", "male", "female", "psychiatric_or_mental_illness"],
    "unbiased-small": [*LABELS, "sexual_explicit", "christian", "jewish", "muslim"],
    "multilingual": [*LABELS, "sexual_explicit", "black", "white", "homosexual_gay_or_lesbian"],
}
"""What the published checkpoints call their outputs, the groups cut short."""

FAMILIES = {
    "original": "Bert",
    "original-small": "Albert",
    "unbiased": "Roberta",
    "unbiased-small": "Albert",
    "multilingual": "XLMRoberta",
}
SETS = {
    "jigsaw6": [["text", *LABELS], ["You fool", 1, 0, 0, 0, 1, 0]],
    "jigsaw_binary": [
        ["text", "toxicity"],
        ["Thank you", 0],
        # Also in Davidson's set, which gives it no toxicity.
        ["My  man! https://example.com/1", 1],
    ],
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
"""A few rows of each training set."""

WORDS = ["you", "are", "idiot", "the", "bridge", "is", "closed", "thank"]
Make = Callable[..., ClassifierOptions]


def imported(name: str) -> ModuleType:
    """Import an optional package, or skip; where nothing may be skipped, fail."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    if os.environ.get("COPYDESK_TEST_STRICT") == "1":
        return importlib.import_module(name)
    return pytest.importorskip(name)


@pytest.fixture
def labelled_sets(tmp_path: Path) -> Path:
    """Write a few rows of each set that the embedded classifier is trained on."""
    for name, rows in SETS.items():
        with lzma.open(tmp_path / f"{name}.csv.xz", "wt", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return tmp_path


@pytest.fixture(scope="session")
def torch() -> ModuleType:
    return imported("torch")


@pytest.fixture(scope="session")
def make_checkpoint(torch: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Write a random checkpoint of a model type; keyword arguments spoil one part of it."""
    transformers = imported("transformers")
    imported("detoxify")

    def make(model_type: str, **spoiled: Any) -> ClassifierOptions:  # noqa: ANN401 - any part
        folder = tmp_path_factory.mktemp(model_type)
        torch.manual_seed(len(model_type))
        family = FAMILIES[model_type]
        tokenizer = _tokenizer(transformers, family)
        tokenizer.model_max_length = 512
        names = spoiled.get("names", PUBLISHED_LABELS[model_type])
        model = _model(transformers, family, len(tokenizer), len(names))
        tokenizer.save_pretrained(folder)
        model.config.save_pretrained(folder)
        args = {
            "num_classes": len(names),
            "model_type": spoiled.get("hub_name", str(folder)),
            "model_name": spoiled.get("model_name", f"{family}ForSequenceClassification"),
            "tokenizer_name": f"{family}Tokenizer",
        }
        content = {
            "config": {"arch": {"args": args}, "dataset": {"args": {"classes": names}}},
            "state_dict": spoiled.get("weights", lambda weights: weights)(model.state_dict()),
        }
        return pinned(torch, spoiled.get("content", content), folder / "tiny.ckpt")

    return make


def pinned(torch: ModuleType, content: object, path: Path) -> ClassifierOptions:
    torch.save(content, path)
    return ClassifierOptions(path, hashlib.sha256(path.read_bytes()).hexdigest())


def _model(transformers: ModuleType, family: str, tokens: int, outputs: int) -> Any:  # noqa: ANN401
    shape = {
        "vocab_size": tokens,
        "hidden_size": 16,
        "embedding_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 514 if "Roberta" in family else 512,
        "num_labels": outputs,
        # Wide enough for scores all over 0 to 1.
        "initializer_range": 0.6,
        "pad_token_id": 1 if "Roberta" in family else 0,
    }
    config = getattr(transformers, f"{family}Config")(**shape)
    return getattr(transformers, f"{family}ForSequenceClassification")(config).eval()


def _tokenizer(transformers: ModuleType, family: str) -> Any:  # noqa: ANN401
    letters = list(string.ascii_lowercase + string.digits + string.punctuation)
    make = getattr(transformers, f"{family}Tokenizer")
    if family == "Bert":
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        parts = [f"##{letter}" for letter in letters]
        return make(vocab=_numbered([*special, *WORDS, *letters, *parts]))
    if family == "Roberta":
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        return make(vocab=_numbered([*special, *_byte_symbols()]), merges=[])
    special = (
        ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
        if family == "Albert"
        else ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    )
    pieces = [*special, "▁", *(f"▁{word}" for word in WORDS), *letters]
    return make(vocab=[(piece, -float(index)) for index, piece in enumerate(pieces)])


def _numbered(tokens: list[str]) -> dict[str, int]:
    return {token: number for number, token in enumerate(tokens)}


def _byte_symbols() -> list[str]:
    """Return the 256 characters that byte-level BPE writes bytes with."""
    pre_tokenizers = importlib.import_module("tokenizers").pre_tokenizers
    return sorted(pre_tokenizers.ByteLevel.alphabet())
