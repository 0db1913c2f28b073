"""Whatever strangers wrote, no terminal obeys what our commands and logs print of it."""

import csv
import io
import json
import logging
import unicodedata
from collections.abc import Iterator
from contextlib import redirect_stdout

import pytest
import structlog

from moderation.cli import screen
from moderation.cli.demo import _row
from moderation.cli.demo_client import Posted
from moderation.cli.score_output import OutputFormat, Scored, writer
from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.telemetry import configure_logs
from tests.hostile_texts import ALL

JOINERS = "\u200c\u200d"
"""Stand in words and emoji; no terminal does anything about them."""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(params=[Terminal, io.StringIO], ids=["terminal", "file"])
def out(request: pytest.FixtureRequest) -> io.StringIO:
    """Return what standard output leads to: a terminal, or else a file."""
    stream: io.StringIO = request.param()
    return stream


@pytest.fixture
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def obeyed(printed: str) -> set[str]:
    """Return the characters that a terminal would act on, or would not show."""
    return {
        char
        for char in printed
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        and char not in f"\n{JOINERS}"
    }


def classify_all(out: io.StringIO, output: OutputFormat) -> None:
    with redirect_stdout(out):
        write = writer(output, [Label.INSULT])
        for text in ALL:
            write(Scored(text, {Label.INSULT: 0.5}, Action.FLAG, "en"))


@pytest.mark.parametrize("output", [OutputFormat.TABLE, OutputFormat.JSONL])
def test_a_classified_comment_is_one_line_that_nobody_obeys(
    out: io.StringIO, output: OutputFormat
) -> None:
    classify_all(out, output)
    heads = {OutputFormat.TABLE: 2, OutputFormat.JSONL: 0}[output]
    assert out.getvalue().count("\n") == len(ALL) + heads
    assert obeyed(out.getvalue()) == set()


def test_csv_is_exact_in_a_file_and_obeyed_by_no_terminal(out: io.StringIO) -> None:
    classify_all(out, OutputFormat.CSV)
    if out.isatty():
        assert obeyed(out.getvalue()) == set()
    else:
        _, *rows = csv.reader(io.StringIO(out.getvalue(), newline=""))
        assert [row[0] for row in rows] == ALL


def test_the_demonstration_shows_comments_that_nobody_obeys(out: io.StringIO) -> None:
    with redirect_stdout(out):
        screen.table(
            ("", "kind", "comment", "status", "because"),
            [_row(Posted(text, text, text, text, text)) for text in ALL],
        )
    assert "<U+001B>" in out.getvalue()
    # A terminal is sent the colours of the table itself.
    assert obeyed(out.getvalue()) - ({"\x1b"} if out.isatty() else set()) == set()


def test_a_complaint_is_lines_that_nobody_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ALL:
        screen.complain(text)
    assert obeyed(capsys.readouterr().err) == set()


@pytest.mark.usefixtures("_logging_as_it_was")
@pytest.mark.parametrize("as_json", [True, False])
def test_an_event_of_the_log_is_one_line_that_nobody_obeys(as_json: bool) -> None:  # noqa: FBT001
    stream = io.StringIO()
    configure_logs(as_json=as_json, stream=stream)
    for text in ALL:
        structlog.get_logger().info("page_failed", route=text, deep={"seen": [text]})
        logging.getLogger("library").warning("it said %s", text)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2 * len(ALL)
    assert obeyed(stream.getvalue()) == set()
    if as_json:
        assert json.loads(lines[0])["route"] == ALL[0]
