"""What readers see of a comment that its site sent as HTML."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.markup import as_read
from moderation.model.comments import MAX_TEXT_LENGTH, Format

CHARACTERS = st.characters(exclude_categories=["Cs"])


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("stu<b></b>pid id<i></i>iot", "stupid idiot"),
        ("stu</ nothing>pid", "stupid"),
        ("x<!-- a --!>idiot", "xidiot"),
        ("&#115;&#116;upid &amp;lt;", "stupid &lt;"),
        ('<p class="comment-body">كلكم كلاب</p>', "كلكم كلاب"),
        ("<p>One.</p>\n\n <p title='p>'>Two<br>three</p>", "One.\nTwo\nthree"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<script>you idiot</script><style>you moron</style>", "you idiotyou moron"),
        ("<math><mi>idiot</mi></math><svg><text>moron</text></svg>", "idiotmoron"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<a href='https://example.org/idiot'>here</a>", "here"),
        ("<img src=x alt=hello>", ""),
    ],
)
def test_html_is_read_as_a_browser_shows_it(sent: str, read: str) -> None:
    assert as_read(sent, Format.HTML) == read


def test_plain_text_stays_as_it_is() -> None:
    assert as_read(" a <b>bold</b> &amp; claim\n", Format.PLAIN) == " a <b>bold</b> &amp; claim\n"


@given(
    st.text(CHARACTERS), st.sampled_from(["<", "<!--", "<a x='", "</", "&#", "<![CDATA[", "<svg>"])
)
def test_no_markup_is_too_broken_to_be_read(text: str, opening: str) -> None:
    for broken in (text, opening + text, text + opening, opening.join(text)):
        assert isinstance(as_read(broken, Format.HTML), str)


@pytest.mark.parametrize("piece", ["<a ", "<b>", "<table>", "<!--", "<div><p>", "&"])
def test_the_longest_and_worst_markup_is_read(piece: str) -> None:
    longest = (piece * MAX_TEXT_LENGTH)[:MAX_TEXT_LENGTH]
    assert len(as_read(longest, Format.HTML)) <= MAX_TEXT_LENGTH


@pytest.mark.parametrize("run", [" ", "\t", " \n", "\n"])
def test_runs_of_blanks_take_no_time(run: str) -> None:
    longest = ("x" + run * MAX_TEXT_LENGTH)[: MAX_TEXT_LENGTH - 1] + "x"
    begun = time.process_time()
    for _ in range(10):
        as_read(longest, Format.HTML)

    # Ten times a step that is not linear take three seconds.
    assert time.process_time() - begun < 1.0
