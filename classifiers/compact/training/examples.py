"""Examples: a text with the labels that somebody gave it, and no word on the others."""

import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from moderation.model.labels import Label

COLUMNS = (
    Label.TOXICITY,
    Label.SEVERE_TOXICITY,
    Label.OBSCENE,
    Label.THREAT,
    Label.INSULT,
    Label.IDENTITY_ATTACK,
)
"""The model's outputs, in order."""

DEV_SHARE = 20
"""One text in so many is kept aside: thresholds, calibration and choices are made on it."""

_COMPARED = 120


@dataclass(frozen=True, slots=True)
class Example:
    """A text, 0 to 1 for each label that it was judged by, and how often an epoch shows it.

    Labels that are `certain` were not given by a reader but known before the text was written.
    """

    text: str
    labels: Mapping[Label, float]
    repeats: float = 1.0
    certain: bool = False


def fingerprint(text: str) -> str:
    """Return what is compared to know a text again: its first letters and digits."""
    return re.sub(r"[\W_]+", "", text.lower())[:_COMPARED]


def is_for_development(text: str) -> bool:
    """Say whether a text is kept aside: always the same ones, whatever else is in the data."""
    return _drawn(text) % DEV_SHARE == 0


def part_of(text: str, parts: int) -> int:
    """Say in which of so many parts a text is, by chance, but always in the same one."""
    return _drawn(text) // DEV_SHARE % parts


def digest(examples: Iterable[Example]) -> str:
    """Return a name for what is learnt from: other texts or labels, another name."""
    found = hashlib.sha256()
    for example in examples:
        found.update(repr((example.text, sorted(example.labels.items()))).encode())
    return found.hexdigest()[:8]


def _drawn(text: str) -> int:
    return zlib.crc32(fingerprint(text).encode())


def merged(examples: Iterable[Example]) -> list[Example]:
    """Put together what several sets say of the same text; the first word on a label stands."""
    known: dict[str, Example] = {}
    for example in examples:
        key = fingerprint(example.text)
        if not key:
            continue
        before = known.get(key)
        if before is None:
            known[key] = example
        else:
            labels = {**example.labels, **before.labels}
            repeats = max(before.repeats, example.repeats)
            known[key] = replace(before, labels=labels, repeats=repeats)
    return list(known.values())
