"""The keys: one table for the screen and the bindings, and the same in the documentation."""

import re
from pathlib import Path

from api.dashboard.keys import DIGITS, KEYS

DOCS = Path(__file__).parents[3] / "docs" / "moderating.md"


def test_no_key_means_two_things() -> None:
    keys = [one.key for one in KEYS]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set(DIGITS)


def test_the_documentation_lists_the_same_keys() -> None:
    _, _, after = DOCS.read_text().partition("### Keys")
    rows = re.findall(r"^\| ((?:`[^`]+` ?)+)\|", after.partition("###")[0], re.MULTILINE)
    listed = re.findall(r"`([^`]+)`", "".join(rows))
    assert listed == [*(one.key for one in KEYS), "Esc"]
