"""The manifest beside a fetched model: what it consists of, and what it was made from."""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from classifiers.digests import SHOWN_DIGITS, checked, digest
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label

MANIFEST = "manifest.json"
CONFIGURATION = "config.json"
TOKENIZER = "tokenizer.json"
EXACT_WEIGHTS = "model.safetensors"
INT8_WEIGHTS = "model.int8.onnx"

EXACT_FILES = (EXACT_WEIGHTS, CONFIGURATION, TOKENIZER)
INT8_FILES = (INT8_WEIGHTS, TOKENIZER)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model's folder: SHA-256 of each file, the weights first, and of what was fetched.

    `columns` names what the model puts out; None is a column that is no label of ours.
    """

    classifier: str
    folder: Path
    columns: tuple[Label | None, ...]
    files: Mapping[str, str]
    sources: Mapping[str, str]

    @property
    def version(self) -> str:
        """Name and digest of the weights, as policies and decisions carry it."""
        weights = next(iter(self.files.values()))
        return f"{self.classifier}@{weights[:SHOWN_DIGITS]}"

    def opened(self, file: str) -> AbstractContextManager[BinaryIO]:
        """Open one of the files. Raises NotConfigured where it is not the one recorded."""
        return checked(self.folder / file, self.files[file])

    def check(self) -> None:
        """Raise NotConfigured where a file is missing, damaged or another one."""
        for file in self.files:
            with self.opened(file):
                pass

    def write(self) -> None:
        """Write it beside its files."""
        fields = {
            "classifier": self.classifier,
            "labels": self.columns,
            "files": dict(self.files),
            "sources": dict(self.sources),
        }
        text = json.dumps(fields, indent=2) + "\n"
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")


def folder_of(classifier: str, models: Path) -> Path:
    """Return the folder of one classifier's model."""
    return models / classifier.replace(":", "-").replace("@", "-")


def digests(folder: Path, files: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of each of these files."""
    return {file: digest(folder / file) for file in files}


def read_manifest(classifier: str, models: Path) -> Manifest:
    """Read the manifest of a fetched model, not its weights. Raises NotConfigured."""
    folder = folder_of(classifier, models)
    path = folder / MANIFEST
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        found = Manifest(
            classifier=fields["classifier"],
            folder=folder,
            columns=tuple(None if name is None else Label(name) for name in fields["labels"]),
            files=_files(fields["files"], classifier),
            sources=dict(fields["sources"]),
        )
    except FileNotFoundError as error:
        raise NotConfigured(
            f"{classifier} is not in {models}: get it with `copydesk classifiers fetch "
            f"{classifier}`, or name the folder that holds it in COPYDESK_MODELS"
        ) from error
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotConfigured(f"cannot read {path}: {error!r}") from error
    if found.classifier != classifier:
        raise NotConfigured(f"{folder} holds {found.classifier}, not {classifier}")
    return found


def _files(recorded: Mapping[str, str], classifier: str) -> dict[str, str]:
    """Return the digests by names of ours: no name out of a file becomes a path."""
    names = INT8_FILES if classifier.endswith("@int8") else EXACT_FILES
    return {name: str(recorded[name]) for name in names}
