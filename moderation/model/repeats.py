"""Repeats: what is stored of a text so that others find it that say the same, or nearly so.

Of a longer text two numbers, each of two least hashes: one of the two is probably the same where
few words differ. By these others are found, in an index. Whether they say nearly the same a sketch
tells: a byte of eight more hashes, of which half have to be the same, as about half of the
sequences of letters have to be. Two texts that say something else share a number now and then, and
hardly ever a sketch.

Of a shorter text one number, of its letters without addresses and digits: advertisements change
those.
"""

import re
from dataclasses import dataclass

from moderation.model.ids import SiteId
from moderation.model.prints import Cut, digest, without_addresses

SHORTEST = 20
"""Bytes of letters from which on a repeated text says something: many say "Thanks!". They are some
20 letters of Latin script, and seven of Chinese."""

NUMBERED = ((0, 9), (4, 13))
"""Of which bins the numbers are; far from each other: an empty one borrows from the next."""
SKETCHED = (1, 3, 5, 7, 10, 12, 14, 16)
"""Of which bins the bytes of the sketch are, the lowest first."""
CLOSE = 4
"""So many bytes of two sketches are the same where texts say nearly the same."""

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Print:
    """By what a site finds texts that say the same, or nearly so; of short ones, one number."""

    number: int
    second: int | None = None
    sketch: int | None = None

    def is_like(self, other: "Print") -> bool:
        """Say whether two texts say the same, or nearly so; `storage.measures` says it in SQL."""
        if self.number != other.number and (self.second is None or self.second != other.second):
            return False
        if self.sketch is None or other.sketch is None:
            return True
        differ = self.sketch ^ other.sketch
        return sum(not differ >> 8 * place & 255 for place in range(len(SKETCHED))) >= CLOSE


def print_of(cut: Cut, site_id: SiteId) -> Print | None:
    """Return the print of a text; None of a short one. At another site it has another one."""
    if cut.least:
        # With the bin, and the steps to whoever lent the hash: else two bins have the same number.
        first, second = ([(place, *cut.least[place]) for place in bins] for bins in NUMBERED)
        return Print(_number(site_id, repr(first)), _number(site_id, repr(second)), _sketch(cut))
    letters = _lasting(cut)
    return Print(_number(site_id, letters)) if _says_something(letters) else None


def _number(site_id: SiteId, letters: str) -> int:
    # A signed column holds no more bits.
    return int(digest(f"{site_id.hex} {letters}"), 16) >> 1


def _sketch(cut: Cut) -> int:
    # Which bin a hash is in says its rest by 18, and so its lowest bit: bytes are of others.
    made = bytes(cut.least[place][1] >> 8 & 255 for place in SKETCHED)
    return int.from_bytes(made, "little", signed=True)


def _lasting(cut: Cut) -> str:
    """Return the letters that stay where links and numbers change, or all if that leaves few."""
    lasting = _DIGITS.sub("", without_addresses(cut.bare))
    return lasting if _says_something(lasting) else cut.letters


def _says_something(letters: str) -> bool:
    return len(letters.encode()) >= SHORTEST
