"""The keys of the desk: one table, from which the list on the screen and the bindings are made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key, and what the button or link does that carries it (as `data-key`)."""

    key: str
    does: str


KEYS = (
    Key("j", "next comment"),
    Key("k", "previous comment"),
    Key("a", "approve"),
    Key("r", "reject: a digit gives the reason, r again takes the one that is marked"),
    Key("s", "skip: it comes back in half an hour"),
    Key("e", "escalate to operators: say why, or nothing, and press Enter"),
    Key("t", "show the text that your desk hides, or hide it again"),
    Key("x", "select, to decide on several together"),
    Key("b", "look at what you selected, before you decide on all of it"),
    Key("u", "undo what you did last"),
    Key("n", "next comment that nobody else is on"),
    Key("z", "one comment at a time, or all"),
    Key("/", "search"),
    Key("?", "this list"),
)
DIGITS = "123456789"
"""Each carries one of the site's reasons, while they are shown."""
