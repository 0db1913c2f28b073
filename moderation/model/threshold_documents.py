"""Thresholds in documents: label by label, from which score each flags and rejects."""

from collections.abc import Mapping
from typing import Any

from moderation.model.document_reading import Reading
from moderation.model.labels import Label
from moderation.model.pointers import Path
from moderation.model.policy import Threshold

_LINES = ("flag", "reject")


def write_thresholds(thresholds: Mapping[Label, Threshold]) -> dict[str, Any]:
    """Return thresholds as a document, always in the same order."""
    return {
        label.value: {name: line for name in _LINES if (line := getattr(lines, name)) is not None}
        for label in Label
        if (lines := thresholds.get(label)) is not None
    }


def read_thresholds(
    reading: Reading, fields: Mapping[str, object], path: Path
) -> dict[Label, Threshold]:
    """Return the thresholds in these fields."""
    path = (*path, "thresholds")
    given = reading.fields(fields.get("thresholds", {}), path, tuple(Label))
    return {
        Label(name): _read_threshold(reading, lines, (*path, name)) for name, lines in given.items()
    }


def _read_threshold(reading: Reading, value: object, path: Path) -> Threshold:
    given = reading.fields(value, path, _LINES)
    found: dict[str, float | None] = {}
    for name, line in given.items():
        number = reading.number(line, (*path, name))
        try:
            found[name] = Threshold(number).flag
        except ValueError as error:
            reading.refuse((*path, name), str(error))
    try:
        return Threshold(**found)
    except ValueError as error:
        reading.refuse(path, str(error))
        return Threshold()
