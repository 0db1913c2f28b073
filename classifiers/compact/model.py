"""The embedded default, loaded: onnxruntime and tokenizers, one thread, no hub."""

from collections.abc import Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer
from tokenizers.normalizers import NFC
from tokenizers.normalizers import Sequence as InTurn

from classifiers.compact.manifest import Manifest, read_manifest
from classifiers.scripts import Script
from classifiers.windowed import Run, WindowedClassifier
from classifiers.windows import Windows

FATAL_ONLY = 4


def load(manifest: Manifest | None = None) -> WindowedClassifier:
    """Load the weights, a tenth of a second. Raises NotConfigured where a file is another."""
    manifest = manifest or read_manifest()
    return WindowedClassifier(
        version=manifest.version,
        columns=manifest.labels,
        windows=_windows(manifest),
        run=_run(_session(manifest.weights.read())),
        # Its vocabulary holds the letters of other scripts, and its training no word in them.
        scripts=frozenset({Script.LATIN}),
    )


def _windows(manifest: Manifest) -> Windows:
    tokenizer = Tokenizer.from_str(manifest.tokenizer.read().decode())
    # BERT's normaliser takes Hangul apart, three tokens a syllable that the model never learnt:
    # 20,000 of them took 7 s. Put together again, no character is more than one token.
    tokenizer.normalizer = InTurn([tokenizer.normalizer, NFC()])
    return Windows(tokenizer, manifest.window)


def _session(weights: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One process per core, one thread each: more threads only fight each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = FATAL_ONLY
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def _run(session: onnxruntime.InferenceSession) -> Run:
    def run(window: Sequence[int]) -> Sequence[float]:
        tokens = np.array([window], dtype=np.int64)
        feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        scores: list[float] = session.run(["scores"], feed)[0][0].tolist()
        return scores

    return run
