"""The embedded default, loaded: onnxruntime and tokenizers, one thread, no hub."""

from tokenizers import Tokenizer
from tokenizers.normalizers import NFC
from tokenizers.normalizers import Sequence as InTurn

from classifiers.compact import LANGUAGES
from classifiers.compact.manifest import Manifest, read_manifest
from classifiers.onnx_run import onnx_run
from classifiers.scripts import Script
from classifiers.windowed import WindowedClassifier
from classifiers.windows import Windows


def load(manifest: Manifest | None = None) -> WindowedClassifier:
    """Load the weights, a tenth of a second. Raises NotConfigured where a file is another."""
    manifest = manifest or read_manifest()
    return WindowedClassifier(
        version=manifest.version,
        columns=manifest.labels,
        windows=_windows(manifest),
        run=onnx_run(manifest.weights.read()),
        # Its vocabulary holds the letters of other scripts, and its training no word in them.
        scripts=frozenset({Script.LATIN}),
        languages=LANGUAGES,
    )


def _windows(manifest: Manifest) -> Windows:
    tokenizer = Tokenizer.from_str(manifest.tokenizer.read().decode())
    # BERT's normaliser takes Hangul apart, three tokens a syllable that the model never learnt:
    # 20,000 of them took 7 s. Put together again, no character is more than one token.
    tokenizer.normalizer = InTurn([tokenizer.normalizer, NFC()])
    return Windows(tokenizer, manifest.window)
