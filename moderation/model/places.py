"""Places: the section and the thread that a comment stands in, and patterns that name several."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

MOST_PATTERNS = 50
LONGEST_NAME = 255
ANY = "*"
"""In a pattern, any characters, or none."""


def folded(name: str) -> str:
    """Make capitals small, letter by letter: no name becomes longer than its column."""
    name = name.strip()
    return name.lower() if name.isascii() else "".join(map(_small, name))


def _small(letter: str) -> str:
    return next(one for one in (letter.casefold(), letter.lower(), letter) if len(one) == 1)


class PlaceKind(StrEnum):
    """What of a comment's place a pattern names."""

    SECTION = "section"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands: the names that its site gave, folded.

    They are stored so, and databases then compare the same letters as we do.
    """

    section: str | None = None
    thread: str | None = None

    def __post_init__(self) -> None:
        for kind in PlaceKind:
            object.__setattr__(self, kind, folded(getattr(self, kind) or "") or None)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Pattern:
    """The name of a section or of a thread, in which ANY stands for any characters."""

    kind: PlaceKind
    name: str

    def __post_init__(self) -> None:
        if not 0 < len(self.name) <= LONGEST_NAME or not self.folded or "\0" in self.name:
            raise ValueError("A section or a thread is named in 1 to 255 characters.")

    @property
    def folded(self) -> str:
        """The name in the letters of a place."""
        return folded(self.name)

    def fits(self, place: Place) -> bool:
        """Say whether this names the place."""
        name: str | None = getattr(place, self.kind)
        return name is not None and _fits(_parts(self.name), name)

    def is_the_same_as(self, other: "Pattern") -> bool:
        """Say whether both are written in the same letters."""
        return (self.kind, self.folded) == (other.kind, other.folded)

    def covers(self, other: "Pattern") -> bool:
        """Say whether this names every place that the other one names."""
        return self.kind is other.kind and _fits(_parts(self.name), other.folded)


def check_patterns(patterns: Sequence[Pattern]) -> None:
    """Raise ValueError where there are too many, or one names nothing that none before it does."""
    if len(patterns) > MOST_PATTERNS:
        raise ValueError("At most 50 places can have thresholds of their own.")
    for n, pattern in enumerate(patterns):
        if any(earlier.covers(pattern) for earlier in patterns[:n]):
            raise ValueError("Of two places that fit the same names, the narrower one comes first.")


def position_of(pattern: Pattern, patterns: Sequence[Pattern]) -> int:
    """Return where a pattern comes among others: before the first that would leave it nothing."""
    return next((n for n, one in enumerate(patterns) if one.covers(pattern)), len(patterns))


@lru_cache(1000)
def _parts(name: str) -> tuple[str, ...]:
    # Each comment is held against all patterns of its site.
    return tuple(folded(name).split(ANY))


def _fits(parts: tuple[str, ...], name: str) -> bool:
    """Say whether a name has these parts in this order, the first and the last at its ends."""
    first, *between = parts
    if not between:
        return name == first
    *between, last = between
    at, end = len(first), len(name) - len(last)
    if at > end or not (name.startswith(first) and name.endswith(last)):
        return False
    for part in between:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
