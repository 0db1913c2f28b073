"""Languages: which one a comment is written in, told offline, a tenth of a millisecond each.

The model is py3langid's, which ships inside the package and scores pieces of words. What it was
asked to promise, and what it keeps, is measured in docs/languages.md.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from moderation.model.languages import NAMES, UNDETERMINED

SHORTEST = 20
"""Bytes of words (letters and spaces, in plain Latin script) below which nobody can tell."""

LONG = 40
"""Bytes from which on less is asked for, and a part may be surely in none that is expected."""

LONGEST = 120
"""Bytes after which a sentence is cut: half a comment in another language must not drown."""

SURE, SURE_OF_LONG, SURE_WITH_HINT = 0.85, 0.7, 0.5
"""From which confidence on a language is told."""

HARDLY = 0.1
"""The likelihood of all expected languages together below which a long part is in none of them."""

_PIDGIN, _NONE = "pcm", "zxx"
"""py3langid's names for Nigerian Pidgin, which English slang passes for, and for no language."""

_NO_WORDS = re.compile(
    r"https?://\S+|www\.\S+|(?<!\S)\S{1,64}@\S+|[@#]\w+|&\w{1,31};"
    # Words with digits, letters spaced out, and what cannot be seen.
    r"|\b\w{0,40}?\d\w*|\b[^\W\d_](?:[\W_]+[^\W\d_]\b){2,}|[\u00ad\u200b-\u200f\u2060]",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…;:()\"“”|\n\r\u0964\u3002\uff01\uff1f]+")
# Letters, with the accents and vowel signs that belong to them; no digits.
_WORD = re.compile(
    r"(?:[^\W\d_]|['\u2019\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0970-\u109f"
    r"\u1780-\u17d3])+"
)
# Greek and Cyrillic letters among Latin ones are a disguise, and no word of any language.
_LATIN, _LOOKALIKE = re.compile(r"[a-z]"), re.compile(r"[\u0370-\u052f]")
_STRETCHED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Identified:
    """A language that a text is in, by its code, and how sure that is, 0 to 1."""

    language: str
    confidence: float


def language_of(text: str, expected: frozenset[str], hint: str | None = None) -> Identified | None:
    """Return the language of a text; None where it is too short, or nobody can tell.

    Of a text in several languages one that is not `expected` is returned: a sentence of it is
    enough for a threat. `hint` is what somebody says, who may be wrong or lie: it makes sure what
    is likely already, and nothing else.
    """
    found = [one for part in _parts(text) if (one := _identify(part, expected, hint))]
    others = [one for one in found if one.language not in expected]
    return max(others or found, key=lambda one: one.confidence, default=None)


def load() -> None:
    """Load the model, half a second, so that processes forked later share its memory."""
    _model()


def _identify(part: str, expected: frozenset[str], hint: str | None) -> Identified | None:
    likely = _likelihoods(part)
    language = max(likely, key=likely.__getitem__)
    confidence = likely[language]
    if confidence >= _enough(part, hinted=language == hint):
        return None if language == _NONE else Identified(language, confidence)
    rest = sum(likely.get(one, 0.0) for one in (*expected, _NONE))
    if len(part.encode()) >= LONG and rest < HARDLY:
        return Identified(UNDETERMINED, 1.0 - rest)
    return None


def _enough(part: str, *, hinted: bool) -> float:
    if hinted:
        return SURE_WITH_HINT
    return SURE_OF_LONG if len(part.encode()) >= LONG else SURE


def _likelihoods(part: str) -> dict[str, float]:
    likely = dict(_model().rank(part))
    likely["en"] += likely.pop(_PIDGIN)
    return likely


@cache
def _model() -> Any:  # noqa: ANN401 - py3langid has no types
    """Load py3langid's model, cut down to our languages.

    It tells 140 apart. With few speakers and many false alarms, most of them would only make the
    others less sure.
    """
    langid = import_module("py3langid.langid")
    whole = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    whole.set_languages([*NAMES, _PIDGIN, _NONE])
    # Made anew, because the other keeps the columns of all languages as well.
    return langid.LanguageIdentifier(
        whole.nb_ptc,
        whole.nb_pc,
        whole.nb_classes,
        whole.tk_nextmove,
        whole.tk_output,
        norm_probs=True,
        tk_row=whole.tk_row,
    )


def _parts(text: str) -> Iterator[str]:
    """Yield the sentences of a text, long ones cut and short ones put together."""
    short: list[str] = []
    for sentence in _ENDS.split(_NO_WORDS.sub(" ", text)):
        for words in _cut(_words(sentence)):
            if _size(words) >= SHORTEST:
                yield " ".join(words)
            else:
                short = list(dict.fromkeys(short + words))
        if _size(short) >= SHORTEST:
            yield " ".join(short)
            short = []


def _words(sentence: str) -> list[str]:
    """Return the words of a sentence, without disguised ones and the letters that stretch them."""
    words: list[str] = _WORD.findall(_STRETCHED.sub(r"\1\1", sentence.lower()))
    if sentence.isascii():
        return words
    return [word for word in words if not (_LATIN.search(word) and _LOOKALIKE.search(word))]


def _cut(words: Iterable[str]) -> Iterator[list[str]]:
    """Cut into parts of a length that tells, each word once: what is repeated says no more."""
    part: dict[str, None] = {}
    for word in words:
        part[word] = None
        if _size(part) >= LONGEST:
            yield list(part)
            part = {}
    yield list(part)


def _size(words: Iterable[str]) -> int:
    return sum(len(word.encode()) + 1 for word in words)
