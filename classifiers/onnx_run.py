"""A model in ONNX as a `Run`: onnxruntime on one thread."""

from collections.abc import Sequence

import numpy as np
import onnxruntime

from classifiers.windowed import Run

FATAL_ONLY = 4


def onnx_run(weights: bytes) -> Run:
    """Return what scores a window with these weights; see `quantizing.export_int8`."""
    session = _session(weights)

    def run(window: Sequence[int]) -> Sequence[float]:
        tokens = np.array([window], dtype=np.int64)
        feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        scores: list[float] = session.run(["scores"], feed)[0][0].tolist()
        return scores

    return run


def _session(weights: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One process per core, one thread each: more threads only fight each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = FATAL_ONLY
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
