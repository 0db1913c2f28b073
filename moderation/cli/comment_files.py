"""Files of comments to classify: plain lines, JSONL or CSV, compressed or not, one at a time."""

import gzip
import lzma
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from moderation.cli.import_files import (
    BOM,
    UTF_16,
    FileFormat,
    Line,
    raw_lines,
    read_lines,
    too_long,
)
from moderation.cli.skipped import Skipped
from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.errors import InvalidInput

TEXT_COLUMNS = ("text", "comment_text", "comment", "tweet", "body", "content")
"""What files call the text of a comment, the likeliest first."""

_TABLES = {".csv": FileFormat.CSV, ".jsonl": FileFormat.JSONL, ".ndjson": FileFormat.JSONL}
_PACKINGS = frozenset({".xz", ".gz"})
_SPREADSHEETS = frozenset({".xlsx", ".xls", ".ods", ".numbers"})
_ANY_COLUMNS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comment:
    """The text of one line, and whatever else stands there."""

    number: int
    text: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommentFile:
    """An open file; `source` is what lies on the disk, to see how far the reader is."""

    content: BinaryIO
    source: BinaryIO
    size: int
    format: FileFormat | None

    def comments(self, column: str | None, skipped: Skipped) -> Iterator[Comment]:
        """Yield the comments; lines that hold none are skipped. Raises InvalidInput.

        `column` names the text; else it is found by the names that it often has.
        """
        if self.format is None:
            return comments_in(_plain_lines(self.content), None, skipped)
        lines = read_lines(self.content, self.format, _ANY_COLUMNS)
        if self.format is FileFormat.CSV:
            lines = _with_text(lines, column)
        return comments_in(lines, column, skipped)

    def rows(self, skipped: Skipped) -> Iterator[Comment]:
        """Yield all lines that can be read, without their texts. Raises InvalidInput."""
        if self.format is None:
            raise InvalidInput("A file with columns is a .csv or .jsonl file.")
        for line in read_lines(self.content, self.format, _ANY_COLUMNS):
            if line.problem:
                skipped.add(line.number, line.problem)
            else:
                yield Comment(line.number, "", line.fields)


@contextmanager
def opened_file(path: Path) -> Iterator[CommentFile]:
    """Open a file by the endings of its name.

    Raises InvalidInput for a spreadsheet, and where a packing is damaged.
    """
    packed = path.suffix.lower() in _PACKINGS
    kind = (path.with_suffix("") if packed else path).suffix.lower()
    if kind in _SPREADSHEETS:
        # Read as plain lines it would be thousands of bad ones.
        raise InvalidInput(f"{path} is a spreadsheet: save it as CSV in UTF-8.")
    with path.open("rb") as source:
        try:
            content = _unpacked(source, path.suffix.lower())
            yield CommentFile(content, source, path.stat().st_size, _TABLES.get(kind))
        except (lzma.LZMAError, gzip.BadGzipFile, zlib.error, EOFError):
            raise InvalidInput(f"{path} is damaged: it cannot be unpacked.") from None


def _unpacked(source: BinaryIO, packing: str) -> BinaryIO:
    if packing == ".xz":
        return cast("BinaryIO", lzma.LZMAFile(source))
    if packing == ".gz":
        return cast("BinaryIO", gzip.GzipFile(fileobj=source))
    return source


def comments_in_stream(stream: BinaryIO, skipped: Skipped) -> Iterator[Comment]:
    """Yield the comments of a stream, one on each line."""
    return comments_in(_plain_lines(stream), None, skipped)


def comments_in(lines: Iterable[Line], column: str | None, skipped: Skipped) -> Iterator[Comment]:
    """Yield the comments on these lines; what cannot be classified is skipped."""
    for line in lines:
        text = line.fields.get(text_column(line.fields, column) or "")
        if problem := line.problem or _problem(text):
            skipped.add(line.number, problem)
        else:
            yield Comment(line.number, str(text), line.fields)


def text_column(names: Iterable[str], wanted: str | None) -> str | None:
    """Return the column that holds the texts: the wanted one, or one with a likely name."""
    known = {name.lower(): name for name in names}
    candidates = TEXT_COLUMNS if wanted is None else (wanted.lower(),)
    return next((known[name] for name in candidates if name in known), None)


def _with_text(lines: Iterator[Line], column: str | None) -> Iterator[Line]:
    """Pass the lines of a table on. Raises InvalidInput where no column holds the texts."""
    checked = False
    for line in lines:
        if not checked and line.problem is None:
            checked = True
            if text_column(line.fields, column) is None:
                wanted = column or f"{', '.join(TEXT_COLUMNS[:-1])} or {TEXT_COLUMNS[-1]}"
                raise InvalidInput(
                    f"Line 1 names no column {wanted}; it names {', '.join(line.fields)}. "
                    "Say which one holds the texts: --text COLUMN."
                )
        yield line


def _problem(text: object) -> str | None:
    if text is None or text == "":
        return "has no text"
    if not isinstance(text, str):
        return "has something else than text as its text"
    if len(text) > MAX_TEXT_LENGTH:
        return f"has {len(text):,} characters, more than {MAX_TEXT_LENGTH:,}"
    # What is no UTF-8 was read as lone surrogates.
    return "is not UTF-8" if any("\ud800" <= char <= "\udfff" for char in text) else None


def _plain_lines(stream: BinaryIO) -> Iterator[Line]:
    for number, raw in raw_lines(stream):
        if raw is None:
            yield too_long(number)
            continue
        if number == 1 and raw[:2] in UTF_16:
            raise InvalidInput("The text is in UTF-16; save it as UTF-8.")
        text = raw.removeprefix(BOM) if number == 1 else raw
        if text.strip():
            yield Line(number, {"text": text.rstrip(b"\r\n").decode("utf-8", "surrogateescape")})
