"""Group commit: one transaction, and so one disk flush, for all requests of a moment."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

import structlog

from moderation.model.errors import Contended, ModerationError, StorageUnavailable

log = structlog.get_logger()

Item = TypeVar("Item")
Result = TypeVar("Result")

GATHERING_SECONDS = 0.003
"""How long a transaction waits for others to join it, where the last one was shared."""


def _wait_for_more() -> None:
    time.sleep(GATHERING_SECONDS)


class GroupCommit(Generic[Item, Result]):
    """Runs `store` in one thread, each time on all items that came in while it last ran.

    Where several had come at once, more are on their way: then it waits a moment for them first. So
    under load transactions are fewer and larger, and where items come one by one none waits.
    """

    def __init__(
        self,
        store: Callable[[Sequence[Item]], list[Result | ModerationError]],
        limit: int,
        gather: Callable[[], None] = _wait_for_more,
    ) -> None:
        self._store = store
        self._limit = limit
        self._gather = gather
        self._waiting: list[tuple[Item, Future[Result]]] = []
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    def put(self, item: Item) -> Future[Result]:
        """Hand an item in; the future is done once its transaction is committed. Never raises."""
        future: Future[Result] = Future()
        with self._wake:
            if self._started():
                self._waiting.append((item, future))
                self._wake.notify()
            else:
                future.set_exception(StorageUnavailable("This process is closing or overloaded."))
        return future

    def _started(self) -> bool:
        # At the first use: a thread does not survive the web server's fork.
        if self._thread is None and not self._closing:
            thread = threading.Thread(target=self._run, name="intake", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                log.warning("intake_not_started")
                return False
            self._thread = thread
        return not self._closing

    def close(self) -> None:
        """Commit what waits, and end the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        group: list[tuple[Item, Future[Result]]] = []
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._closing)
            if len(group) > 1:
                self._gather()
            with self._wake:
                group = self._waiting[: self._limit]
                del self._waiting[: self._limit]
            if not group:
                return
            self._commit(group)

    def _commit(self, group: list[tuple[Item, Future[Result]]]) -> None:
        try:
            results = self._store([item for item, _ in group])
        except Contended as error:
            # Alone, an item waits for nobody in a circle.
            self._commit_one_by_one(group, error)
        except StorageUnavailable as error:
            for _, future in group:
                future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - one bad neighbour must not fail the others
            self._commit_one_by_one(group, error)
        else:
            for (_, future), result in zip(group, results, strict=True):
                _settle(future, result)

    def _commit_one_by_one(
        self, group: list[tuple[Item, Future[Result]]], error: Exception
    ) -> None:
        if len(group) == 1:
            group[0][1].set_exception(error)
            return
        for pair in group:
            self._commit([pair])


def _settle(future: Future[Result], result: Result | ModerationError) -> None:
    if isinstance(result, ModerationError):
        future.set_exception(result)
    else:
        future.set_result(result)
