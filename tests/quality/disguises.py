"""`python -m tests.quality.disguises FOLDER`: what disguises cost the classifier, and cleaning too.

FOLDER holds two sets, `.csv.xz`: `jigsaw6_test` (`text`, `toxicity`) and, of ordinary comments,
`perspective_scores` (`text`, `share_of_raters_toxic`). Nothing of them is kept.
"""

import argparse
import csv
import lzma
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from classifiers.cleaning import cleaned
from classifiers.compact.model import load
from classifiers.compact.training.disguises import DISGUISES, SHORTEST, Disguise, disguised
from classifiers.second_view import TwoViews, with_second_view
from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS

SEED = 7
THRESHOLD = FIRST_THRESHOLDS[Label.TOXICITY].flag or 1.0
"""Of the first policy: what scores as much is shown to a person."""

Writing = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments, and whether raters call each of them toxic."""

    name: str
    texts: Sequence[str]
    toxic: Sequence[bool]


def jigsaw(folder: Path) -> Comments:
    rows = list(_rows(folder / "jigsaw6_test.csv.xz"))
    toxic = [float(row["toxicity"]) >= 0.5 for row in rows]
    return Comments("Jigsaw test", [row["text"] for row in rows], toxic)


def ordinary(folder: Path) -> Comments:
    rows = list(_rows(folder / "perspective_scores.csv.xz"))
    toxic = [float(row["share_of_raters_toxic"]) >= 0.5 for row in rows]
    return Comments("Wikipedia talk", [row["text"] for row in rows], toxic)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def writings() -> Iterator[tuple[str, Writing]]:
    """Yield each way to write a comment, the plain one first."""
    yield "as it is", lambda text: text
    for share in (0.3, 0.6):
        yield f"{share:.0%} of words disguised", _some(share)
    for disguise in DISGUISES:
        yield f"all words {disguise.__name__.strip('_')}", _all(disguise)


def _some(share: float) -> Writing:
    return lambda text: disguised(text, _source(text), share)


def _all(disguise: Disguise) -> Writing:
    def write(text: str) -> str:
        source = _source(text)
        words = re.compile(rf"[A-Za-z]{{{SHORTEST},}}")
        return words.sub(lambda match: disguise(match[0], source), text)

    return write


def _source(text: str) -> random.Random:
    return random.Random(f"{SEED}{text}")  # noqa: S311 - nothing secret


def measure(classifier: TwoViews, comments: Comments, write: Writing) -> list[str]:
    """Return the cells of a row: with one view and with two."""
    texts = [write(text) for text in comments.texts]
    once, twice = zip(*(_both(classifier, text) for text in texts), strict=True)
    windows = classifier.inner.windows
    seconds = sum(windows.of(text) != windows.of(cleaned(text)) for text in texts)
    return [
        *(f"{auc(scores, comments.toxic):.4f}" for scores in (once, twice)),
        *(f"{_flagged(scores, comments.toxic):.2%}" for scores in (once, twice)),
        f"{seconds / len(texts):.1%}",
    ]


def _both(classifier: TwoViews, text: str) -> tuple[float, float]:
    [once] = classifier.inner.classify([text])
    if cleaned(text) == text:
        return once[Label.TOXICITY], once[Label.TOXICITY]
    [twice] = classifier.classify([text])
    return once[Label.TOXICITY], twice[Label.TOXICITY]


def auc(scores: Sequence[float], toxic: Sequence[bool]) -> float:
    """Return how often a toxic comment scores more than a harmless one; a tie is half."""
    values, truth = np.asarray(scores), np.asarray(toxic)
    low, high = np.sort(values[~truth]), values[truth]
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / 2 / len(low))


def _flagged(scores: Sequence[float], toxic: Sequence[bool]) -> float:
    harmless = [score for score, is_toxic in zip(scores, toxic, strict=True) if not is_toxic]
    return sum(score >= THRESHOLD for score in harmless) / len(harmless)


def milliseconds(texts: Sequence[str]) -> float:
    """Return the CPU time that cleaning takes for one of these comments."""
    begun = time.process_time()
    for text in texts:
        cleaned(text)
    return (time.process_time() - begun) / len(texts) * 1_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.disguises", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=1_000_000, help="comments of each set")
    given = parser.parse_args()
    classifier = with_second_view(load())
    table = Table(
        "comments",
        "written",
        "AUC, one view",
        "two",
        "harmless flagged",
        "two",
        "second views",
        title=classifier.version,
        box=box.MARKDOWN,
    )
    # The second is ten times as long: only the mixed disguises.
    for comments, ways in ((jigsaw(given.folder), 3 + len(DISGUISES)), (ordinary(given.folder), 3)):
        some = Comments(comments.name, comments.texts[: given.most], comments.toxic[: given.most])
        for name, write in islice(writings(), ways):
            row = measure(classifier, some, write)
            table.add_row(some.name, name, *row)
            sys.stderr.write(f"{some.name}, {name}: {' '.join(row)}\n")
        sys.stderr.write(f"cleaning: {milliseconds(some.texts):.3f} ms a comment\n")
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
