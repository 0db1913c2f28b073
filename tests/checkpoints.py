"""Tiny checkpoints of Detoxify, made on the spot: two layers of width 16, no download."""

import hashlib
import importlib
import os
import string
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from classifiers import registry
from moderation.model.classifier_options import ClassifierOptions

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
WORDS = ["you", "are", "idiot", "the", "bridge", "is", "closed", "thank"]


def imported(name: str) -> ModuleType:
    """Import an optional package, or skip; where nothing may be skipped, fail."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    if os.environ.get("COPYDESK_TEST_STRICT") == "1":
        return importlib.import_module(name)
    return pytest.importorskip(name)


def write_checkpoint(model_type: str, folder: Path, **spoiled: Any) -> Path:  # noqa: ANN401
    """Write a random checkpoint and its companions; keyword arguments spoil one part of it."""
    torch, transformers = imported("torch"), imported("transformers")
    imported("detoxify")
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
    return named_by_its_digest(torch, spoiled.get("content", content), folder)


def named_by_its_digest(torch: ModuleType, content: object, folder: Path) -> Path:
    path = folder / "tiny.ckpt"
    torch.save(content, path)
    digits = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    return path.rename(folder / f"tiny-{digits}.ckpt")


def fetch(name: str, models: Path, origin: Path | str | None) -> ClassifierOptions:
    """Fetch as `copydesk classifiers fetch` does; return what loads it."""
    options = ClassifierOptions(models)
    for _ in registry.fetch(name, options, None if origin is None else str(origin)):
        pass
    return options


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
