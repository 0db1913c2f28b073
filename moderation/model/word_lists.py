"""Word lists: words, phrases and expressions that flag or reject a comment that has one of them.

`moderation.word_matching` finds them in a text, and says what an entry may be written like.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.model.decisions import Action

MOST_LISTS = 10
MOST_ENTRIES = 1_000
"""Of one list."""
LONGEST_ENTRY = 100
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class WordList:
    """Entries under a name, and what becomes of a comment in which one of them is found."""

    name: str
    action: Action
    entries: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.action is Action.APPROVE:
            raise ValueError("a word list flags or rejects")
        if not 1 <= len(self.name) <= LONGEST_NAME or not self.name.isprintable():
            raise ValueError("a word list has a name of 1 to 60 characters, on one line")
        if not 1 <= len(self.entries) <= MOST_ENTRIES:
            raise ValueError("a word list has 1 to 1,000 entries")
        if not all(_can_be(entry) for entry in self.entries):
            raise ValueError("an entry has 1 to 100 characters, on one line")


def check_lists(lists: Sequence[WordList]) -> None:
    """Raise ValueError for too many lists, and for two of one name."""
    if len(lists) > MOST_LISTS:
        raise ValueError("a policy has at most 10 word lists")
    if len({one.name for one in lists}) < len(lists):
        raise ValueError("two word lists have the same name")


def _can_be(entry: str) -> bool:
    return 1 <= len(entry) <= LONGEST_ENTRY and entry.isprintable() and entry == entry.strip()
