"""Why versions were published, shadows run or training failed, where we said so ourselves.

What a person typed stays as it is. The database keeps our sentences in English, so that whoever
reads them next may read another language.
"""

import re
from collections.abc import Mapping

from api.dashboard.languages import gettext, noted, number, unrounded
from api.dashboard.our_sentences import OurSentences
from api.dashboard.override_words import place
from api.dashboard.tuning_words import OTHER_LANGUAGES
from moderation.model.policy import OtherLanguages

# Else what a person wrote behind one of them, as in "Back to version 3. I hope.", would be a value.
_AMOUNT = r"\d{1,9}(?:\.\d{1,9})?"
_NUMBERS = {
    "version": r"\d+",
    "comments": r"[\d,]{1,20}",
    "amount": _AMOUNT,
    "attributes": rf"[A-Z_]+ {_AMOUNT}(?:, [A-Z_]+ {_AMOUNT})*",
}

_SENTENCES = OurSentences(
    (
        noted("The first policy of a new site."),
        noted("its training was ended from outside"),
        noted("There are too few decisions to learn from."),
        noted("Back to version %(version)s."),
        noted("Version %(version)s, beside what came after it."),
        noted("As everywhere again: %(place)s."),
        noted("Comments in other languages: %(action)s."),
        noted("Carried over from %(old)s, on %(comments)s comments."),
        noted("From Perspective, %(attributes)s: the same share, on %(comments)s comments."),
        noted("Advised for at most %(amount)s flags a day, on %(comments)s comments."),
        noted("Advised for at most %(amount)s hours of reading a day, on %(comments)s comments."),
        noted(
            "Advised for at most %(amount)s %% missed of what moderators would reject, "
            "on %(comments)s comments."
        ),
    ),
    _NUMBERS,
)


_SCORE = re.compile(_AMOUNT)
"""Of one of Perspective's attributes, as in "TOXICITY 0.5, INSULT 0.8"."""


def in_words(reason: str) -> str:
    """Return a reason in the language of this page where it is one of ours, else as it stands."""
    found = ours(reason)
    if found is None:
        return reason
    sentence, values = found
    said = {name: _value(name, value) for name, value in values.items()}
    return gettext(sentence, **said)


def ours(reason: str) -> tuple[str, Mapping[str, str]] | None:
    """Return which sentence of ours a reason is, with its values; None where it is none."""
    return _SENTENCES.find(reason)


def _value(name: str, value: str) -> str:
    if name == "place":
        return place(value)
    if name == "action" and value in set(OtherLanguages):
        return OTHER_LANGUAGES[OtherLanguages(value)]
    if name == "comments" and value.replace(",", "").isdecimal():
        return number(int(value.replace(",", "")))
    if name == "amount":
        return unrounded(float(value))
    return (
        _SCORE.sub(lambda one: unrounded(float(one[0])), value) if name == "attributes" else value
    )
