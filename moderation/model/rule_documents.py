"""Limits and word lists in documents."""

from collections.abc import Mapping
from typing import Any

from moderation.model.decisions import Action
from moderation.model.document_reading import Reading
from moderation.model.measures import Limit, Measure, check_limits
from moderation.model.pointers import Path
from moderation.model.word_lists import WordList, check_lists

ACTIONS = (Action.FLAG, Action.REJECT)

_FIELDS = ("name", "action", "entries")
_ONE_NUMBER = "write from which number it flags, or from which it rejects"


def write_limits(limits: Mapping[Measure, Limit]) -> dict[str, Any]:
    """Return limits as a document, always in the same order."""
    return {
        measure.value: {limit.action.value: limit.number}
        for measure in Measure
        if (limit := limits.get(measure)) is not None
    }


def read_limits(reading: Reading, value: object, path: Path) -> dict[Measure, Limit]:
    """Return the limits that a document says."""
    given = reading.fields(value, path, tuple(Measure))
    found: dict[Measure, Limit] = {}
    for name, one in given.items():
        limit = _read_limit(reading, one, (*path, name))
        if limit is None:
            continue
        try:
            check_limits({Measure(name): limit})
        except ValueError as error:
            reading.refuse((*path, name), str(error))
        found[Measure(name)] = limit
    return found


def write_word_lists(lists: tuple[WordList, ...]) -> list[dict[str, Any]]:
    """Return word lists as a document."""
    return [
        {"name": one.name, "action": one.action.value, "entries": list(one.entries)}
        for one in lists
    ]


def read_word_lists(reading: Reading, value: object, path: Path) -> tuple[WordList, ...]:
    """Return the word lists that a document says."""
    found = [
        _read_word_list(reading, one, (*path, str(n)))
        for n, one in enumerate(reading.entries(value, path))
    ]
    lists = tuple(one for one in found if one is not None)
    try:
        check_lists(lists)
    except ValueError as error:
        reading.refuse(path, str(error))
    return lists


def _read_limit(reading: Reading, value: object, path: Path) -> Limit | None:
    given = reading.fields(value, path, ACTIONS)
    if len(given) != 1:
        if isinstance(value, Mapping):
            reading.refuse(path, _ONE_NUMBER)
        return None
    [(action, written)] = given.items()
    number = reading.whole(written, (*path, action))
    if number is None:
        return None
    try:
        return Limit(number, Action(action))
    except ValueError as error:
        reading.refuse((*path, action), str(error))
        return None


def _read_word_list(reading: Reading, value: object, path: Path) -> WordList | None:
    given = reading.fields(value, path, _FIELDS, needed=_FIELDS)
    if len(given) < len(_FIELDS):
        return None
    action = reading.choice(given["action"], (*path, "action"), Action)
    entries = reading.texts(given["entries"], (*path, "entries"))
    name = reading.name(given["name"], (*path, "name"))
    if action is None or entries is None or not name:
        return None
    try:
        return WordList(name, action, entries)
    except ValueError as error:
        reading.refuse(path, str(error))
        return None
