"""Reading a page back: chips become the characters that they name, and then all must be there."""

import re
from typing import Any

from playwright.sync_api import Page

from api.dashboard.display import MOST_CHIPS

READ_CARDS = """() => {
  const read = (bdi) => {
    const pieces = [];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) pieces.push(["text", node.data]);
      else if (node.classList.contains("chip")) pieces.push(["chip", node.textContent]);
      else if (!node.classList.contains("visually-hidden")) node.childNodes.forEach(walk);
    };
    bdi.childNodes.forEach(walk);
    return pieces;
  };
  const all = (element, selector) => [...element.querySelectorAll(selector)].map(read);
  return [...document.querySelectorAll(".card, .rows > li")].map((card) => ({
    id: card.id.slice(2) || card.querySelector("a").href.split("/").pop(),
    broken: card.classList.contains("broken"),
    height: card.getBoundingClientRect().height,
    said: all(card, ".said .text bdi, .excerpt bdi").flat(),
    author: all(card, "h2 bdi")[0],
    role: all(card, ".about > .tag bdi")[0],
    where: all(card, ".where bdi"),
    details: Object.fromEntries(
      [...document.querySelectorAll(".details > div")].map((row) =>
        [row.querySelector("dt").textContent, all(row, "dd bdi")[0] ?? []])),
    source: all(document, "#source ~ details .text bdi")[0],
  }));
}"""

_CHIP = (
    r"U\+(?P<code>[0-9A-F]{4,6})(?: \u00d7(?P<times>\d+))?"
    r"|hidden: (?P<tags>.*)"
    r"|\+(?P<marks>\d+) marks"
)
_IN_PLAIN_TEXT = re.compile(
    "(\u27e8(?:U\\+[0-9A-F]{4,6}(?: \u00d7\\d+)?|hidden: .*?|\\+\\d+ marks)\u27e9)"
)
_NEVER_RAW = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u00ad\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e01ef]"
)

Pieces = list[tuple[str, str]]
"""Of a text on a page: each `text`, as it is written there, or `chip`."""


def cards_on(page: Page) -> list[dict[str, Any]]:
    """Return the comments on a page, their texts in pieces."""
    return page.evaluate(READ_CARDS)  # type: ignore[no-any-return]


def shows(pieces: Pieces | None, text: str) -> bool:
    """Say whether what is shown is this text, whole, with nothing in it that cannot be seen."""
    if pieces is None:
        return text == ""
    chips = sum(kind == "chip" for kind, _ in pieces)
    if any(_NEVER_RAW.search(shown) for _, shown in pieces):
        return False
    pattern = "".join(_pattern(kind, shown, chips >= MOST_CHIPS) for kind, shown in pieces)
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def shows_lines(pieces: Pieces | None, text: str) -> bool:
    """Say the same of a text in which line breaks are kept, of whatever system they are."""
    return shows(pieces, text.replace("\r\n", "\n"))


def _pattern(kind: str, shown: str, many: bool) -> str:  # noqa: FBT001 - of one text
    if kind == "chip":
        return _meant(shown)
    parts = _IN_PLAIN_TEXT.split(shown) if many else [shown]
    return "".join(
        _meant(part[1:-1]) if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )


def _meant(chip: str) -> str:
    """Return a pattern of the characters that a chip stands for."""
    found = re.fullmatch(_CHIP, chip, re.DOTALL)
    assert found, chip
    if found["code"]:
        return f"{re.escape(chr(int(found['code'], 16)))}{{{found['times'] or 1}}}"
    if found["marks"]:
        return f".{{{found['marks']}}}"
    # What a tag character hides may itself be invisible.
    return "".join(
        "[\U000e0000-\U000e007f]" if letter == "·" else chr(0xE0000 + ord(letter))
        for letter in found["tags"]
    )
