"""`python -m tests.quality.card FOLDER`: the figures of `docs/classifiers/compact.md`.

FOLDER holds the sets as `.csv.xz`, none of which anything is learnt or chosen on. The classifier is
asked as in use, with windows and the second look; what is flagged, is by the first thresholds.
"""

import argparse
import csv
import lzma
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from classifiers import registry
from classifiers.evaluation.bootstrap import bootstrap
from classifiers.evaluation.calibration import expected_calibration_error
from classifiers.evaluation.metrics import roc_auc, tally
from classifiers.interface import Classifier
from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS
from moderation.model.proportions import wilson

SEED = 7
CIVIL = Path("tests/samples/civil_politics.txt")
LINES = {label: lines.flag for label, lines in FIRST_THRESHOLDS.items() if lines.flag is not None}
BATCH = 64

Row = Mapping[str, str]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scored:
    """The rows of a set, scores by label, and whether the first thresholds flag each."""

    rows: Sequence[Row]
    scores: Mapping[Label, NDArray[np.float64]]
    flagged: Bools

    def where(self, test: Callable[[Row], bool]) -> Bools:
        return np.array([test(row) for row in self.rows])


def read(path: Path) -> list[Row]:
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def score(classifier: Classifier, rows: Sequence[Row], column: str, name: str) -> Scored:
    texts = [row[column] for row in rows]
    starts = track(range(0, len(texts), BATCH), description=name)
    found = [each for at in starts for each in classifier.classify(texts[at : at + BATCH])]
    scores = {label: np.array([each[label] for each in found]) for label in found[0]}
    flagged = np.any([scores[label] >= line for label, line in LINES.items()], axis=0)
    return Scored(rows, scores, flagged)


def auc(scores: NDArray[np.float64], labels: Bools) -> str:
    counted = tally(scores, labels)
    [interval] = bootstrap(counted, [roc_auc], SEED)
    return f"{roc_auc(counted):.3f} ({interval.low:.3f} to {interval.high:.3f})"


def share(flagged: Bools) -> str:
    low, high = wilson(float(flagged.mean()), len(flagged))
    number = f"{flagged.sum()} of {len(flagged)}"
    return f"{number}, {flagged.mean():.2%} ({low:.2%} to {high:.2%})"


def jigsaw(found: Scored) -> Iterator[tuple[str, str]]:
    """Each label, and the mean of their AUCs; its interval is of whole comments drawn anew."""
    labels = {label: found.where(says(label, "1")) for label in found.scores}
    for label, true in labels.items():
        line = LINES.get(label)
        caught = "has no threshold" if line is None else share(found.scores[label][true] >= line)
        error = expected_calibration_error(found.scores[label], true)
        yield (
            f"Jigsaw test, {label}",
            f"{auc(found.scores[label], true)}; {caught}; ECE {error:.2f}",
        )
    source = np.random.default_rng(SEED)
    every = np.arange(len(found.rows))
    means = [
        np.mean(
            [roc_auc(tally(found.scores[label][at], true[at])) for label, true in labels.items()]
        )
        for at in (every, *(source.choice(every, len(every)) for _ in range(1_000)))
    ]
    low, high = np.quantile(means[1:], [0.025, 0.975])
    yield "Jigsaw test, mean of six", f"{means[0]:.3f} ({low:.3f} to {high:.3f})"
    any_label = np.any(list(labels.values()), axis=0)
    yield "Jigsaw test, flagged without a label", share(found.flagged[~any_label])
    yield "Jigsaw test, flagged with any", share(found.flagged[any_label])


def says(column: str, value: str) -> Callable[[Row], bool]:
    return lambda row: row[column] == value


def half_say(column: str) -> Callable[[Row], bool]:
    """Whether half of the raters or more say so."""
    return lambda row: float(row[column]) >= 0.5


def ordinary(name: str, column: str, found: Scored) -> Iterator[tuple[str, str]]:
    true = found.where(half_say(column))
    yield f"{name}, AUC", auc(found.scores[Label.TOXICITY], true)
    yield f"{name}, flagged", share(found.flagged)
    yield f"{name}, flagged of what half of the raters call so", share(found.flagged[true])


def news(found: Scored) -> Iterator[tuple[str, str]]:
    yield from ordinary("news", "hostile", found)
    yield "news, flagged of what is healthy", share(found.flagged[found.where(half_say("healthy"))])


def hatecheck(found: Scored) -> Iterator[tuple[str, str]]:
    hateful = found.where(says("label_gold", "hateful"))
    right = found.flagged == hateful
    yield "HateCheck, hateful flagged", share(right[hateful])
    yield "HateCheck, harmless left alone", share(right[~hateful])
    yield "HateCheck, mean of both", f"{(right[hateful].mean() + right[~hateful].mean()) / 2:.3f}"
    yield "HateCheck, identity_attack", auc(found.scores[Label.IDENTITY_ATTACK], hateful)
    for name in sorted({row["functionality"] for row in found.rows}):
        of_it = found.where(says("functionality", name))
        yield f"HateCheck, {name}", f"{right[of_it].mean():.2f} of {of_it.sum()}"


def madlibs(found: Scored) -> Iterator[tuple[str, str]]:
    harmless = found.where(says("Label", "NOT_BAD"))
    yield "madlibs, harmless flagged", share(found.flagged[harmless])
    yield "madlibs, hostile flagged", share(found.flagged[~harmless])
    terms = {term: found.where(has_word(term)) & harmless for term in terms_of(found.rows)}
    for term in sorted(terms, key=lambda term: -found.flagged[terms[term]].mean()):
        yield f"madlibs, harmless with {term}", share(found.flagged[terms[term]])


def has_word(term: str) -> Callable[[Row], bool]:
    word = re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE)
    return lambda row: word.search(row["Text"]) is not None


def terms_of(rows: Sequence[Row]) -> list[str]:
    """Return the terms that the set names: what "being X is …" is said of."""
    texts = (re.match(r"being (.+?) is ", row["Text"].lower()) for row in rows)
    return sorted({text[1] for text in texts if text})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.card", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    classifier = registry.load("compact")
    shown = Table("figure", "value", title=classifier.version, box=box.MARKDOWN)

    def of(name: str, column: str = "text") -> Scored:
        return score(classifier, read(folder / f"{name}.csv.xz"), column, name)

    for name, value in (
        *jigsaw(of("jigsaw6_test")),
        *news(of("globe_and_mail_evaluate_only", "comment")),
        *ordinary("Wikipedia", "share_of_raters_toxic", of("perspective_scores")),
        *hatecheck(of("hatecheck", "test_case")),
        *madlibs(of("identity_madlibs", "Text")),
    ):
        shown.add_row(name, value)
    insults = of("insults_test")
    true = insults.where(says("insult", "1"))
    shown.add_row("insults, AUC", auc(insults.scores[Label.INSULT], true))
    rows = [{"text": line} for line in CIVIL.read_text(encoding="utf-8").splitlines()]
    shown.add_row("civil politics flagged", share(score(classifier, rows, "text", "civil").flagged))
    Console(width=140).print(shown)


if __name__ == "__main__":
    main()
