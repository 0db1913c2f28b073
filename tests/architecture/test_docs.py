"""What the docs lead to is there: pages, headings, and commands with their options."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from moderation.cli.program import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
COPYDESK: Any = get_command(app)

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"(?:^|[/ ])copydesk ([a-z].*?)(?=; copydesk|&& copydesk|$)")
ENDS = re.compile(r" # |\||;|&&|>| \\$")
WORD = re.compile(r"[a-z]+(?![\w@./=])")


def anchors(page: Path) -> set[str]:
    """Return the names by which the headings of a page can be linked to."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def dead_links(page: Path) -> Iterator[str]:
    """Yield the links to our own pages that lead nowhere."""
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", page.read_text())):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def commands(text: str) -> Iterator[str]:
    """Yield what stands behind `copydesk`, in code between backticks and in blocks of shell."""
    yield from re.findall(r"`copydesk ([^`]+)`", FENCE.sub("", text))
    for block in re.findall(r"^ *```sh\n(.*?)```", text, re.MULTILINE | re.DOTALL):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            yield from CALL.findall(line)


def misspelt(command: str) -> str | None:
    """Return the first word of a command that is no subcommand and no option of it."""
    here: Any = COPYDESK
    for word in ENDS.split(command)[0].split():
        if word in getattr(here, "commands", ()):
            here = here.commands[word]
        elif hasattr(here, "commands") and WORD.fullmatch(word):
            return word
        elif word.startswith("--"):
            known = {name for each in here.params for name in (*each.opts, *each.secondary_opts)}
            if word.split("=")[0] not in known | {"--help"}:
                return word
    return None


@pytest.mark.parametrize("doc", PAGES, ids=NAMES)
def test_every_link_leads_to_a_page_and_a_heading_that_are_there(doc: Path) -> None:
    assert list(dead_links(doc)) == []


@pytest.mark.parametrize("doc", PAGES, ids=NAMES)
def test_every_command_and_option_can_be_called_as_it_is_written(doc: Path) -> None:
    wrong = {one: word for one in commands(doc.read_text()) if (word := misspelt(one))}
    assert wrong == {}


def test_what_is_misspelt_is_found() -> None:
    assert misspelt("author bann agora u-13") == "bann"
    assert misspelt("author ban agora u-13 --till 7d") == "--till"
    assert misspelt("author ban agora u-13 --for 7d  # --gone") is None


@pytest.mark.parametrize("name", COPYDESK.commands)
def test_operators_find_every_command(name: str) -> None:
    assert re.search(rf"copydesk {name}\b|^\| .*`{name}`.* \|", OPERATIONS, re.MULTILINE)
