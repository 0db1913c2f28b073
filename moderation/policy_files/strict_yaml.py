"""The part of YAML that says one thing: mappings, lists, texts and numbers, each name once.

Values are made from the parser's events, so that nothing of YAML's object machinery is ever run.
Anchors, aliases and tags are refused: they hide what a file says. So is a name that comes twice,
of which a YAML library silently takes the last. Plain words are read as YAML 1.2 and JSON have it:
`no` and `on` are texts, not false and true.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from moderation.model.pointers import Path, dotted
from moderation.policy_files.mistakes import Mistake, NoPolicy

MAX_DEPTH = 12

_CONSTANTS = {"": None, "null": None, "~": None, "true": True, "false": False}
# What is no number to YAML 1.1 is none here either, so that texts are written without quotes only
# where they are read as texts.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})")
_NUMBER = re.compile(r"[-+]?[0-9]{1,20}\.[0-9]{0,30}([eE][-+][0-9]{1,3})?|\.[0-9]{1,30}")


@dataclass(slots=True)
class Parsed:
    """What a text says, and on which of its lines each path begins."""

    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)


def parse(text: str) -> Parsed:
    """Return what a text says. Raises NoPolicy."""
    found = Parsed()
    try:
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        _Parser(events, found.lines).document(found)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise NoPolicy(Mistake(line, f"this is no YAML: {error.problem}")) from None
    except yaml.YAMLError:
        raise NoPolicy(Mistake(1, "it holds characters that YAML does not allow")) from None
    return found


class _Parser:
    def __init__(self, events: Iterator[Any], lines: dict[Path, int]) -> None:
        self._events = events
        self._lines = lines

    def document(self, found: Parsed) -> None:
        start = self._next()
        while isinstance(start, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            return
        found.value = self._value(start, ())
        self._next()
        if isinstance(after := self._next(), yaml.DocumentStartEvent):
            raise _refused(after, "a second document begins here")

    def _next(self) -> Any:  # noqa: ANN401 - an event
        return next(self._events)

    def _value(self, event: Any, path: Path) -> object:  # noqa: ANN401 - an event
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _refused(event, "anchors and aliases are not read; write it out")
        if event.tag is not None:
            raise _refused(event, "tags are not read")
        if len(path) > MAX_DEPTH:
            raise _refused(event, "this is nested too deeply")
        self._lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return event.value if event.style else _plain(event.value)

    def _mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _refused(event, "a name must be a text")
            self._value(event, path)
            if event.value in found:
                raise _refused(event, f"{dotted((*path, event.value))} stands here again")
            self._lines[*path, event.value] = event.start_mark.line + 1
            found[event.value] = self._value(self._next(), (*path, event.value))
        return found

    def _sequence(self, path: Path) -> list[object]:
        found: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, str(len(found)))))
        return found


def _plain(written: str) -> object:
    if written in _CONSTANTS:
        return _CONSTANTS[written]
    if _INTEGER.fullmatch(written):
        return int(written)
    return float(written) if _NUMBER.fullmatch(written) else written


def _refused(event: Any, why: str) -> NoPolicy:  # noqa: ANN401 - an event
    return NoPolicy(Mistake(event.start_mark.line + 1, why))
