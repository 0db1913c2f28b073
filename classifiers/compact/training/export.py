"""Export: the trained network as ONNX in int8, with the manifest that pins it."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from classifiers.compact.training.examples import COLUMNS
from classifiers.compact.training.network import Network

WEIGHTS = "model.int8.onnx"
TOKENIZER = "tokenizer.json"
OPSET = 17


class _Scores(nn.Module):
    """The network with its sigmoid inside."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return torch.sigmoid(self.network(input_ids, attention_mask))


def export(network: Network, tokenizer: Path, window: int, folder: Path) -> None:
    """Write weights, tokenizer and manifest of a trained network into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "model.onnx"
        _write(network, exact)
        quantize_dynamic(exact, folder / WEIGHTS, per_channel=True, weight_type=QuantType.QInt8)
    shutil.copyfile(tokenizer, folder / TOKENIZER)
    manifest = {
        "weights": _pinned(folder / WEIGHTS),
        "tokenizer": _pinned(folder / TOKENIZER),
        "window": window,
        "labels": [label.value for label in COLUMNS],
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _write(network: Network, path: Path) -> None:
    # ONNX knows attention in plain operations only.
    network.encoder.set_attn_implementation("eager")
    sample = torch.ones(1, 8, dtype=torch.long)
    names = ("input_ids", "attention_mask")
    torch.onnx.export(
        _Scores(network).eval(),
        (sample, sample),
        str(path),
        input_names=list(names),
        output_names=["scores"],
        dynamic_axes={name: {0: "comments", 1: "tokens"} for name in names},
        opset_version=OPSET,
        dynamo=False,
    )


def _pinned(path: Path) -> dict[str, str | int]:
    data = path.read_bytes()
    return {"file": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
