"""What `copydesk classify` prints: a table for people, JSONL or CSV for programs, line by line."""

import csv
import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rich.cells import cell_len, set_cell_size

from moderation.cli import screen
from moderation.model.decisions import Action
from moderation.model.labels import Label, Scores

DIGITS = 6
"""Of a score; classifiers compute in single precision, which has seven."""

NARROWEST_TEXT = 16
GAP = "  "


class OutputFormat(StrEnum):
    """How scored comments are printed."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Scored:
    """One comment and what was found; the language is None where nobody identified it."""

    text: str
    scores: Scores
    action: Action
    language: str | None = None


Write = Callable[[Scored], None]


def writer(output: OutputFormat, labels: Collection[Label]) -> Write:
    """Return what prints one comment at once; the head of the output is printed now."""
    ordered = [label for label in Label if label in labels]
    makers = {
        OutputFormat.TABLE: _table_writer,
        OutputFormat.JSONL: _jsonl_writer,
        OutputFormat.CSV: _csv_writer,
    }
    write = makers[output](ordered)

    def write_now(scored: Scored) -> None:
        write(scored)
        # Who follows a stream wants each answer when it is there.
        sys.stdout.flush()

    return write_now


def _jsonl_writer(labels: Sequence[Label]) -> Write:
    def write(scored: Scored) -> None:
        line = {
            "text": scored.text,
            "scores": {label: round(scored.scores[label], DIGITS) for label in labels},
            "language": scored.language,
            "action": scored.action,
        }
        # ASCII alone: no terminal obeys it, and every encoding can write it.
        screen.say(json.dumps(line))

    return write


def _csv_writer(labels: Sequence[Label]) -> Write:
    # All texts in quotes: the writer would leave them out around a lone "\r", which ends a row.
    lines = csv.writer(sys.stdout, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    lines.writerow(("text", "action", "language", *labels))
    # Files get texts exactly; a terminal would obey some of them.
    shown = screen.visible if sys.stdout.isatty() else str

    def write(scored: Scored) -> None:
        scores = (round(scored.scores[label], DIGITS) for label in labels)
        lines.writerow((shown(scored.text), scored.action, scored.language, *scores))

    return write


def _table_writer(labels: Sequence[Label]) -> Write:
    """Print rows of fixed width, for a table that fits its content would have to wait for it."""
    heads = [label.split("_") for label in labels]
    widths = [max(map(len, words)) for words in heads]
    action_width = max(map(len, Action))
    taken = action_width + sum(widths) + len(GAP) * (len(widths) + 1)
    text_width = max(screen.console().width - taken, NARROWEST_TEXT)

    def say(action: str, cells: Sequence[str], text: str) -> None:
        padded = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        screen.say(GAP.join((action.ljust(action_width), *padded, text)).rstrip())

    def write(scored: Scored) -> None:
        cells = [f"{scored.scores[label]:.3f}" for label in labels]
        say(scored.action, cells, _cut(screen.visible(scored.text), text_width))

    # The words of a label stand one above the other, so that six of them leave room for the text.
    say("", [words[0] if words[1:] else "" for words in heads], "")
    say("action", [words[-1] for words in heads], "comment")
    return write


def _cut(text: str, width: int) -> str:
    """Return what fits into so many columns; some characters take two."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"
