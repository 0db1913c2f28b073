"""Sentences and where they stand."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.compat.perspective.spans import MOST, spans_of
from moderation.model.comments import Format


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("  Only one  ", ["Only one"]),
        ("A line\nand a line\r\n\r\nand a third", ["A line", "and a line", "and a third"]),
        ('"Is it?" he said... "Yes."', ['"Is it?"', "he said...", '"Yes."']),
        ("See example.org/a.b?c=d! It costs 3.50.", ["See example.org/a.b?c=d!", "It costs 3.50."]),
        ("\u611a\u3002\u99ac\uff01\u306f\u3044", ["\u611a\u3002", "\u99ac\uff01", "\u306f\u3044"]),
        ("!!!", ["!!!"]),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    assert [span.text for span in spans_of(text, Format.PLAIN)] == sentences


@pytest.mark.parametrize(
    ("html", "sentences"),
    [
        ("<p>One. <b>Two.</b> Three</p><p>Four</p>", ["One.", "<b>Two.</b>", "Three", "Four"]),
        ('<a href="a. b">One</a> still', ['<a href="a. b">One</a> still']),
        ("One<BR/>Two<br>", ["One", "Two"]),
        ("<p></p><i></i>", ["<p></p><i></i>"]),
        ("a < b. And 2 > 1.", ["a < b. And 2 > 1."]),
    ],
)
def test_html_is_cut_between_its_tags(html: str, sentences: list[str]) -> None:
    assert [span.text for span in spans_of(html, Format.HTML)] == sentences


texts = st.text(st.sampled_from("aé😀愚 .!?…。\n\t<>/pb\"'\u202e\u0301"), min_size=1, max_size=60)


@given(text=texts | st.text(min_size=1), written=st.sampled_from(Format))
def test_every_span_is_where_it_says_and_no_word_is_outside(text: str, written: Format) -> None:
    text = text.replace("\0", " ")
    wide = text.encode("utf-16-le", "replace")
    text = wide.decode("utf-16-le")
    spans = spans_of(text, written)
    assert spans
    end = 0
    for span in spans:
        assert end <= span.begin <= span.end
        assert wide[2 * span.begin : 2 * span.end].decode("utf-16-le") == span.text
        if written is Format.PLAIN:
            assert not wide[2 * end : 2 * span.begin].decode("utf-16-le").strip()
        end = span.end


@pytest.mark.parametrize(
    "text", ["." * 20_480, ". " * 10_240, '.")' * 6_826, "<" * 20_480, "<a " * 6_826, "\n" * 20_480]
)
@pytest.mark.parametrize("written", list(Format))
def test_no_text_makes_many_spans(text: str, written: Format) -> None:
    assert 0 < len(spans_of(text, written)) <= MOST


@pytest.mark.parametrize("opening", ["<", "</", "<a "])
def test_a_tag_without_an_end_takes_no_time(opening: str) -> None:
    unending = (opening + "a" * 20_480)[:20_480]
    begun = time.process_time()
    for _ in range(5):
        spans_of(unending, Format.HTML)

    # Five times a step that is not linear take five seconds.
    assert time.process_time() - begun < 1.0
