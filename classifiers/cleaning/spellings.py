"""Spellings that hide a word: i d i o t, idiiiot, 1d10t, id*ot.

Each step puts a known word in the place of what stands there, or leaves it: a spelling that makes
no word changes nothing. Each is linear: no pattern can go back over what it has matched, and a
word is tried in a bounded number of ways.
"""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, product

from classifiers.cleaning.known_words import LONGEST, KnownWords, known_words

SHORTEST = 4
"""Letters of a word that counts; of shorter ones only those that are often masked."""

MOST_CHOICES = 3
"""Letters of one word that are tried in two ways."""

_SPACED = re.compile(
    r"(?<![^\W_])(?<![@$|#])[A-Za-z](?:[ ._\-*/,'][A-Za-z]){2,}(?![^\W_]|[@$|#][\w@$|#*]|\*\*)"
)

_APART = re.compile(r"[ ._\-*/,'][A-Za-z][ ._\-*/,'][A-Za-z](?![^\W_])")
"""The end of any such row, found in a fifth of the time."""

_ALONE = 12.0
"""What a letter that belongs to no word costs in a row: more than any word does."""

_FREQUENT = 2_600
"""The rank up to which two letters are a word of their own: is, to, an; and not hr or fc."""

_STRETCHED = re.compile(r"([A-Za-z])\1\1+", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]+")
_ROMAN = "IVXLCM"

_LETTERS_FOR = {
    "0": "o",
    "1": "il",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "g",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "il",
}
_MASKS = "*#_"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"

_WRITTEN = re.compile(
    # Possessive, and begun only where no such character stands before: nothing is read twice.
    r"(?<![\w@$!|*#/\\=&%])[A-Za-z]*+[0-9@$!|*#_][A-Za-z0-9@$!|*#_]*+"
    # In addresses and paths a digit is a digit.
    r"(?!\w|[/\\=&%]|\.\w)"
)
_SIGN = re.compile(r"[0-9@$|*#_]|![A-Za-z]")
"""Without one of these there is nothing to write out, and that is soon seen."""

_NUMBERED = re.compile(r"[A-Za-z]+[0-9]+|\$?[0-9]+[A-Za-z]{1,2}")
_BEGUN = re.compile(r"[A-Za-z]{1,2}\*\*+")


def joined(text: str) -> str:
    """Join single letters that stand apart and spell words.

    One of the words must have four letters or be often masked, so U.S.A., p.p.s. and a scale of
    C D E F G stay; what is joined without need, as N.A.T.O., means the same.
    """
    if not _APART.search(text):
        return text
    return _SPACED.sub(lambda match: _joined(match[0]), text)


def _joined(row: str) -> str:
    known = known_words()
    letters, signs = row[::2], row[1::2]
    words = _row_of_words(letters.lower(), known)
    if not any(known.counts(word, SHORTEST) for word in words):
        return row
    text, place = letters[: len(words[0])], len(words[0])
    for before, word in pairwise(words):
        # Letters of no word keep what stands between them.
        text += signs[place - 1] if len(before) == len(word) == 1 else " "
        text += letters[place : place + len(word)]
        place += len(word)
    return text


def _row_of_words(letters: str, known: KnownWords) -> list[str]:
    """Cut letters into the likeliest words, and single letters where there is none."""
    costs, sizes = [0.0], [0]
    for end in range(1, len(letters) + 1):
        best = (costs[-1] + _ALONE, 1)
        for size in range(2, min(end, LONGEST) + 1):
            rank = known.ranks.get(letters[end - size : end])
            if rank is not None and (size > 2 or rank < _FREQUENT):  # noqa: PLR2004 - two letters
                best = min(best, (costs[end - size] + math.log(rank), size))
        costs.append(best[0])
        sizes.append(best[1])
    words = []
    end = len(letters)
    while end:
        words.append(letters[end - sizes[end] : end])
        end -= sizes[end]
    return words[::-1]


def shortened(text: str) -> str:
    """Shorten letters that stand three times or more, where a known word comes of it.

    Emphasis loses nothing: the drawn-out word is read beside the plain one. Words as they are
    (www) stay, and so do XVIII, aaargh, pfffft and lmaooo.
    """
    if not _STRETCHED.search(text):
        return text
    return _LETTERS.sub(lambda match: _shortened(match[0]), text)


def _shortened(word: str) -> str:
    known = known_words()
    runs = list(_STRETCHED.finditer(word))
    if not runs or word.lower() in known.ranks or not word.strip(_ROMAN):
        return word
    likely = known.likeliest(spelling.lower() for spelling in _once_or_twice(word, runs))
    if likely is None or not known.counts(likely, SHORTEST - 1):
        return word
    return likely.upper() if word.isupper() else likely


def _once_or_twice(word: str, runs: list[re.Match[str]]) -> Iterator[str]:
    """Yield the word with each run as one letter or two; only as one where there are many."""
    choices = (1, 2) if len(runs) <= MOST_CHOICES else (1,)
    for times in product(choices, repeat=len(runs)):
        spelling, end = "", 0
        for run, count in zip(runs, times, strict=True):
            spelling += word[end : run.start()] + run[1] * count
            end = run.end()
        yield spelling + word[end:]


def written_out(text: str) -> str:
    """Write words in letters that have digits, signs or masks for some of them.

    Only what has a letter and makes a known word of four: F1, covid19, R2D2, l33t, snake_case and
    hash sums make none. Numbers with a unit (100m, 7th), names with a number (mountain5), prices,
    addresses, *emphasis* and footnotes* are not tried at all.
    """
    if not _SIGN.search(text):
        return text
    return _WRITTEN.sub(lambda match: _written_out(match[0]), text)


def _written_out(written: str) -> str:
    core = written.lstrip(_MASKS).rstrip("!")
    if not _BEGUN.fullmatch(core):
        core = core.rstrip(_MASKS).rstrip("!")
    if len(core) > LONGEST or core.isalpha() or _NUMBERED.fullmatch(core):
        return written
    word = _word(core.lower(), known_words())
    if word is None:
        return written
    return written.replace(core, word.upper() if core.isupper() else word, 1)


def _word(core: str, known: KnownWords) -> str | None:
    """Return the likeliest word for what is written, in small letters; None where it is none."""
    if not any(character.isalpha() for character in core):
        return None
    spellings = list(_spellings(core))
    masks = sum(map(core.count, _MASKS))
    if not masks:
        likely = known.likeliest(spellings)
        return likely if likely is not None and known.counts(likely, SHORTEST) else None
    # Digits beside masks are formulas: 5*x.
    if len(core) < SHORTEST or any(character.isdigit() for character in core):
        return None
    often = (known.masked_as(spelling, _MASKS) for spelling in spellings)
    return next(filter(None, often), None) or (
        known.likeliest(_filled(spellings)) if masks == 1 else None
    )


def _spellings(core: str) -> Iterator[str]:
    """Yield what the letters may be, masks left standing; nothing where that is too much."""
    choices = [_LETTERS_FOR.get(character, character) for character in core]
    if sum(len(choice) > 1 for choice in choices) <= MOST_CHOICES:
        yield from map("".join, product(*choices))


def _filled(spellings: Iterable[str]) -> Iterator[str]:
    """Yield the spellings with each letter of the alphabet for their one mask."""
    for spelling in spellings:
        start, _, end = re.split(f"([{_MASKS}])", spelling)
        for letter in _ALPHABET:
            yield start + letter + end
