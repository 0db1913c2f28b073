"""The classifier alone: the peer that shows what queue and database cost.

Processes as many as the workers take batches of the same size from one list, and keep the scores.
Judging is what it is in a worker: the language, the letters and the scores of each comment.
"""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Lock
from typing import Any

from classifiers import registry
from classifiers.interface import Classifier
from classifiers.languages import language_of
from tests.bench import texts
from worker.pace import MAX_BATCH

WARM_UP = 100
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class BareSpent:
    """What one pass over the comments took; CPU of all processes together."""

    cpu: float
    wall: float


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

    def run(self, comments: Sequence[str]) -> BareSpent:
        """Classify every comment once."""
        for pipe in self._pipes:
            pipe.send(list(comments))
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
        comments = pipe.recv()
        pipe.send("has them")
        pipe.recv()
        started = time.process_time()
        while batch := _batch(comments, position, lock):
            _judge(classifier, batch)
        pipe.send(time.process_time() - started)


def _judge(classifier: Classifier, batch: Sequence[str]) -> None:
    """Ask of each comment what a worker asks."""
    for text in batch:
        language_of(text, classifier.languages)
        classifier.can_read(text)
    classifier.classify(batch)


def _batch(comments: list[str], position: Any, lock: Lock) -> list[str]:  # noqa: ANN401 - a shared integer
    with lock:
        start = position.value
        position.value += MAX_BATCH
    return comments[start : start + MAX_BATCH]
