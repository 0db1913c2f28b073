"""The classifier alone: the peer that shows what queue and database cost.

Processes as many as the workers take batches of the same size from one list, and keep the scores.
Judging is what it is in a worker: the language, the letters and the scores of each comment. Where a
worker also looked for the words that raised them, the peer is asked the same.
"""

import multiprocessing
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Lock
from typing import Any

from classifiers import registry
from classifiers.explaining import explain
from classifiers.interface import Classifier
from classifiers.languages import language_of
from moderation.model.labels import Label
from tests.bench import texts
from worker.pace import MAX_BATCH

WARM_UP = 100
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class BareSpent:
    """What one pass over the comments took; CPU of all processes together."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Flagged:
    """A text, and the thresholds that its scores are over."""

    text: str
    thresholds: Mapping[Label, float]


Work = list[str] | Flagged
"""A batch to judge, or a comment to explain."""


class Bare:
    """Loaded and warm processes."""

    def __init__(self, processes: int) -> None:
        self._next: Any = _SPAWN.Value("q", 0)
        lock = _SPAWN.Lock()
        self._pipes = []
        self._processes = []
        for _ in range(processes):
            ours, theirs = _SPAWN.Pipe()
            process = _SPAWN.Process(target=_serve, args=(theirs, self._next, lock), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()

    def run(self, comments: Sequence[str], explained: Sequence[Flagged] = ()) -> BareSpent:
        """Classify every comment once, and explain some."""
        starts = range(0, len(comments), MAX_BATCH)
        work: list[Work] = [list(comments[start : start + MAX_BATCH]) for start in starts]
        work.extend(explained)
        for pipe in self._pipes:
            pipe.send(work)
        for pipe in self._pipes:
            pipe.recv()
        self._next.value = 0
        started = time.monotonic()
        for pipe in self._pipes:
            pipe.send("go")
        cpu = sum(pipe.recv() for pipe in self._pipes)
        return BareSpent(cpu, time.monotonic() - started)

    def close(self) -> None:
        for process in self._processes:
            process.terminate()
            process.join(10)


@contextmanager
def bare(processes: int = 2) -> Iterator[Bare]:
    """Start processes with the classifier loaded; end them afterwards."""
    made = Bare(processes)
    try:
        yield made
    finally:
        made.close()


def _serve(pipe: Connection, position: Any, lock: Lock) -> None:  # noqa: ANN401 - a shared integer
    classifier = registry.load("compact")
    _judge(classifier, texts.comments(WARM_UP))
    pipe.send("ready")
    while True:
        work = pipe.recv()
        pipe.send("has it")
        pipe.recv()
        started = time.process_time()
        while (one := _next(work, position, lock)) is not None:
            _do(classifier, one)
        pipe.send(time.process_time() - started)


def _do(classifier: Classifier, work: Work) -> None:
    if isinstance(work, Flagged):
        explain(classifier, work.text, work.thresholds)
    else:
        _judge(classifier, work)


def _judge(classifier: Classifier, batch: Sequence[str]) -> None:
    """Ask of each comment what a worker asks."""
    for text in batch:
        language_of(text, classifier.languages)
        classifier.can_read(text)
    classifier.classify(batch)


def _next(work: list[Work], position: Any, lock: Lock) -> Work | None:  # noqa: ANN401 - a shared integer
    with lock:
        place = position.value
        position.value += 1
    return work[place] if place < len(work) else None
