"""From a checkpoint to files that hold no code: the one place where one is read.

Detoxify itself builds the model and its tokenizer here, so that what is written is what Detoxify
computes with; then the written files must give its scores.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from classifiers.detoxify import exact
from classifiers.detoxify.checkpoints import Checkpoint, read_checkpoint
from classifiers.detoxify.extras import imported, quiet_transformers
from classifiers.detoxify.manifest import (
    CONFIGURATION,
    EXACT_FILES,
    EXACT_WEIGHTS,
    TOKENIZER,
    Manifest,
    digests,
)
from classifiers.detoxify.releases import WINDOW, Release
from classifiers.windowed import WindowedClassifier, highest
from moderation.model.devices import Device
from moderation.model.errors import NotConfigured

TOLERANCE = 1e-5
SAMPLES = (
    "You are an idiot.",
    "Thank you, the bridge is closed until Monday.",
    "Vous êtes un imbécile, et toi aussi; ты дурак?!",
)


@dataclass(frozen=True, slots=True)
class Material:
    """What a model is made from; `sources` are the digests of all files, for its manifest."""

    checkpoint: Path
    sha256: str
    companions: Path
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Network:
    """What Detoxify builds: a model of transformers and its tokenizer."""

    model: Any
    tokenizer: Any


def check_packages() -> None:
    """Raise NotConfigured where something is not installed, before anything large is fetched."""
    for package in ("torch", "transformers", "safetensors.torch", "detoxify.detoxify"):
        imported(package)


def convert(release: Release, material: Material, made: Path) -> None:
    """Write a release's model, its tokenizer and their manifest into the folder `made`.

    Raises NotConfigured for a file that would run code, for another model than the release's,
    and for a result that scores otherwise than Detoxify.
    """
    torch = imported("torch")
    checkpoint = read_checkpoint(torch, material.checkpoint, material.sha256)
    network = _build(checkpoint, material.companions, release.base.family)
    _write(network, made)
    files = digests(made, EXACT_FILES)
    manifest = Manifest(release.name, made, checkpoint.columns, files, material.sources)
    manifest.write()
    _compare(torch, network, exact.assemble(release, manifest, Device.CPU))


def _build(checkpoint: Checkpoint, companions: Path, family: str) -> Network:
    """Let Detoxify build the model from the checkpoint and the files beside it."""
    _check_architecture(checkpoint, family)
    quiet_transformers()
    try:
        model, tokenizer = imported("detoxify.detoxify").get_model_and_tokenizer(
            # A folder, not the name of a model: a name would be looked up on the hub.
            model_type=str(companions.resolve()),
            model_name=checkpoint.architecture,
            tokenizer_name=f"{family}Tokenizer",
            num_classes=len(checkpoint.columns),
            state_dict=checkpoint.weights,
        )
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise NotConfigured(f"cannot build {checkpoint.path}: {error}") from error
    network = Network(model.eval(), tokenizer)
    _check_fit(checkpoint, network)
    return network


def _check_architecture(checkpoint: Checkpoint, family: str) -> None:
    expected = f"{family}ForSequenceClassification"
    if checkpoint.architecture != expected:
        raise NotConfigured(
            f"{checkpoint.path} holds a {checkpoint.architecture}, not the {expected} "
            "that the classifier's name promises"
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
            f"the tokenizer beside {checkpoint.path} is another model's: "
            f"it knows {known} tokens, the model {config.vocab_size}"
        )


def _write(network: Network, made: Path) -> None:
    weights = {name: weight.contiguous() for name, weight in network.model.state_dict().items()}
    save = imported("safetensors.torch").save_file
    save(weights, made / EXACT_WEIGHTS, metadata={"format": "pt"})
    network.model.config.to_json_file(made / CONFIGURATION, use_diff=False)
    network.tokenizer.backend_tokenizer.save(str(made / TOKENIZER))


def _compare(torch: ModuleType, network: Network, ours: WindowedClassifier) -> None:
    for text in SAMPLES:
        tokens = network.tokenizer(text, return_tensors="pt", truncation=True)
        with torch.inference_mode():
            row = torch.sigmoid(network.model(**tokens)[0])[0].tolist()
        theirs = highest(ours.columns, [row])
        [scores] = ours.classify([text])
        if any(abs(scores[label] - theirs[label]) > TOLERANCE for label in scores):
            raise NotConfigured(f"{ours.version} does not score as Detoxify does; not put in place")
