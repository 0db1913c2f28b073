"""Partial answers: the parameter `fields`, such as `languages,attributeScores(TOXICITY)`."""

import re
from collections.abc import Mapping
from typing import Any

from api.compat.perspective.errors import Refusal, Violation, unusable

MOST_CHARACTERS = 2_000
MOST_LEVELS = 10
"""No answer is half as deep; a mask of brackets alone must not exhaust the stack."""

ANY = "*"

Mask = dict[str, "Mask"]
"""What is wanted by name, and what of it; nothing below means all of it."""

Shape = Mapping[str, "Shape"]
"""Which names an answer has at each level; ANY stands for names that the caller chose."""

_TOKEN = re.compile(r"([A-Za-z0-9_$-]{1,64}|\*)|([/.,()])")


def parse_mask(given: str, shape: Shape) -> Mask:
    """Return what `fields` selects. Raises Refusal: no such field in an answer of this shape."""
    tokens = _tokens(given)
    mask, rest = _selection(tokens, 0)
    if rest != len(tokens):
        raise _unknown("")
    _check(mask, shape, "")
    return mask


def select(value: Any, mask: Mask) -> Any:  # noqa: ANN401 - any JSON
    """Return the part of an answer that was asked for."""
    if not mask:
        return value
    if isinstance(value, list):
        return [select(one, mask) for one in value]
    if not isinstance(value, dict):
        return value
    wanted = {name: mask.get(name, mask.get(ANY)) for name in value}
    return {name: select(value[name], of) for name, of in wanted.items() if of is not None}


def _tokens(given: str) -> list[str]:
    if len(given) > MOST_CHARACTERS:
        raise _unknown("")
    compact = re.sub(r"\s+", "", given)
    tokens = [found[0] for found in _TOKEN.finditer(compact)]
    if sum(map(len, tokens)) != len(compact):
        raise _unknown("")
    return tokens


def _selection(tokens: list[str], level: int) -> tuple[Mask, int]:
    """Read paths up to a closing bracket or the end; return them and how many tokens they were."""
    mask: Mask = {}
    at = 0
    while True:
        at += _path(tokens[at:], mask, level)
        if at >= len(tokens) or tokens[at] != ",":
            return mask, at
        at += 1


def _path(tokens: list[str], mask: Mask, level: int) -> int:
    if level > MOST_LEVELS or not tokens or tokens[0] in "/.,()":
        raise _unknown("")
    below = mask.setdefault(tokens[0], {})
    following = tokens[1] if len(tokens) > 1 else ""
    if following in {"/", "."}:
        return 2 + _path(tokens[2:], below, level + 1)
    if following != "(":
        return 1
    inner, used = _selection(tokens[2:], level + 1)
    below.update(inner)
    if tokens[2 + used : 3 + used] != [")"]:
        raise _unknown("")
    return 3 + used


def _check(mask: Mask, shape: Shape, before: str) -> None:
    for name, below in mask.items():
        path = f"{before}.{name}" if before else name
        if name == ANY:
            continue
        inner = shape.get(name, shape.get(ANY))
        if inner is None or (below and not inner):
            raise _unknown(path)
        _check(below, inner, path)


def _unknown(path: str) -> Refusal:
    words = f"Cannot find matching fields for path '{path}'." if path else "The syntax is invalid."
    violation = Violation(path, f"Error expanding 'fields' parameter. {words}")
    return unusable([violation], "Request contains an invalid argument.")
