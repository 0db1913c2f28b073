"""`python -m tests.quality.toxic_spans FOLDER`: how well marks agree with people's, and their cost.

FOLDER holds `train/toxic_spans.csv.xz` and `eval/toxic_spans_test.csv.xz` (`text`; `spans`: the
code points that people found toxic). Agreement is that of SemEval-2021 Task 5 (Pavlopoulos et al.):
the F1 of the characters of each comment, 1 where both are empty; of these the mean. Nothing of the
sets is kept.
"""

import argparse
import csv
import json
import lzma
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table

from classifiers import registry
from classifiers.evaluation.bootstrap import CONFIDENCE, RESAMPLES
from classifiers.explaining import explain
from classifiers.interface import Classifier
from classifiers.words import words_of
from moderation.model.labels import Label, Scores
from moderation.model.policy import FIRST_THRESHOLDS

SEED = 7
SHARE, TIMES = 0.4, 3
"""A word is on the list that people marked so often, and so many times: chosen on `train`."""

Characters = frozenset[int]
Lines = Mapping[Label, float]
Marking = Callable[["Comment"], Characters]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, what people marked in it, and the thresholds that its scores are over."""

    text: str
    marked: Characters
    lines: Lines


@dataclass(slots=True)
class Cost:
    """What marking some comments took: CPU seconds and tensor calls."""

    comments: int = 0
    seconds: float = 0.0
    calls: int = 0

    def count(self) -> None:
        self.calls += 1


def read(path: Path) -> Iterator[tuple[str, Characters]]:
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["text"], frozenset(json.loads(row["spans"]))


def over(scores: Scores) -> Lines:
    lines = {label: threshold.flag for label, threshold in FIRST_THRESHOLDS.items()}
    return {label: line for label, line in lines.items() if line and scores[label] >= line}


def word_list(comments: Iterable[tuple[str, Characters]]) -> frozenset[str]:
    """Return the words that people mark more often than not."""
    seen: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    for text, characters in comments:
        for word in words_of(text):
            seen[text[word].lower()] += 1
            marked[text[word].lower()] += not characters.isdisjoint(_range(word))
    return frozenset(w for w, n in marked.items() if n >= TIMES and n / seen[w] >= SHARE)


def by_list(words: frozenset[str]) -> Marking:
    def mark(comment: Comment) -> Characters:
        found = words_of(comment.text)
        return _characters(word for word in found if comment.text[word].lower() in words)

    return mark


def by_explaining(classifier: Classifier, cost: Cost) -> Marking:
    def mark(comment: Comment) -> Characters:
        begun = time.process_time()
        marks = explain(classifier, comment.text, comment.lines, between=cost.count)
        cost.seconds += time.process_time() - begun
        cost.comments += 1
        return _characters(slice(mark.start, mark.end) for mark in marks)

    return mark


def _range(place: slice) -> range:
    return range(place.start, place.stop)


def _characters(places: Iterable[slice]) -> Characters:
    return frozenset(at for place in places for at in _range(place))


def agreement(comment: Comment, found: Characters) -> float:
    """Return the F1 of the characters found in one comment."""
    if not comment.marked and not found:
        return 1.0
    return 2 * len(comment.marked & found) / (len(comment.marked) + len(found))


def interval(values: NDArray[np.float64]) -> str:
    """Write a mean with its bootstrap interval."""
    source = np.random.default_rng(SEED)
    drawn = [source.choice(values, len(values)).mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return f"{values.mean():.3f} ({low:.3f} to {high:.3f})"


def table(comments: Sequence[Comment], markings: Mapping[str, Marking], title: str) -> Table:
    """Measure each way to mark, and how much the last one gains over it."""
    found = {
        name: np.array([agreement(comment, mark(comment)) for comment in comments])
        for name, mark in markings.items()
    }
    ours = found[next(reversed(found))]
    shown = Table("marked", "F1", "ours beyond it", title=title, box=box.MARKDOWN)
    for name, values in found.items():
        shown.add_row(name, interval(values), "" if values is ours else interval(ours - values))
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.quality.toxic_spans", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=1_000_000, help="comments to look at")
    given = parser.parse_args()
    classifier = registry.load("compact")
    pairs = list(read(given.folder / "eval" / "toxic_spans_test.csv.xz"))[: given.most]
    once = Cost(len(pairs))
    begun = time.process_time()
    scores = classifier.classify([text for text, _ in pairs], between=once.count)
    once.seconds = time.process_time() - begun
    comments = [Comment(*pair, over(found)) for pair, found in zip(pairs, scores, strict=True)]
    flagged = [comment for comment in comments if comment.lines]
    cost = Cost()
    words = word_list(read(given.folder / "train" / "toxic_spans.csv.xz"))
    markings: dict[str, Marking] = {
        "nothing": lambda _: frozenset(),
        "all characters": lambda comment: frozenset(range(len(comment.text))),
        f"{len(words)} words of a list": by_list(words),
        "ours": by_explaining(classifier, cost),
    }
    console = Console(width=160)
    console.print(table(flagged, markings, f"{classifier.version}: {len(flagged)} flagged"))
    for name, spent in (("classifying", once), ("explaining", cost)):
        calls, seconds = spent.calls / spent.comments, spent.seconds / spent.comments
        console.print(f"{name}: {calls:.1f} tensor calls and {seconds * 1000:.0f} ms a comment")


if __name__ == "__main__":
    main()
