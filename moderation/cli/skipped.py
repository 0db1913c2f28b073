"""Lines that cannot be used: named one by one, and counted at the end."""

import typer

from moderation.cli import screen

MOST_NAMED = 20
"""A file in another encoding has a bad line for every good one."""


class Skipped:
    """Says on stderr which lines cannot be used and why; repeats nothing that they hold."""

    def __init__(self, noun: str = "line") -> None:
        self._noun = noun
        self.count = 0

    def add(self, number: int, problem: str) -> None:
        """Note one by its number; `problem` goes on from there, as in "is not UTF-8"."""
        self.count += 1
        if self.count <= MOST_NAMED:
            screen.complain(f"{self._noun} {number} {problem}")

    def end(self) -> None:
        """Say how many there were. Raises typer.Exit with 1 if there was one."""
        if not self.count:
            return
        unnamed = self.count - MOST_NAMED
        more = f", {unnamed:,} of them not named here" if unnamed > 0 else ""
        one = self.count == 1
        was = f"1 {self._noun} was" if one else f"{self.count:,} {self._noun}s were"
        screen.complain(f"{was} skipped{more}")
        raise typer.Exit(1)
