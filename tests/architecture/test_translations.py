"""Pages say nothing that a catalog cannot say in another language, and each catalog says all."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.translations import CATALOGS, DESK, read_catalog, words_of_the_pages

TEMPLATES = sorted((DESK / "templates").rglob("*.html"))
LANGUAGES = sorted(CATALOGS.glob("*.po"))
SAID = {"title", "aria-label", "placeholder", "alt"}
"""Attributes that people read or hear."""

ALIKE = {"Copydesk", "OK", "HTML"}
"""What is called so in every language."""

NOT_YET = {path.stem for path in TEMPLATES} - {"rates", "shares", "spike"}

PLACEHOLDER = re.compile(r"%\(\w+\)s")
TAG = re.compile(r"</?\w+[^>]*>")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_says_nothing_outside_the_catalogs(path: Path) -> None:
    if path.stem not in NOT_YET:
        assert list(untranslated(path.read_text())) == []


def test_what_is_not_translated_is_found() -> None:
    template = """
    <p>{{ _('Yes.') }} {% trans %}<b>More</b>{% endtrans %} {{ '%.2f' | format(2) }} {{ _(x) }}</p>
    <p title="A hint">Left <b>out</b></p>{{ button('decide', 'Press me') }}
    {% set word = 'a phrase' %}{{ 'Again' if again else _('Once') }}
    """
    assert list(untranslated(template)) == [
        "A hint",
        "Left",
        "out",
        "Press me",
        "a phrase",
        "Again",
    ]


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_catalog_says_all_that_pages_say_and_nothing_else(path: Path) -> None:
    catalog = read_catalog(path)
    there = {(message.context, message.id) for message in catalog if message.id and message.string}
    wanted = {(message.context, message.id) for message in words_of_the_pages() if message.id}
    assert there == wanted, "make translations brings what is new"
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_fills_in_what_the_message_does(path: Path) -> None:
    for message in read_catalog(path):
        if not message.id:
            continue
        ours = message.id if isinstance(message.id, tuple) else (message.id,)
        theirs = message.string if isinstance(message.string, tuple) else (message.string,)
        for said in theirs:
            assert said.strip(), message.id
            assert filled_in(said) == filled_in(ours[-1]), said


def filled_in(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text) + TAG.findall(text))


def untranslated(template: str) -> Iterator[str]:
    """Yield what a template says by itself: text, attributes, and phrases in its expressions."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(template)
    page = _Page()
    for said in _said(tree):
        page.feed(said)
    yield from page.found
    yield from (each for each in _phrases(tree) if each not in ALIKE)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self._note(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        for name, value in attrs:
            if name in SAID:
                self._note(value or "")

    def _note(self, text: str) -> None:
        if re.search(r"[^\W\d_]", text) and text.strip() not in ALIKE:
            self.found.append(text.strip())


def _said(node: nodes.Node) -> Iterator[str]:
    """Yield the bare data of a template, with nothing in place of what it fills in."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    for child in node.iter_child_nodes():
        yield from _said(child)


def _phrases(node: nodes.Node) -> Iterator[str]:
    """Yield strings in expressions that look like words for people, other than those for `_`."""
    if isinstance(node, nodes.Call) and _translates(node.node):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and _is_phrase(node.value):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _phrases(child)


def _translates(called: nodes.Expr) -> bool:
    names = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
    return isinstance(called, nodes.Name) and called.name in names


def _is_phrase(text: str) -> bool:
    return bool(re.match(r"[A-Z][a-z]", text) or re.search(r"[a-z] [a-z]", text))
