import io
from pathlib import Path

import pytest

from moderation.cli import import_files
from moderation.cli.import_files import FileFormat, format_of, read_lines
from moderation.model.errors import InvalidInput

HEADER = b"external_id,text\n"


def read(content: bytes, file_format: FileFormat) -> list[tuple[int, object]]:
    lines = read_lines(io.BytesIO(content), file_format)
    return [(line.number, line.problem or dict(line.fields)) for line in lines]


def jsonl(content: bytes) -> list[tuple[int, object]]:
    return read(content, FileFormat.JSONL)


def csv(content: bytes) -> list[tuple[int, object]]:
    return read(content, FileFormat.CSV)


def test_lines_of_json_are_numbered_and_blank_ones_passed_over() -> None:
    assert jsonl(b'{"a": 1}\n\n  \n{"b": "\xc3\xa9"}') == [(1, {"a": 1}), (4, {"b": "é"})]


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b'{"a": NaN}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b'{"a": ' * 5_000,
        b'{"a": 1',
    ],
)
def test_a_line_that_is_no_json_is_reported_and_the_next_one_read(line: bytes) -> None:
    assert jsonl(line + b'\n{"a": 1}\n') == [(1, "is not JSON in UTF-8"), (2, {"a": 1})]


@pytest.mark.parametrize("line", [b"[]", b"1", b'"text"', b"null"])
def test_a_line_that_is_no_object_is_reported(line: bytes) -> None:
    assert jsonl(line) == [(1, "is not a JSON object")]


@pytest.mark.parametrize("file_format", FileFormat)
def test_a_huge_line_is_passed_over_without_being_held(
    file_format: FileFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_files, "MAX_LINE_BYTES", 30)
    good = b'{"external_id": "1"}\n' if file_format is FileFormat.JSONL else b"1,x\n"
    head = b"" if file_format is FileFormat.JSONL else HEADER
    found = read(head + b"x" * 100 + b"\n" + good, file_format)
    first = len(head.splitlines()) + 1
    assert found[0] == (first, "is longer than 30 bytes")
    assert isinstance(found[1][1], dict)
    assert found[1][0] in (first, first + 1)


def test_a_mark_of_the_byte_order_is_no_part_of_the_first_name() -> None:
    assert csv(b"\xef\xbb\xbf" + HEADER + b"1,Hello\n") == [
        (2, {"external_id": "1", "text": "Hello"})
    ]
    assert jsonl(b'\xef\xbb\xbf{"a": 1}') == [(1, {"a": 1})]


def test_a_record_may_span_lines_and_is_numbered_by_its_first() -> None:
    found = csv(HEADER + b'1,"one\ntwo, ""three"""\n2,four\n')
    assert found == [
        (2, {"external_id": "1", "text": 'one\ntwo, "three"'}),
        (4, {"external_id": "2", "text": "four"}),
    ]


@pytest.mark.parametrize("mark", [b";", b"\t", b","])
def test_tables_of_other_countries_are_read(mark: bytes) -> None:
    content = HEADER.replace(b",", mark) + b"1" + mark + b"Hello\n"
    assert csv(content) == [(2, {"external_id": "1", "text": "Hello"})]


def test_a_record_of_another_width_is_reported() -> None:
    assert csv(HEADER + b"1\n2,Hello\n") == [
        (2, "has 1 columns, the header 2"),
        (3, {"external_id": "2", "text": "Hello"}),
    ]


def test_a_field_that_never_ends_is_reported_and_reading_goes_on() -> None:
    found = csv(HEADER + b'1,"' + b"x" * 200_000 + b"\n2,Hello\n")
    assert str(found[0][1]).startswith("is not CSV")
    assert found[-1] == (3, {"external_id": "2", "text": "Hello"})


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "these are missing: external_id, text"),
        (b"id,text\n", "these are missing: external_id"),
        (b"external_id,text,text\n", "names a column twice"),
        ("external_id,text\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_cannot_be_used_as_a_whole_says_why(content: bytes, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        csv(content)


def test_the_name_of_a_file_says_what_it_holds() -> None:
    assert format_of(Path("export.CSV"), None) is FileFormat.CSV
    assert format_of(Path("export.ndjson"), None) is FileFormat.JSONL
    assert format_of(Path("export.txt"), FileFormat.CSV) is FileFormat.CSV
    with pytest.raises(InvalidInput, match="--format"):
        format_of(Path("export.txt"), None)
