"""Scores in a CSV file, so that a slow classifier need not run again."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from classifiers.interface import Classifier
from moderation.cli.comment_files import Comment
from moderation.cli.scoring import score_each
from moderation.cli.skipped import Skipped
from moderation.model.classification import Facts
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label

HEAD = ("line", "digest", "classifier", "readable", "language", "supported")
DIGITS = 12
"""Of the SHA-256 of a text: enough to notice another file, and no text."""

Scored = Iterator[tuple[Comment, Facts]]


@dataclass(frozen=True, slots=True)
class ScoreSource:
    """Where scores come from: a classifier at work, or what one said before."""

    version: str
    labels: frozenset[Label]
    score: Callable[[Iterable[Comment], Skipped], Scored]


def from_classifier(classifier: Classifier) -> ScoreSource:
    """Let a classifier score."""
    return ScoreSource(classifier.version, classifier.labels, partial(score_each, classifier))


def from_file(path: Path) -> ScoreSource:
    """Take scores from a file that `write_scores` wrote. Raises InvalidInput for any other."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            labels = _labels(next(rows))
            stored = {int(row[0]): (row[1], _facts(labels, row)) for row in rows}
    except (ValueError, StopIteration, IndexError, csv.Error):
        raise InvalidInput(f"{path} is no file that --scores wrote.") from None
    versions = {facts.classifier for _, facts in stored.values()}
    if len(versions) != 1:
        raise InvalidInput(f"{path} holds no scores, or those of several classifiers.")
    return ScoreSource(versions.pop(), frozenset(labels), partial(_look_up, stored))


def write_scores(scored: Scored, labels: frozenset[Label], file: TextIO) -> Scored:
    """Write scores on their way, one line each; no text."""
    ordered = [label for label in Label if label in labels]
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow((*HEAD, *ordered))
    for comment, facts in scored:
        seen = (int(facts.readable), facts.language or "", int(facts.supported))
        head = (comment.number, _digest(comment), facts.classifier, *seen)
        lines.writerow((*head, *(facts.scores[label] for label in ordered)))
        yield comment, facts


def _labels(head: Sequence[str]) -> list[Label]:
    if tuple(head[: len(HEAD)]) != HEAD:
        raise ValueError
    return [Label(name) for name in head[len(HEAD) :]]


def _facts(labels: Sequence[Label], row: Sequence[str]) -> Facts:
    scores = dict(zip(labels, map(float, row[len(HEAD) :]), strict=True))
    if not all(0.0 <= score <= 1.0 for score in scores.values()):
        raise ValueError
    return Facts(
        classifier=row[2],
        scores=scores,
        readable=row[3] == "1",
        language=row[4] or None,
        supported=row[5] == "1",
    )


def _look_up(
    stored: Mapping[int, tuple[str, Facts]], comments: Iterable[Comment], _: Skipped
) -> Scored:
    """Yield the comments that were scored; those that a limit left out then are left out again."""
    for comment in comments:
        if comment.number not in stored:
            continue
        digest, facts = stored[comment.number]
        if digest != _digest(comment):
            raise InvalidInput(
                f"Line {comment.number} holds another text than when it was scored: "
                "these are the scores of another file."
            )
        yield comment, facts


def _digest(comment: Comment) -> str:
    return hashlib.sha256(comment.text.encode()).hexdigest()[:DIGITS]
