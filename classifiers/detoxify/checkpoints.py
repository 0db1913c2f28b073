"""Checkpoints of Detoxify as files: pinned, read without running code, labels mapped."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from classifiers.digests import checked
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label

OLDER_NAMES = {
    "toxic": Label.TOXICITY,
    "severe_toxic": Label.SEVERE_TOXICITY,
    "identity_hate": Label.IDENTITY_ATTACK,
}
"""What the checkpoint of `original` calls its labels."""

GROUPS = frozenset(
    {
        "male",
        "female",
        "homosexual_gay_or_lesbian",
        "christian",
        "jewish",
        "muslim",
        "black",
        "white",
        "psychiatric_or_mental_illness",
    }
)
"""Who a comment speaks of, as `unbiased` and `multilingual` say; no kind of toxicity."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a pinned file holds; `columns` names the model's outputs."""

    path: Path
    architecture: str
    columns: tuple[Label | None, ...]
    weights: dict[str, Any]


def read_checkpoint(torch: ModuleType, path: Path, sha256: str) -> Checkpoint:
    """Read a checkpoint with the SHA-256 given. Raises NotConfigured for any other file."""
    with checked(path, sha256) as file:
        try:
            # weights_only: tensors and plain values; a file that wants to run code is refused.
            loaded = torch.load(file, map_location="cpu", weights_only=True)
        except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
            raise NotConfigured(f"{path} is no file of weights alone: {error}") from error
    try:
        return _checkpoint(path, loaded)
    except (KeyError, TypeError) as error:
        raise NotConfigured(f"{path} is no checkpoint of Detoxify: {error!r}") from error


def _checkpoint(path: Path, loaded: dict[str, Any]) -> Checkpoint:
    arch = loaded["config"]["arch"]["args"]
    names = loaded["config"]["dataset"]["args"]["classes"]
    return Checkpoint(
        path=path,
        architecture=arch["model_name"],
        columns=_columns(names, arch["num_classes"], path),
        weights=loaded["state_dict"],
    )


def _columns(names: Sequence[str], outputs: int, path: Path) -> tuple[Label | None, ...]:
    """Name the outputs in order; the last ones may be groups that the file does not name."""
    if len(names) > outputs:
        raise NotConfigured(f"{path} names {len(names)} labels and puts out {outputs}")
    return tuple(_label(name, path) for name in names) + (None,) * (outputs - len(names))


def _label(name: str, path: Path) -> Label | None:
    if name in GROUPS:
        return None
    try:
        return OLDER_NAMES.get(name) or Label(name)
    except ValueError as error:
        raise NotConfigured(f"{path} scores {name!r}, which is no label of ours") from error
