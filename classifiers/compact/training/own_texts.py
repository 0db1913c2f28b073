"""Comments of our own: templates whose slots are filled at random, the same ones for a seed.

They teach what the sets lack or get wrong: that naming a group is no attack on it, that quoting and
refusing an attack is none, threats of many kinds, harmless swearing, and civil political argument.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from classifiers.compact.training.examples import Example
from moderation.model.labels import Label

TEXTS = files("classifiers.compact.training") / "texts"

_SLOT = re.compile(r"\{(other )?([a-z]+)\}")

_PLACES = {"many": 0, "one": 1, "adjective": 2}
"""Where in a group's entry each form of it stands."""

_LISTS = {"works": "work", "relative": "relatives", "place": "places"}
"""The slots that are not called as the list that fills them."""

_IRREGULAR = {
    "is": "am",
    "was": "was",
    "does": "do",
    "flies": "fly",
    "studies": "study",
    "teaches": "teach",
    "coaches": "coach",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What fills the slots."""

    groups: Sequence[Sequence[str]]
    others: Mapping[str, Sequence[str]]


def own_examples(each: int, seed: int) -> Iterator[Example]:
    """Fill every file's templates so many times; each names all groups equally often."""
    words = _words()
    source = random.Random(seed)  # noqa: S311 - nothing secret
    for file in sorted(TEXTS.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".txt"):
            labels, sentences = _read(file)
            for number in range(each):
                group = words.groups[number % len(words.groups)]
                text = _filled(source.choice(sentences), group, words, source)
                yield Example(text, labels)


def _words() -> Words:
    found = tomllib.loads((TEXTS / "words.toml").read_text(encoding="utf-8"))
    return Words(found.pop("groups"), found)


def _read(file: Traversable) -> tuple[Mapping[Label, float], Sequence[str]]:
    """Read what a file's first line says that it teaches, and its sentences."""
    first, *sentences = file.read_text(encoding="utf-8").splitlines()
    pairs = (pair.split("=") for pair in first.removeprefix("#").split())
    return {Label(name): float(value) for name, value in pairs}, sentences


def _filled(sentence: str, group: Sequence[str], words: Words, source: random.Random) -> str:
    def fill(slot: re.Match[str]) -> str:
        other, name = slot[1], slot[2]
        if name in _PLACES:
            return (source.choice(words.groups) if other else group)[_PLACES[name]]
        word = source.choice(words.others[_LISTS.get(name, name)])
        return _as_i_say(word) if name == "work" else word

    text = _SLOT.sub(fill, sentence)
    return text[0].upper() + text[1:]


def _as_i_say(work: str) -> str:
    """Turn "writes novels" into "write novels"."""
    verb, _, rest = work.partition(" ")
    return f"{_IRREGULAR.get(verb, verb.removesuffix('s'))} {rest}"
