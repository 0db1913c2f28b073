"""Strangers' words on one line, in which nothing hides."""

import pytest

from moderation.model.plain import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\r\n lines\u2028and\ttabs", "two lines and tabs"),
        ("\x1b[31mred\0", "⟨U+001B⟩[31mred⟨U+0000⟩"),
        ("turned \u202eround", "turned ⟨U+202E⟩round"),
        ("no character: \ufffe", "no character: ⟨U+FFFE⟩"),
        ("half \ud800", "half ⟨U+D800⟩"),
        ("\u0646\u200c\u0646", "\u0646\u200c\u0646"),
        ("much too long", "much too…"),
    ],
)
def test_a_text_becomes_one_line(text: str, shown: str) -> None:
    assert plain(text, 9 if text.startswith("much") else 100) == shown
