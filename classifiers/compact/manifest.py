"""The manifest: which files the embedded default is made of, and what they put out."""

import json
from dataclasses import dataclass
from pathlib import Path

from classifiers.digests import SHOWN_DIGITS, checked
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file, pinned by size and SHA-256."""

    path: Path
    size: int
    sha256: str

    def read(self) -> bytes:
        """Return the file's bytes. Raises NotConfigured where they are not the pinned ones."""
        if self.path.is_file() and (size := self.path.stat().st_size) != self.size:
            raise NotConfigured(f"{self.path} has {size:,} bytes, expected are {self.size:,}")
        with checked(self.path, self.sha256) as file:
            return file.read()


@dataclass(frozen=True, slots=True)
class Manifest:
    """Weights and tokenizer; `labels` names the model's columns, `window` its tokens."""

    weights: Artefact
    tokenizer: Artefact
    window: int
    labels: tuple[Label, ...]

    @property
    def version(self) -> str:
        """Name and digest, as policies and decisions carry it."""
        return f"compact@{self.weights.sha256[:SHOWN_DIGITS]}"


def read_manifest(folder: Path = HERE) -> Manifest:
    """Read the manifest of a folder, without touching the weights. Raises NotConfigured."""
    path = folder / "manifest.json"
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            weights=_artefact(folder, fields["weights"]),
            tokenizer=_artefact(folder, fields["tokenizer"]),
            window=int(fields["window"]),
            labels=tuple(Label(name) for name in fields["labels"]),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise NotConfigured(f"cannot read {path}: {error!r}") from error


def _artefact(folder: Path, fields: dict[str, str | int]) -> Artefact:
    return Artefact(
        path=folder / str(fields["file"]),
        size=int(fields["bytes"]),
        sha256=str(fields["sha256"]),
    )
