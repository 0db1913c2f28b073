"""The rough figures of the product are those that the docs explain."""

import re
from pathlib import Path

from moderation.model.perspective_estimates import CLASSIFIER, COMMENTS, TOXICITY

DOCS = (Path(__file__).parents[3] / "docs/classifiers/translating.md").read_text()
ROW = re.compile(
    r"^\| (\.\d+) \| (\d+)\*? \(.*?\) \| (\.\d+) \((\.\d+) to (\.\d+)\) \|.*?\| (\.\d+)",
    re.MULTILINE,
)


def test_they_are_those_of_the_docs() -> None:
    told = DOCS.split("### From Perspective")[1]
    rows = [tuple(map(float, row)) for row in ROW.findall(told)]
    ours = [(one.old, one.flagged, one.same_share, one.low, one.high, one.best) for one in TOXICITY]
    assert rows == ours
    assert f"{COMMENTS:,} comments" in told
    assert f"`{CLASSIFIER}`" in DOCS
