"""Word matching: which entries of word lists a text has, in time that grows with its length alone.

An entry is a word or a phrase, whole and as readers see it: capitals, accents, and what stands
between the words of a phrase make no difference. A `*` at its beginning or end stands for any
letters, and what stands between slashes is a regular expression of RE2, which never tries a text
twice. The one module that knows RE2.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import add

import re2

from moderation.model.errors import FieldError, InvalidInput
from moderation.model.folding import WORD, folded
from moderation.model.word_lists import WordList
from moderation.model.words import UNSPACED

MOST_FOUND = 50
"""Entries of one list that are told of a text."""

MOST_MEMORY = 32 * 1024 * 1024
"""For the expressions of a policy, and as much again for its words; usual lists take little."""
MOST_OF_ONE = 512 * 1024
"""For one expression: of larger ones a few would take minutes to be made ready."""

POLICIES = 16
"""Whose lists are kept ready."""

# A control character on both sides of each word, and one that no text has, to try a set with.
_EDGE, _PROBE = "\x01", "\x02"
_CONTROLS = re.compile("[\x01\x02]")
_QUOTES = str.maketrans("\u2018\u2019\u02bc", "'''")
_ANY = "*"
_TOO_LARGE = "The word lists are too large: use fewer or shorter entries."


class Matcher:
    """Finds entries in texts."""

    def __init__(self, entries: Sequence[str]) -> None:
        """Make the entries ready. Raises InvalidInput for those that nothing can be made of."""
        self._words = [one for one in entries if not _is_expression(one)]
        self._expressions = [one for one in entries if _is_expression(one)]
        self._of_words = _Set([_pattern(one) for one in self._words])
        self._of_expressions = _Set([one[1:-1] for one in self._expressions])

    def found_in(self, text: str, cleaned: str | None) -> frozenset[str]:
        """Return the entries that a text has, as it is read or as it reads without disguise."""
        views = {_without_controls(one) for one in (text, cleaned) if one}
        bare = {folded(one) for one in views}
        found = {self._words[n] for one in bare for n in self._of_words.in_text(_edged(one))}
        for one in views | bare if self._expressions else ():
            found |= {self._expressions[n] for n in self._of_expressions.in_text(one)}
        return frozenset(found)


class _Set:
    """Expressions that are looked for all at once."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._size = len(patterns)
        self._set = re2.Set.SearchSet(_options())
        try:
            for pattern in (*patterns, _PROBE):
                self._set.Add(pattern)
            self._set.Compile()
        except re2.error:
            raise InvalidInput(
                "The word lists are too large: use fewer or shorter entries."
            ) from None
        # Where memory is too short to search at all, RE2 says that nothing is found.
        if self._size not in self._matches(_PROBE):
            raise InvalidInput(_TOO_LARGE)

    def in_text(self, text: str) -> list[int]:
        """Return the numbers of the expressions that are found."""
        return self._matches(text) if self._size else []

    def _matches(self, text: str) -> list[int]:
        return list(self._set.Match(text) or ())


def check_entries(lists: Sequence[WordList]) -> None:
    """Raise InvalidInput where nothing can be made of an entry; it says of which."""
    wrong = tuple(
        FieldError(f"/word_lists/{number}/entries", f"{entry}: {problem}")
        for number, one in enumerate(lists)
        for entry in one.entries
        if (problem := _problem(entry))
    )
    if wrong:
        said = "; ".join(one.detail for one in wrong[:3])
        raise InvalidInput("An entry of a word list cannot be used: %(said)s.", wrong, said=said)
    _matcher(_entries(lists))


def words_in(lists: Sequence[WordList], text: str, cleaned: str | None = None) -> tuple[str, ...]:
    """Return the entries of some lists that a text has, in their order, each once.

    Raises InvalidInput as `check_entries` does.
    """
    if not lists:
        return ()
    found = _matcher(_entries(lists)).found_in(text, cleaned)
    named = (entry for one in lists for entry in _first(one.entries, found))
    return tuple(dict.fromkeys(named))


def _first(entries: Iterable[str], found: frozenset[str]) -> list[str]:
    return [entry for entry in entries if entry in found][:MOST_FOUND]


def _entries(lists: Sequence[WordList]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry for one in lists for entry in one.entries))


@lru_cache(maxsize=POLICIES)
def _matcher(entries: tuple[str, ...]) -> Matcher:
    return Matcher(entries)


def _problem(entry: str) -> str | None:
    if not _is_expression(entry):
        return None if _bare(entry).strip() else "write a word beside the *"
    try:
        found = re2.compile(entry[1:-1], _options(MOST_OF_ONE))
    except re2.error as error:
        return _said(error)
    return "it is found in every text" if found.search("") else None


def _said(error: Exception) -> str:
    """Return what RE2 says is wrong."""
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _is_expression(entry: str) -> bool:
    return len(entry) > 2 and entry[0] == entry[-1] == "/"  # noqa: PLR2004 - both slashes


def _pattern(entry: str) -> str:
    """Return the expression that finds a word or a phrase between the edges of words."""
    words = [_edged(word) for word in _bare(entry).split()]
    # Whatever stands between two words; nobody can tell what does where there are no edges.
    between = [f"[^{_EDGE}]+" if word.endswith(_EDGE) else r"\s+" for word in words]
    pattern = "".join(map(add, map(re2.escape, words), [*between[:-1], ""]))
    edge = re2.escape(_EDGE)
    if entry.startswith(_ANY):
        pattern = pattern.removeprefix(edge)
    return pattern.removesuffix(edge) if entry.endswith(_ANY) else pattern


def _bare(entry: str) -> str:
    """Return an entry without the `*` around it, as texts are compared."""
    return folded(entry.removeprefix(_ANY).removesuffix(_ANY))


def _edged(bare: str) -> str:
    """Return a folded text with an edge on each side of its words.

    None within what is written without spaces: nobody can tell where a word ends there.
    """
    return WORD.sub(_with_edges, bare.translate(_QUOTES))


def _with_edges(match: re.Match[str]) -> str:
    word = match[0]
    first = "" if UNSPACED.match(word[0]) else _EDGE
    last = "" if UNSPACED.match(word[-1]) else _EDGE
    return f"{first}{word}{last}"


def _without_controls(text: str) -> str:
    return _CONTROLS.sub(" ", text)


def _options(memory: int = MOST_MEMORY) -> re2.Options:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = False
    return options
