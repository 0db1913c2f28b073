"""Classifiers are found by name, and nothing heavy is imported before one is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from classifiers import registry
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.devices import Device
from moderation.model.errors import NotConfigured

LOOK = """
import sys
from classifiers import registry
registry.version("compact")
heavy = {"torch", "transformers", "detoxify", "onnxruntime", "numpy", "py3langid"}
print(sorted(heavy & set(sys.modules)))
"""


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotConfigured, match=r"'vader'.*compact, detoxify:original, "):
        registry.load("vader")


def test_the_compact_classifier_comes_first() -> None:
    assert registry.names() == (
        "compact",
        "detoxify:original",
        "detoxify:original@int8",
        "detoxify:original-small",
        "detoxify:original-small@int8",
        "detoxify:unbiased",
        "detoxify:unbiased@int8",
        "detoxify:unbiased-small",
        "detoxify:unbiased-small@int8",
        "detoxify:multilingual",
        "detoxify:multilingual@int8",
        "ensemble",
        "remote",
    )


def test_naming_a_classifier_imports_no_tensor_library() -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", LOOK], capture_output=True, check=True, text=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", [name for name in registry.names() if "detoxify" in name])
def test_a_model_that_was_not_fetched_is_answered_with_how_to(name: str, tmp_path: Path) -> None:
    for asked in (registry.version, registry.load):
        with pytest.raises(NotConfigured, match=f"`copydesk classifiers fetch {name}`"):
            asked(name, ClassifierOptions(tmp_path))


@pytest.mark.parametrize("name", ["compact", "detoxify:original@int8"])
def test_what_computes_on_a_cpu_alone_refuses_a_gpu(name: str) -> None:
    with pytest.raises(NotConfigured, match="on the CPU alone"):
        registry.load(name, ClassifierOptions(device=Device.CUDA))


def test_there_is_nothing_to_fetch_for_what_ships_inside(tmp_path: Path) -> None:
    assert list(registry.fetch("compact", ClassifierOptions(tmp_path))) == []
    assert list(tmp_path.iterdir()) == []
