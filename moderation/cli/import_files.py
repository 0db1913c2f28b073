"""Reading comments from files, a line at a time, whatever the lines hold."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from pydantic_core import from_json

from moderation.model.errors import InvalidInput
from moderation.services.import_fields import REQUIRED, unknown_fields

MAX_LINE_BYTES = 1024 * 1024
"""No comment needs more, and a file without line ends must not fill the memory."""

BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",;\t"


class FileFormat(StrEnum):
    """What a file holds: a JSON object on each line, or a table with a header."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Line:
    """What one line (of CSV: one record) holds; `problem` says why it cannot be read."""

    number: int
    fields: Mapping[str, object]
    problem: str | None = None


def format_of(path: Path, given: FileFormat | None) -> FileFormat:
    """Return the file's format by its name. Raises InvalidInput if that says nothing."""
    if given is not None:
        return given
    suffix = path.suffix.lower().lstrip(".")
    known = {"jsonl": FileFormat.JSONL, "ndjson": FileFormat.JSONL, "csv": FileFormat.CSV}
    if suffix not in known:
        raise InvalidInput("Say what the file holds: --format jsonl or --format csv.")
    return known[suffix]


def read_lines(
    file: BinaryIO, file_format: FileFormat, required: frozenset[str] = REQUIRED
) -> Iterator[Line]:
    """Return the file's lines; a table must have the required columns.

    Raises InvalidInput if the file as a whole cannot be used.
    """
    start = file.read(3)
    if start[:2] in UTF_16:
        raise InvalidInput("The file is in UTF-16; save it as UTF-8.")
    file.seek(3 if start == BOM else 0)
    return _read_jsonl(file) if file_format is FileFormat.JSONL else _read_csv(file, required)


def unknown_columns(line: Line) -> set[str]:
    """Return the names in a line that mean nothing to us."""
    return unknown_fields(set(line.fields))


def _read_jsonl(file: BinaryIO) -> Iterator[Line]:
    for number, raw in raw_lines(file):
        if raw is None:
            yield too_long(number)
        elif raw.strip():
            yield _parse_json(number, raw)


def _parse_json(number: int, raw: bytes) -> Line:
    try:
        # This parser refuses bad UTF-8, lone surrogates, deep nesting, and NaN.
        value = from_json(raw, allow_inf_nan=False)
    except ValueError:
        return Line(number, {}, "is not JSON in UTF-8")
    if not isinstance(value, dict):
        return Line(number, {}, "is not a JSON object")
    return Line(number, value)


def _read_csv(file: BinaryIO, required: frozenset[str]) -> Iterator[Line]:
    lines = _TextLines(file)
    reader = csv.reader(lines, delimiter=_delimiter(file))
    header = _header(reader, required)
    while True:
        number = lines.number + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Line(number, {}, f"is not CSV: {error}")
            continue
        yield from lines.take_unreadable()
        if row is None:
            return
        if row:
            yield _record(number, header, row)


def _delimiter(file: BinaryIO) -> str:
    start = file.tell()
    header = file.readline(MAX_LINE_BYTES)
    file.seek(start)
    return max(_DELIMITERS, key=lambda char: header.count(char.encode()))


def _header(reader: Iterator[list[str]], required: frozenset[str]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise InvalidInput(f"The first line is not a CSV header: {error}.") from None
    if missing := required.difference(name.lower() for name in header):
        names = ", ".join(sorted(missing))
        raise InvalidInput(f"The first line must name the columns; these are missing: {names}.")
    if len(set(header)) < len(header):
        raise InvalidInput("The first line names a column twice.")
    return header


def _record(number: int, header: list[str], row: list[str]) -> Line:
    if len(row) != len(header):
        return Line(number, {}, f"has {len(row)} columns, the header {len(header)}")
    return Line(number, dict(zip(header, row, strict=True)))


class _TextLines:
    """The lines of a file as text, with the number of the last one, for the CSV reader."""

    def __init__(self, file: BinaryIO) -> None:
        self.number = 0
        self._lines = raw_lines(file)
        self._unreadable: list[Line] = []

    def __iter__(self) -> "_TextLines":
        return self

    def __next__(self) -> str:
        for number, raw in self._lines:
            self.number = number
            if raw is not None:
                # Bytes that are no UTF-8 become characters that no field accepts.
                return raw.decode("utf-8", "surrogateescape")
            self._unreadable.append(too_long(number))
        raise StopIteration

    def take_unreadable(self) -> list[Line]:
        """Return the lines that were passed over since the last call."""
        taken, self._unreadable = self._unreadable, []
        return taken


def raw_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield numbered lines, None for one that is too long."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if line.endswith(b"\n") or len(line) < MAX_LINE_BYTES:
            yield number, line
            continue
        while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield number, None


def too_long(number: int) -> Line:
    """Return a line that was passed over without being held."""
    return Line(number, {}, f"is longer than {MAX_LINE_BYTES} bytes")
