"""Highlights: where marks lie in a text, as its card shows them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from moderation.model.labels import Label
from moderation.model.marks import Mark

STEPS = (0.95, 0.98)
"""The weights from which a mark is drawn stronger, and strongest."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A place in a text, the labels that it raised (most first), and how much: 1 to 3."""

    start: int
    end: int
    labels: tuple[Label, ...]
    strength: int


def highlights_of(marks: Iterable[Mark]) -> list[Highlight]:
    """Put the marks of one place together, in order."""
    places: defaultdict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        places[mark.start, mark.end].append(mark)
    return [_highlight(*place, places[place]) for place in sorted(places)]


def _highlight(start: int, end: int, marks: Sequence[Mark]) -> Highlight:
    ranked = sorted(marks, key=lambda mark: -mark.weight)
    strength = 1 + sum(ranked[0].weight >= step for step in STEPS)
    return Highlight(start, end, tuple(mark.label for mark in ranked), strength)


def parts(
    text: str, highlights: Iterable[Highlight], begins_at: int = 0
) -> Iterator[tuple[Highlight | None, str]]:
    """Cut a text, or the part of one that begins there, into what is highlighted and what is not.

    What lies outside of it is left out, and what lies over an earlier highlight, too.
    """
    done = 0
    for highlight in highlights:
        start, end = max(highlight.start - begins_at, done), highlight.end - begins_at
        if marked := text[start : max(end, 0)]:
            if start > done:
                yield None, text[done:start]
            yield highlight, marked
            done = start + len(marked)
    if done < len(text) or not text:
        yield None, text[done:]
