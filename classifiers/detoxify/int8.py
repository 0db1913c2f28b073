"""A fetched model in int8: onnxruntime and tokenizers, one thread, no PyTorch."""

from tokenizers import Tokenizer

from classifiers.detoxify.manifest import INT8_WEIGHTS, TOKENIZER, read_manifest
from classifiers.detoxify.releases import WINDOW, Release
from classifiers.onnx_run import onnx_run
from classifiers.windowed import WindowedClassifier
from classifiers.windows import Windows
from moderation.model.classifier_options import ClassifierOptions


def load(release: Release, options: ClassifierOptions) -> WindowedClassifier:
    """Load a fetched model, about a second. Raises NotConfigured where a file is another."""
    manifest = read_manifest(release.int8_name, options.models)
    with manifest.opened(TOKENIZER) as file:
        tokenizer = Tokenizer.from_str(file.read().decode())
    with manifest.opened(INT8_WEIGHTS) as file:
        run = onnx_run(file.read())
    return WindowedClassifier(
        version=manifest.version,
        columns=manifest.columns,
        windows=Windows(tokenizer, WINDOW),
        run=run,
        scripts=release.scripts,
        languages=release.languages,
    )
