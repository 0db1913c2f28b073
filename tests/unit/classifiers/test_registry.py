"""Classifiers are found by name, and nothing heavy is imported before one is loaded."""

import subprocess
import sys

import pytest

from classifiers import registry
from moderation.model.errors import NotConfigured

LOOK = """
import sys
from classifiers import registry
registry.version("compact")
print(sorted({"torch", "transformers", "detoxify", "onnxruntime", "numpy"} & set(sys.modules)))
"""


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotConfigured, match=r"'vader'.*compact, detoxify:original, "):
        registry.load("vader")


def test_the_compact_classifier_comes_first() -> None:
    assert registry.names() == (
        "compact",
        "detoxify:original",
        "detoxify:original-small",
        "detoxify:unbiased",
        "detoxify:unbiased-small",
        "detoxify:multilingual",
    )


def test_naming_a_classifier_imports_no_tensor_library() -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", LOOK], capture_output=True, check=True, text=True
    )

    assert done.stdout == "[]\n"


def test_detoxify_without_a_checkpoint_names_the_settings_to_make() -> None:
    with pytest.raises(NotConfigured, match="COPYDESK_CLASSIFIER_CHECKPOINT"):
        registry.version("detoxify:original")
