"""Tiny training sets of the embedded classifier."""

import csv
import json
import lzma
from pathlib import Path

import pytest

from tests.checkpoints import LABELS

SETS = {
    "jigsaw6": [["text", *LABELS], ["You fool", 1, 0, 0, 0, 1, 0]],
    "jigsaw_binary": [
        ["text", "toxicity"],
        ["Thank you", 0],
        # Also in Davidson's set, which gives it no toxicity.
        ["My  man! https://example.com/1", 1],
    ],
    "insults": [["text", "insult"], ["You clown", 1]],
    "davidson": [["tweet", "class"], ["they are vermin", 0], ["my man", 1]],
    "dynahate": [["text", "label"], ["I love them", 0.0]],
    "kennedy": [["text", "label"], ["I hate them", 1.0]],
    "toxic_spans": [
        ["spans", "text"],
        [json.dumps([19, 20, 21, 22, 23]), "A fair point. What idiots. So be it."],
        [json.dumps([0, 1, 2]), "All of it toxic"],
        [json.dumps([]), "Nobody marked. Anything here."],
    ],
}
"""A few rows of each training set."""


@pytest.fixture
def labelled_sets(tmp_path: Path) -> Path:
    """Write a few rows of each set that the embedded classifier is trained on."""
    for name, rows in SETS.items():
        with lzma.open(tmp_path / f"{name}.csv.xz", "wt", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return tmp_path
