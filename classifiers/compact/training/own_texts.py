"""Comments of our own: templates whose slots are filled at random, the same ones for a seed.

They teach what the sets lack or get wrong: that naming a group is no attack on it, that quoting and
refusing an attack is none, threats of many kinds, harmless swearing, and civil political argument.
One template in so many is never learnt from: what stands only in its fillings shows nothing new.
"""

import random
import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from classifiers.compact.training.examples import Example
from moderation.model.labels import Label

TEXTS = files("classifiers.compact.training") / "texts"

_SLOT = re.compile(r"\{(other )?([a-z]+)\}")
_BEGINNING = re.compile(r"(^|[.!?] )\"?$")
"""What stands before a slot whose filling begins a sentence."""

KEPT_SHARE = 12
"""One template in so many is kept aside, whole."""

LETTERS = 0.125
"""The share of longer comments: one template among a few civil ones.

So an attack is also learnt amid courtesy, and courtesy alone is never a sign of one.
"""

CIVIL = ("civil_argument.txt", "plain_talk.txt")

_FORMS = {
    "many": ("groups", 0),
    "one": ("groups", 1),
    "adjective": ("groups", 2),
    "slurs": ("slurs", 0),
    "aslur": ("slurs", 1),
    "slur": ("slurs", 2),
    "insults": ("insults", 0),
    "aninsult": ("insults", 1),
    "insult": ("insults", 2),
    "ourselves": ("reclaimed", 0),
    "oneofus": ("reclaimed", 1),
    "ours": ("reclaimed", 2),
}
"""The slots that are filled with a form of an entry: its list, and where the form stands."""

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

    entries: Mapping[str, Sequence[Sequence[str]]]
    lists: Mapping[str, Sequence[str]]


def own_examples(each: int, seed: int, *, kept: bool, of_template: int = 0) -> Iterator[Example]:
    """Fill every file's learnt or kept templates so often; each names all groups equally often.

    `of_template` is how many fillings a file has at least for each template, on average.
    """
    words = _words()
    groups = words.entries["groups"]
    source = random.Random(seed)  # noqa: S311 - nothing secret
    found = {file.name: _read(file, kept=kept) for file in _sorted_files()}
    civil = [template for name in CIVIL for template in found[name][1]]
    for labels, templates in found.values():
        for number in range(max(each, of_template * len(templates))):
            group = groups[number % len(groups)]
            parts = [source.choice(templates)]
            if source.random() < LETTERS:
                parts += source.choices(civil, k=source.randint(1, 3))
                source.shuffle(parts)
            text = " ".join(_filled(part, group, words, source) for part in parts)
            yield Example(text, labels, certain=True)


def is_kept(template: str) -> bool:
    """Say whether a template is kept aside: always the same ones, whatever stands around them."""
    return zlib.crc32(template.encode()) % KEPT_SHARE == 0


def _words() -> Words:
    found = tomllib.loads((TEXTS / "words.toml").read_text(encoding="utf-8"))
    entries = {name: found.pop(name) for name in ("groups", "slurs", "insults", "reclaimed")}
    return Words(entries, found)


def _sorted_files() -> list[Traversable]:
    found = (file for file in TEXTS.iterdir() if file.name.endswith(".txt"))
    return sorted(found, key=lambda file: file.name)


def _read(file: Traversable, *, kept: bool) -> tuple[Mapping[Label, float], Sequence[str]]:
    """Read what a file's first line says that it teaches, and its learnt or kept templates."""
    first, *templates = file.read_text(encoding="utf-8").splitlines()
    pairs = (pair.split("=") for pair in first.removeprefix("#").split())
    labels = {Label(name): float(value) for name, value in pairs}
    return labels, [template for template in templates if is_kept(template) == kept]


def _filled(template: str, group: Sequence[str], words: Words, source: random.Random) -> str:
    """Fill the slots: forms of one entry belong together, so "you {slur}, all {slurs}" agree."""
    same = {name: source.choice(entries) for name, entries in words.entries.items()}
    same["groups"] = group

    def fill(slot: re.Match[str]) -> str:
        other, name = slot[1], slot[2]
        if name in _FORMS:
            kind, place = _FORMS[name]
            word = (source.choice(words.entries[kind]) if other else same[kind])[place]
        else:
            word = source.choice(words.lists["work" if name == "works" else name])
        word = _as_i_say(word) if name == "work" else word
        begins = _BEGINNING.search(template[: slot.start()])
        return word[0].upper() + word[1:] if begins else word

    return _SLOT.sub(fill, template)


def _as_i_say(work: str) -> str:
    """Turn "writes novels" into "write novels"."""
    verb, _, rest = work.partition(" ")
    return f"{_IRREGULAR.get(verb, verb.removesuffix('s'))} {rest}"
