"""The ledger: what the service told its client, to be held against the database at the end."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from random import Random


@dataclass(slots=True)
class Entry:
    """One accepted comment, as the site knows it."""

    comment_id: str
    text: str
    revision: int = 1
    erased: bool = False


@dataclass
class Ledger:
    """Shared by the threads of the client; a borrowed comment is touched by nobody else."""

    entries: dict[str, Entry] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    oddities: list[str] = field(default_factory=list)
    """Answers that break the API's word."""
    _free: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, external_id: str, comment_id: str, revision: int, text: str) -> None:
        """Note that a new comment was accepted."""
        with self._lock:
            if external_id in self.entries or revision != 1:
                self.oddities.append(f"{external_id} is new and has revision {revision}")
            self.entries[external_id] = Entry(comment_id, text)

    def note(self, external_id: str, comment_id: str, revision: int) -> None:
        """Compare the answer about a known comment with what was told before."""
        entry = self.entries[external_id]
        if (comment_id, revision) != (entry.comment_id, entry.revision):
            with self._lock:
                self.oddities.append(
                    f"{external_id} is {comment_id} {revision}, was {entry.comment_id} "
                    f"{entry.revision}"
                )

    def borrow(self, random: Random) -> str | None:
        """Take some accepted comment that nobody works with; None while there is none."""
        with self._lock:
            if not self._free:
                return None
            place = random.randrange(len(self._free))
            self._free[place], self._free[-1] = self._free[-1], self._free[place]
            return self._free.pop()

    def give_back(self, external_id: str) -> None:
        """Let others borrow a comment from now on."""
        with self._lock:
            self._free.append(external_id)

    def count(self, what: str, number: int = 1) -> None:
        with self._lock:
            self.counts[what] += number

    def odd(self, what: str) -> None:
        with self._lock:
            self.oddities.append(what)
