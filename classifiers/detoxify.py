"""The adapter over Detoxify (extra `detoxify`), imported only when a model is loaded.

Detoxify's own loading unpickles a download that nobody checked, and looks the architecture up
on a model hub even where the checkpoint is a local file. Here a checkpoint is a pinned local
file, read without running code, and everything else comes from the folder it lies in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from classifiers.checkpoints import Checkpoint, read_checkpoint
from classifiers.digests import SHOWN_DIGITS
from classifiers.interface import ClassifierOptions
from classifiers.scripts import Script
from classifiers.windowed import Run, WindowedClassifier
from classifiers.windows import Windows
from moderation.model.errors import NotConfigured

WINDOW = 512
"""Tokens that every architecture below has positions for; Detoxify drops what follows them."""

ARCHITECTURES = {
    "original": "Bert",
    "original-small": "Albert",
    "unbiased": "Roberta",
    "unbiased-small": "Albert",
    "multilingual": "XLMRoberta",
}


@dataclass(frozen=True, slots=True)
class Network:
    """What Detoxify builds: a model of transformers and its tokenizer."""

    model: Any
    tokenizer: Any


ENGLISH = frozenset({Script.LATIN})
MULTILINGUAL = frozenset({Script.LATIN, Script.CYRILLIC})
"""English, French, Spanish, Italian, Portuguese and Turkish; and Russian."""

OLDER = frozenset({"original", "original-small"})
"""Those that do not score sexual_explicit."""

LANGUAGES = {"multilingual": ("en", "fr", "es", "it", "pt", "tr", "ru")}
"""Where it is not English alone."""


def version(model_type: str, options: ClassifierOptions) -> str:
    """Return name and digest without reading the weights. Raises NotConfigured if unpinned."""
    _, sha256 = _pinned(model_type, options)
    return f"detoxify:{model_type}@{sha256[:SHOWN_DIGITS]}"


def check(model_type: str, options: ClassifierOptions) -> None:
    """Raise NotConfigured where a package or the checkpoint is missing; loads neither."""
    for package in ("torch", "transformers", "detoxify"):
        if find_spec(package) is None:
            raise _not_installed(package)
    path, _ = _pinned(model_type, options)
    if not path.is_file():
        raise NotConfigured(f"there is no file {path}")


def load(model_type: str, options: ClassifierOptions) -> WindowedClassifier:
    """Load a checkpoint for one CPU thread, some seconds; nothing is downloaded.

    Raises NotConfigured where Detoxify is not installed, the checkpoint is missing, unpinned,
    another one than `model_type` says, or has labels that nobody mapped.
    """
    path, sha256 = _pinned(model_type, options)
    torch, detoxify = _imported("torch"), _imported("detoxify.detoxify")
    # Workers run one process per core; torch would start as many threads in each.
    torch.set_num_threads(1)
    checkpoint = read_checkpoint(torch, path, sha256)
    network = _build(detoxify, checkpoint, ARCHITECTURES[model_type])
    return WindowedClassifier(
        version=version(model_type, options),
        columns=checkpoint.columns,
        windows=Windows(network.tokenizer.backend_tokenizer, WINDOW),
        run=_run(torch, network),
        scripts=MULTILINGUAL if model_type == "multilingual" else ENGLISH,
    )


def _pinned(model_type: str, options: ClassifierOptions) -> tuple[Path, str]:
    if options.checkpoint is None or not options.checkpoint_sha256:
        raise NotConfigured(
            f"detoxify:{model_type} needs a checkpoint on disk and its SHA-256: set "
            "COPYDESK_CLASSIFIER_CHECKPOINT and COPYDESK_CLASSIFIER_SHA256, "
            "see docs/classifiers/detoxify.md"
        )
    return options.checkpoint, options.checkpoint_sha256.lower()


def _imported(module: str) -> ModuleType:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise _not_installed(error.name) from error


def _not_installed(package: str | None) -> NotConfigured:
    return NotConfigured(f"{package} is not installed: pip install copydesk[detoxify]")


def _build(detoxify: ModuleType, checkpoint: Checkpoint, architecture: str) -> Network:
    """Let Detoxify build the model from the checkpoint and the files beside it."""
    _check_architecture(checkpoint, architecture)
    try:
        model, tokenizer = detoxify.get_model_and_tokenizer(
            # A folder, not the name of a model: a name would be looked up on the hub.
            model_type=str(checkpoint.folder.resolve()),
            model_name=checkpoint.architecture,
            tokenizer_name=f"{architecture}Tokenizer",
            num_classes=len(checkpoint.columns),
            state_dict=checkpoint.weights,
        )
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise NotConfigured(f"cannot build {checkpoint.path}: {error}") from error
    network = Network(model.eval(), tokenizer)
    _check_fit(checkpoint, network)
    return network


def _check_architecture(checkpoint: Checkpoint, architecture: str) -> None:
    expected = f"{architecture}ForSequenceClassification"
    if checkpoint.architecture != expected:
        raise NotConfigured(
            f"{checkpoint.path} holds a {checkpoint.architecture}, not the {expected} "
            "that the classifier's name promises"
        )
    if not (checkpoint.folder / "config.json").is_file():
        raise NotConfigured(
            f"{checkpoint.folder} has no config.json: the model's configuration and its "
            "tokenizer's files must lie beside the checkpoint"
        )


def _check_fit(checkpoint: Checkpoint, network: Network) -> None:
    """Refuse what would answer at random, or fail on some texts only."""
    missing = sorted(network.model.state_dict().keys() - checkpoint.weights.keys())
    if missing:
        raise NotConfigured(f"{checkpoint.path} lacks {len(missing)} weights, first {missing[0]}")
    config = network.model.config
    # RoBERTa counts its positions from after the padding token's number.
    before = config.pad_token_id + 1 if "Roberta" in checkpoint.architecture else 0
    if config.max_position_embeddings - before < WINDOW:
        raise NotConfigured(f"{checkpoint.path} has positions for less than {WINDOW} tokens")
    # Where its files are missing, transformers makes up a tokenizer that knows no word.
    if (known := len(network.tokenizer)) != config.vocab_size:
        raise NotConfigured(
            f"the tokenizer in {checkpoint.folder} is missing or another model's: "
            f"it knows {known} tokens, the model {config.vocab_size}"
        )


def _run(torch: ModuleType, network: Network) -> Run:
    def run(window: Sequence[int]) -> Sequence[float]:
        tokens = torch.tensor([window])
        with torch.inference_mode():
            logits = network.model(input_ids=tokens, attention_mask=torch.ones_like(tokens))[0]
        scores: list[float] = torch.sigmoid(logits)[0].tolist()
        return scores

    return run
