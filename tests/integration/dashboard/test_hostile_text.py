"""Whatever strangers write is shown exactly and can do nothing."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import api.dashboard
from api.dashboard import display
from moderation.model.comments import Author, Format, Thread
from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from tests.applications import replace_filter
from tests.complaining import appealed, decide, reported
from tests.factories import HOSTILE, Agora, classify_all, flagged_comment, mark_words, submit
from tests.integration.dashboard.conftest import Browser

NASTY = [
    "<script>window.PWN=1</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "</textarea></title><iframe src=//evil.example>",
    "{{ 1234567*8 }} {% raise %} ${1234567*8} #{1234567*8}",
    "http://evil.example/ www.evil.example <a href='http://evil.example'>click</a>",
    "\u202egnirts\u202c zero\u200bwidth \x07 \ufeff",
    "z" + "\u0301" * 200,
    "W" * 5000,
    "' OR 1=1 --",
    "<!-- --><style>*{display:none}</style>",
    "&lt;b&gt; &amp;amp; &#x3c;",
    "\U000e0049\U000e0067",
]
IN_TEXT = {"bdi", "span", "mark"}
FORBIDDEN = [
    *("|safe", "| safe", "Markup(", "autoescape false"),
    *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("),
]


class Inside(HTMLParser):
    """Collects the elements inside of comment texts, and everything that could be a danger."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.elements: set[str] = set()
        self.all: list[str] = []
        self.handlers: list[str] = []
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append(tag)
        given = dict(attrs)
        self.handlers += [name for name in given if name.startswith("on") or name == "style"]
        self.links.add(given.get("href") or given.get("src") or "/")
        if self.depth:
            self.elements.add(tag)
        if self.depth or "text" in (given.get("class") or "").split():
            self.depth += tag not in {"input", "br", "img"}

    def handle_endtag(self, tag: str) -> None:
        del tag
        self.depth = max(0, self.depth - 1)


def inspect(page: str) -> Inside:
    found = Inside()
    found.feed(page)
    return found


def post_everywhere(
    runtime: Runtime, agora: Agora, nasty: str, number: int, written: Format
) -> None:
    submit(
        runtime,
        agora.site_id,
        f"{number}{nasty}"[:255].replace("\0", ""),
        text=nasty,
        format=written,
        author=Author(id=nasty[:255], name=nasty[:255], role=nasty[:64], url=nasty),
        thread=Thread(id=nasty[:255], url=nasty, title=nasty, section=nasty[:255]),
        url=nasty,
        parent_external_id=nasty[:255],
        language=nasty[:35],
    )


@pytest.mark.parametrize("written", Format)
def test_nothing_that_strangers_write_becomes_markup(
    runtime: Runtime, agora: Agora, alice: Browser, written: Format
) -> None:
    for number, nasty in enumerate(NASTY):
        post_everywhere(runtime, agora, nasty, number, written)
    classify_all(runtime, HOSTILE)
    # Every second character, and some behind the end.
    mark_words(runtime, [Mark(at, at + 1, Label.INSULT, 0.9) for at in range(0, 6_000, 2)])
    queue = alice.get("/queue").text
    pages = [queue, alice.get("/comments").text]
    links = [link for link in inspect(queue).links if "/comments/" in link]
    pages += [alice.get(link).text for link in sorted(links)]
    assert len(pages) == 2 + len(NASTY)
    for page in pages:
        found = inspect(page)
        assert found.elements <= IN_TEXT
        assert found.handlers == []
        assert found.all.count("script") == 1
        assert not {"iframe", "style", "object", "base"} & set(found.all)
        assert all(link.startswith(("/", "#")) for link in found.links)
        assert "9876536" not in page
        for unseen in "\u202e\u200b\x07\ufeff\U000e0049":
            assert unseen not in page
    assert "<mark " in queue


def test_what_was_written_is_shown_exactly(runtime: Runtime, agora: Agora, alice: Browser) -> None:
    flagged_comment(runtime, agora.site_id)
    submit(runtime, agora.site_id, "c2", text="a < b && \"c\" > 'd'\n\n  e &amp; f")
    classify_all(runtime, HOSTILE)
    page = alice.get("/queue").text
    assert "a &lt; b &amp;&amp; &#34;c&#34; &gt; &#39;d&#39;\n\n  e &amp;amp; f</bdi>" in page


def test_html_is_shown_as_readers_see_it_and_its_source_on_its_page(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    html = "<p>You <b>are</b> kind.</p><p><a href='https://evil.example'>More</a></p>"
    comment_id = submit(runtime, agora.site_id, text=html, format=Format.HTML).comment_id
    classify_all(runtime, HOSTILE)
    page = alice.get("/queue").text
    assert "You are kind.\nMore</bdi>" in page
    assert "You are kind. More</bdi>" in alice.get("/comments").text
    assert "evil.example" not in page
    assert "href=&#39;https://evil.example&#39;" in alice.get(f"/comments/{comment_id}").text


def test_a_search_for_markup_shows_markup_as_text(alice: Browser) -> None:
    page = alice.get('/comments?text="><script>alert(1)</script>&author=%25_').text
    assert inspect(page).all.count("script") == 1


def test_one_broken_card_does_not_break_the_page(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    flagged_comment(runtime, agora.site_id)
    submit(runtime, agora.site_id, "c2", text="the text that breaks")
    classify_all(runtime, HOSTILE)
    whole = display.pieces

    def breaks(text: str, **options: Any) -> list[display.Piece]:  # noqa: ANN401 - as they are
        if "breaks" in text:
            raise TypeError(text)
        return whole(text, **options)

    replace_filter(alice.client.application, "pieces", breaks)
    page = alice.get("/queue").text
    assert "You are an idiot." in page
    assert "This comment cannot be drawn" in page
    assert page.count('value="approve"') == 2
    rows = alice.get("/comments").text
    assert "You are an idiot." in rows
    assert "This comment cannot be drawn" in rows


def test_a_comment_whose_every_text_breaks_has_a_page_and_is_decided_there(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise TypeError

    author = Author(name="Tom")
    found = submit(runtime, agora.site_id, text="<p>", format=Format.HTML, author=author).comment_id
    classify_all(runtime, HOSTILE)
    decide(runtime, agora.olga, found, Action.REJECT, words=Words(note="no"))
    appealed(runtime, agora.site_id, found)
    reported(runtime, agora.site_id, found, words="reader")
    replace_filter(alice.client.application, "pieces", breaks)
    page = alice.get(f"/comments/{found}").text
    assert page.count("This comment cannot be drawn") == 1
    assert page.count("This part cannot be drawn") > 4
    at = f"/comments/{found}"
    done = alice.post(f"{at}/decide", action="approve", seen=3, reports=1, back=at).location
    assert "Approved" in alice.get(done).text


def test_no_template_or_script_opts_out_of_escaping() -> None:
    folder = Path(api.dashboard.__file__).parent
    files = [path for path in folder.rglob("*") if path.suffix in {".html", ".py", ".js"}]
    assert len(files) > 20
    for path in files:
        for forbidden in FORBIDDEN:
            assert forbidden not in path.read_text(), path
        assert not re.search(r"\bstyle=", path.read_text()), path
