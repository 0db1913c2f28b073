from datetime import UTC, datetime

import pytest

from moderation.cli import screen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[2J", "<U+001B>[2J"),
        ("a\u202eb", "a<U+202E>b"),
        ("i\u200bdiot", "i<U+200B>diot"),
        ("one\ntwo", "one ⏎ two"),
        ("\r\u2028", "<U+000D><U+2028>"),
        ("نص عربي", "نص عربي"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_what_a_terminal_would_obey_shows_as_a_code(text: str, shown: str) -> None:
    assert screen.visible(text) == shown


def test_a_long_text_is_cut() -> None:
    assert screen.shorten("abcdef", 6) == "abcdef"
    assert screen.shorten("abcdefg", 6) == "abcde…"


def test_a_table_shows_stored_text_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    moment = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    screen.table(("name", "when", "gone"), [("[red]Bob\x1b[0m[/red]", moment, None)])
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "Bob" in line]
    assert row.split() == ["[red]Bob<U+001B>[0m[/red]", "2026-11-02", "09:30", "UTC"]


def test_complaints_go_to_stderr_and_obey_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    screen.complain("no site named \x1b[2J", "/name: wrong")
    assert capsys.readouterr().err == "copydesk: no site named <U+001B>[2J\n  /name: wrong\n"
