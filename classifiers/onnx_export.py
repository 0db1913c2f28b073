"""A network of PyTorch as ONNX in int8; needs PyTorch and onnx, unlike what runs it."""

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

OPSET = 17


class _Scores(nn.Module):
    """A network with its sigmoid inside."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        found = self.network(input_ids=input_ids, attention_mask=attention_mask)
        return torch.sigmoid(found if isinstance(found, Tensor) else found[0])


def export_int8(network: nn.Module, path: Path) -> None:
    """Write a network whose logits, or first output, are of `input_ids` and `attention_mask`.

    It must attend eagerly: the exporter wants plain operations.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".onnx-") as scratch:
        exact = Path(scratch) / "model.onnx"
        _write(_Scores(network).eval(), exact)
        _name_shared_weights(exact)
        quantize_dynamic(exact, path, per_channel=True, weight_type=QuantType.QInt8)


def _write(scorer: _Scores, path: Path) -> None:
    sample = torch.ones(1, 8, dtype=torch.long)
    names = ("input_ids", "attention_mask")
    with warnings.catch_warnings():
        # Of each shape that a trace takes for granted, and that there is a newer exporter, whose
        # graphs the quantizer does not take. The tests compare what comes out.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            scorer,
            (sample, sample),
            str(path),
            input_names=list(names),
            output_names=["scores"],
            dynamic_axes={name: {0: "comments", 1: "tokens"} for name in names},
            opset_version=OPSET,
            dynamo=False,
        )


def _name_shared_weights(path: Path) -> None:
    """Let each use of a weight name it.

    Layers that share weights, as ALBERT's do, get them from the exporter by way of Identity, and
    then the quantizer leaves all but the first as they are.
    """
    model = onnx.load(path)
    weights = {weight.name for weight in model.graph.initializer}
    shared = {
        node.output[0]: node.input[0]
        for node in model.graph.node
        if node.op_type == "Identity" and node.input[0] in weights
    }
    left = [node for node in model.graph.node if node.output[0] not in shared]
    for node in left:
        node.input[:] = [shared.get(name, name) for name in node.input]
    del model.graph.node[:]
    model.graph.node.extend(left)
    onnx.save(model, path)
