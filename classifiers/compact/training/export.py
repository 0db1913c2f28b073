"""Export: the trained network as ONNX in int8, with the manifest that pins it."""

import hashlib
import json
import shutil
from pathlib import Path

from classifiers.compact.training.examples import COLUMNS
from classifiers.compact.training.network import Network
from classifiers.onnx_export import export_int8

WEIGHTS = "model.int8.onnx"
TOKENIZER = "tokenizer.json"


def export(network: Network, tokenizer: Path, window: int, folder: Path) -> None:
    """Write weights, tokenizer and manifest of a trained network into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    # The exporter wants attention in plain operations.
    network.encoder.set_attn_implementation("eager")
    export_int8(network, folder / WEIGHTS)
    shutil.copyfile(tokenizer, folder / TOKENIZER)
    manifest = {
        "weights": _pinned(folder / WEIGHTS),
        "tokenizer": _pinned(folder / TOKENIZER),
        "window": window,
        "labels": [label.value for label in COLUMNS],
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _pinned(path: Path) -> dict[str, str | int]:
    data = path.read_bytes()
    return {"file": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
