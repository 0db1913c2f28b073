"""From a fetched model to the same model in int8."""

import shutil
from pathlib import Path

from classifiers.detoxify.exact import read_network
from classifiers.detoxify.extras import imported
from classifiers.detoxify.manifest import (
    INT8_FILES,
    INT8_WEIGHTS,
    TOKENIZER,
    Manifest,
    digests,
    read_manifest,
)
from classifiers.detoxify.releases import Release


def check_packages() -> None:
    """Raise NotConfigured where something is not installed, before anything large is fetched."""
    for package in ("torch", "onnx", "transformers"):
        imported(package)


def quantize(release: Release, models: Path, made: Path) -> None:
    """Write the model of a fetched release in int8 into the folder `made`. Raises NotConfigured."""
    fetched = read_manifest(release.name, models)
    fetched.check()
    network = read_network(release, fetched, attn_implementation="eager")
    imported("classifiers.onnx_export").export_int8(network, made / INT8_WEIGHTS)
    shutil.copyfile(fetched.folder / TOKENIZER, made / TOKENIZER)
    Manifest(
        classifier=release.int8_name,
        folder=made,
        columns=fetched.columns,
        files=digests(made, INT8_FILES),
        sources=fetched.files,
    ).write()
