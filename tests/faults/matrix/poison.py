"""Poison: comments that break whatever classifies them. No shipped registry knows of it."""

import ctypes
import os
import re
import resource
import signal
from collections.abc import Callable, Mapping, Sequence

from classifiers.interface import Classifier, nothing
from moderation.model.labels import Scores
from tests.faults.matrix.kinds import Kind

MEBIBYTE = 1024 * 1024


def poison_text(kind: Kind) -> str:
    """Return the text of a comment that does this to its classifier."""
    return f"Perfectly civil but for <<{kind}>>."


class Poisonable:
    """A classifier that obeys what a poison comment says, and else is the one inside."""

    def __init__(self, inner: Classifier) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        for text in texts:
            if found := _ORDER.search(text):
                _DOES[Kind(found.group(1))]()
        return self._inner.classify(texts, between=between)


def _abort() -> None:
    _leave_no_core()
    os.abort()


def _segfault() -> None:
    _leave_no_core()
    ctypes.string_at(0)


def _raise() -> None:
    raise RuntimeError("a text that the model cannot bear")


def _loop() -> None:
    while True:
        pass


def _exhaust_memory() -> None:
    """Ask for more than this process may have: a real MemoryError, and the machine survives."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + 64 * MEBIBYTE, limits[1]))
    try:
        bytearray(1024 * MEBIBYTE)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


def _be_killed() -> None:
    """End as the kernel ends who has taken the last memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def _address_space() -> int:
    with open("/proc/self/statm") as file:  # noqa: PTH123 - no path of ours
        return int(file.read().split()[0]) * resource.getpagesize()


def _leave_no_core() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


_ORDER = re.compile("<<(poison: [^>]+)>>")
_DOES: Mapping[Kind, Callable[[], None]] = {
    Kind.POISON_ABORT: _abort,
    Kind.POISON_SEGFAULT: _segfault,
    Kind.POISON_RAISE: _raise,
    Kind.POISON_LOOP: _loop,
    Kind.POISON_MEMORY: _exhaust_memory,
    Kind.POISON_KILLED: _be_killed,
}
