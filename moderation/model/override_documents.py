"""Overrides in documents: thresholds of their own for a section or a thread."""

from typing import Any

from moderation.model.document_reading import Reading
from moderation.model.places import Pattern, PlaceKind, check_patterns
from moderation.model.pointers import Path
from moderation.model.policy import Override
from moderation.model.threshold_documents import read_thresholds, write_thresholds

_FIELDS = (*PlaceKind, "thresholds")
_ONE_PLACE = "write which section or which thread it is for"


def write_overrides(overrides: tuple[Override, ...]) -> list[dict[str, Any]]:
    """Return overrides as a document; of those that fit, the first counts."""
    return [
        {
            one.pattern.kind.value: one.pattern.name,
            "thresholds": write_thresholds(one.thresholds),
        }
        for one in overrides
    ]


def read_overrides(reading: Reading, value: object, path: Path) -> tuple[Override, ...]:
    """Return the overrides that a document says."""
    read = [
        _read_override(reading, one, (*path, str(n)))
        for n, one in enumerate(reading.entries(value, path))
    ]
    overrides = tuple(one for one in read if one is not None)
    try:
        check_patterns([one.pattern for one in overrides])
    except ValueError as error:
        reading.refuse(path, str(error))
    return overrides


def _read_override(reading: Reading, value: object, path: Path) -> Override | None:
    given = reading.fields(value, path, _FIELDS, needed=("thresholds",))
    thresholds = read_thresholds(reading, given, path)
    kinds = [kind for kind in PlaceKind if kind in given]
    if len(kinds) != 1:
        if given:
            reading.refuse(path, _ONE_PLACE)
        return None
    [kind] = kinds
    name = given[kind]
    if not isinstance(name, str):
        reading.refuse((*path, kind), "write a text, in quotes where it looks like a number")
        return None
    try:
        return Override(Pattern(kind, name), thresholds)
    except ValueError as error:
        reading.refuse(path, str(error))
        return None
