"""The keys of the desk: one table, from which the list on the screen and the bindings are made."""

from dataclasses import dataclass

from api.dashboard.languages import noted


@dataclass(frozen=True, slots=True)
class Key:
    """One key, and what the button or link does that carries it (as `data-key`)."""

    key: str
    does: str


KEYS = (
    Key("j", noted("next comment")),
    Key("k", noted("previous comment")),
    Key("a", noted("approve")),
    Key("r", noted("reject: a digit gives the reason, r again takes the one that is marked")),
    Key("s", noted("skip: it comes back in half an hour")),
    Key("e", noted("escalate to operators: say why, or nothing, and press Enter")),
    Key("t", noted("show the text that your desk hides, or hide it again")),
    Key("x", noted("select, to decide on several together")),
    Key("b", noted("look at what you selected, before you decide on all of it")),
    Key("u", noted("undo what you did last")),
    Key("n", noted("next comment that nobody else is on")),
    Key("z", noted("one comment at a time, or all")),
    Key("/", noted("search")),
    Key("?", noted("this list")),
)
DIGITS = "123456789"
"""Each carries one of the site's reasons, while they are shown."""
