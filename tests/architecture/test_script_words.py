"""Scripts say nothing by themselves: their words stand in the page, in its language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.translations import DESK

SCRIPTS = sorted((DESK / "static").glob("*.js"))
LAYOUT = (DESK / "templates" / "dashboard" / "layout.html").read_text()

NAMES = {"Enter", "Escape", "If-None-Match"}
"""Words that no person reads: of keys and headers."""

# Comments are taken along, so that no quotation mark in one begins a string.
WRITTEN = re.compile(r"//[^\n]*|\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")
SELECTOR = re.compile(r"[.#\[>]\w")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_says_nothing_by_itself(path: Path) -> None:
    assert list(phrases(path.read_text())) == []


def test_what_a_script_says_by_itself_is_found() -> None:
    script = """
    // "Nothing" of a comment.
    say("Undone"); say('a few words'); say(`Show ${more} comments`); say(words("undone"));
    const found = root.querySelector(".card form[data-undo]") ?? "#main > .banner";
    throw new Error("signed out, perhaps");
    """
    assert list(phrases(script)) == ["Undone", "a few words", "Show ${more} comments"]


def test_the_page_has_the_words_that_scripts_ask_for_and_no_others() -> None:
    asked = {
        name
        for path in SCRIPTS
        for call in re.findall(r"\bwords\(([^)]*)\)", path.read_text())
        for name in re.findall(r'"(\w+)"', call)
    }
    (there,) = re.findall(r'<template id="words"(.*?)</template>', LAYOUT, re.DOTALL)
    assert asked == {camel(name) for name in re.findall(r"data-([\w-]+)=", there)}


def camel(attribute: str) -> str:
    return re.sub(r"-(\w)", lambda found: found[1].upper(), attribute)


def phrases(script: str) -> Iterator[str]:
    """Yield the strings of a script that look like words for people."""
    # What an error says stands in the console.
    said = re.sub(r"new Error\([^)]*\)", "", script)
    for found in WRITTEN.finditer(said):
        text = found[1] or found[2] or found[3] or ""
        begins_a_phrase = re.match(r"[A-Z][a-z]", text) and text not in NAMES
        if begins_a_phrase or (re.search(r"[a-z] [a-z]", text) and not SELECTOR.search(text)):
            yield text
