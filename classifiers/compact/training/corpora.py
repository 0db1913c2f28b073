"""The labelled sets that the model learns from, each for the labels that it really gives.

What they are and under which terms stands in `docs/classifiers/compact.md`. No set may teach a
label with examples of one kind only: its subject would become the signal, as news comments that are
all toxic turn talk of politics into toxicity.
"""

import csv
import json
import lzma
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from classifiers.compact.training.examples import COLUMNS, Example
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label

Row = Mapping[str, str]
Reader = Callable[[Row], Iterator[Example]]

FEW = 2.0
"""How often the one set is shown that people gave all six labels."""


def read_corpora(folder: Path) -> Iterator[Example]:
    """Read every set. Raises NotConfigured where one is missing."""
    tweets = {_bare(example.text) for example in _read(folder, "davidson")}
    for name in _SETS:
        for example in _read(folder, name):
            # Two thirds of what it calls toxic are Davidson's tweets, most of them slang among
            # friends; without them the rest is judged better, too.
            if name != "jigsaw_binary" or _bare(example.text) not in tweets:
                yield example


def _read(folder: Path, name: str) -> Iterator[Example]:
    path = folder / f"{name}.csv.xz"
    if not path.is_file():
        raise NotConfigured(f"there is no {path}; the training sets are {', '.join(_SETS)}")
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from _SETS[name](row)


def _bare(text: str) -> str:
    """Return what is left of a tweet in every copy: letters, without links, names and entities."""
    text = re.sub(r"https?\S+|@\w+|&#?\w+;|\brt\b", "", text.lower())
    return re.sub(r"[^a-z]+", "", text)[:60]


def _jigsaw6(row: Row) -> Iterator[Example]:
    yield Example(row["text"], {label: float(row[label]) for label in COLUMNS}, FEW)


def _one(label: Label, column: str) -> Reader:
    def read(row: Row) -> Iterator[Example]:
        # Some rows stand there without a label.
        if row[column]:
            yield Example(row["text"], {label: float(row[column])})

    return read


def _jigsaw_binary(row: Row) -> Iterator[Example]:
    # It calls toxic what has any of the six labels, so what is not has none of them.
    told = COLUMNS if row["toxicity"] in {"0", "0.0"} else (Label.TOXICITY,)
    if row["toxicity"]:
        yield Example(row["text"], {label: float(row["toxicity"]) for label in told})


def _davidson(row: Row) -> Iterator[Example]:
    # 0 hate, 1 offensive, 2 neither. Its "offensive" counts slang among friends: no toxicity.
    yield Example(row["tweet"], {Label.IDENTITY_ATTACK: float(row["class"] == "0")})


def _toxic_spans(row: Row) -> Iterator[Example]:
    """Cut toxic comments into sentences: those with a toxic passage, and their civil neighbours."""
    marked = set(json.loads(row["spans"]))
    sentences = list(_sentences(row["text"]))
    if not marked or len(sentences) == 1:
        return
    for span in sentences:
        text = row["text"][span.start : span.stop].strip()
        yield Example(text, {Label.TOXICITY: float(not marked.isdisjoint(span))})


def _sentences(text: str) -> Iterator[range]:
    ends = [0, *(match.end() for match in re.finditer(r"[.!?]+\s+|\n+", text)), len(text)]
    for start, end in pairwise(ends):
        if text[start:end].strip():
            yield range(start, end)


_SETS: dict[str, Reader] = {
    "jigsaw6": _jigsaw6,
    "jigsaw_binary": _jigsaw_binary,
    "insults": _one(Label.INSULT, "insult"),
    "davidson": _davidson,
    "dynahate": _one(Label.IDENTITY_ATTACK, "label"),
    "kennedy": _one(Label.IDENTITY_ATTACK, "label"),
    "toxic_spans": _toxic_spans,
}
