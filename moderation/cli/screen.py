"""The terminal: tables and lines, in which no stored text can play tricks."""

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 240
"""Columns where no terminal says how many it has: files and pipes want whole values."""

_JOINERS = "\u200c\u200d"
"""Needed to write Persian, Hindi and families of emoji; harmless to a terminal."""


def visible(text: str) -> str:
    """Return one line in which control, direction and invisible characters show as codes."""
    return "".join(
        f"<U+{ord(char):04X}>" if _is_tricky(char) else char for char in text.replace("\n", " ⏎ ")
    )


def shorten(text: str, width: int) -> str:
    """Return the text, cut where it is longer than so many characters."""
    return text if len(text) <= width else text[: width - 1] + "…"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; moments in UTC, nothing for None."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_cell(value)) for value in row))
    console().print(grid)


def say(text: str) -> None:
    """Print one line as it is."""
    sys.stdout.write(text + "\n")


def complain(*lines: str) -> None:
    """Print what went wrong on stderr."""
    sys.stderr.write("copydesk: " + "\n  ".join(visible(line) for line in lines) + "\n")


def console() -> Console:
    """Return the terminal, or a wide page where the output goes elsewhere."""
    found = Console()
    return found if found.is_terminal else Console(width=WIDE)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return visible(str(value))


def _is_tricky(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} and (
        char not in _JOINERS
    )
