"""Markup: what readers see of a comment that its site sent as HTML.

Tags can cut a word in two for a classifier and for nobody else (`stu<b></b>pid`), and their own
letters count as Latin in a text that holds none. So an HTML comment is scored, searched and shown
to moderators as the text that a browser makes of it.
"""

import re
from html import unescape

import nh3

from moderation.model.comments import Format

BREAKS = frozenset(
    # A literal would be a page long.
    "article aside blockquote br caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "  # noqa: SIM905
    "header hr li main nav ol option p pre section summary table td th tr ul".split()
)
"""Elements that a browser puts on lines of their own: words on their two sides stay apart."""

_FOREIGN = frozenset(("math", "mi", "mn", "mo", "ms", "mtext", "svg", "text", "tspan"))
"""Where nh3 would drop the words together with the tags, and a browser shows them."""

_TAG = re.compile(r"</?([a-z][a-z0-9]*)>")
# From the first blank of a run and no other: else a run of them takes quadratic time.
_LINES = re.compile(r"(?<![ \t])[ \t]*+\n[ \t\n]*")

_LEADING = {"a", "area", "audio", "button", "embed", "form", "iframe", "img", "input", "source"}
_LEADING |= {"track", "video"}
_ATTRIBUTES = {"href", "src", "srcset", "action", "formaction", "poster", "background", "data"}
_UNREAD = {ord(character): None for character in "\t\n\r"}
_LEADS = re.compile(r"(?:https?:|[/\\]{2})", re.IGNORECASE)
_ADDRESS = re.compile(r"\bhttps?:[/\\]*[^\s<>\"]+|\bwww\.[^\s<>\"]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)]}'\u2019\u201d\u00bb"

_stripper = nh3.Cleaner(
    tags=set(BREAKS | _FOREIGN),
    attributes={"*": set()},
    # Scripts and styles too: a site that takes tags out may leave what stands between them.
    clean_content_tags=set(),
    generic_attribute_prefixes=set(),
    link_rel=None,
)


def as_read(text: str, written: Format) -> str:
    """Return the text as readers see it: plain text as it is, HTML without its markup.

    Parsed as browsers do (HTML Living Standard, section 13.2), in linear time. What no reader sees
    is left out: comments, attributes, `template`. Script and style count as text.
    """
    if written is Format.PLAIN:
        return text
    # Only bare tags are left, and every other "<" is written as "&lt;".
    marked = _TAG.sub(_line_break, _stripper.clean(text))
    return _LINES.sub("\n", unescape(marked)).strip()


def _line_break(tag: re.Match[str]) -> str:
    return "\n" if tag[1] in BREAKS else ""


def addresses_in(text: str, written: Format) -> frozenset[str]:
    """Return the web addresses in a text: those that readers see, and those behind its markup.

    They come as they are written, without the punctuation around them.
    """
    seen = as_read(text, written)
    found = {match.rstrip(_AFTER_ADDRESS) for match in _ADDRESS.findall(seen)}
    if written is Format.HTML:
        found |= {value for value in _values_in(text) if _LEADS.match(value)}
    return frozenset(found)


def _values_in(text: str) -> set[str]:
    """Return what stands in attributes by which a browser is led somewhere or fetches something."""
    found: set[str] = set()

    def note(_element: str, _attribute: str, value: str) -> None:
        # Browsers leave these out, wherever in an address they stand.
        found.add(value.translate(_UNREAD).strip())

    nh3.clean(
        text,
        tags=_LEADING,
        attributes={"*": _ATTRIBUTES},
        clean_content_tags=set(),
        url_schemes={"http", "https"},
        attribute_filter=note,
        link_rel=None,
    )
    return found
