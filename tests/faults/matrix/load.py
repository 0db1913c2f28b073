"""The load: a publishing site that sends comments at a steady rate, whatever happens."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from tests.bench.texts import comments
from tests.faults.matrix.client import Client, GaveUp
from tests.faults.matrix.ledger import Ledger
from tests.faults.matrix.plan import Plan

REPEATED = 0.05
"""This share is sent once more; of these the next share with another text."""
EDITED = 0.3
ERASED = 0.01
BATCHED = 0.2
"""This share comes in batches."""
BATCH = 20

Step = Callable[[Client], None]


@dataclass
class Load:
    """Threads that share one schedule: who is late catches up."""

    plan: Plan
    port: int
    key: str
    ledger: Ledger = field(default_factory=Ledger)
    sent: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)
    _ending: threading.Event = field(default_factory=threading.Event)
    _gave_up: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        self._steps = self._schedule(Random(7))  # noqa: S311 - nothing secret
        self._began = time.monotonic()
        for number in range(self.plan.clients):
            thread = threading.Thread(target=self._run, name=f"client-{number}")
            thread.start()
            self._threads.append(thread)

    def client(self) -> Client:
        return Client(self.port, self.key, self.ledger, self._gave_up)

    @property
    def enough(self) -> bool:
        """Whether it went on for as long and with as much as was planned."""
        long = time.monotonic() - self._began >= self.plan.seconds
        return long and len(self.ledger.entries) >= self.plan.comments

    def finish(self, seconds: float = 180) -> int:
        """Send nothing new, wait for what is under way; return how many never had an answer."""
        self._ending.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        left = sum(thread.is_alive() for thread in self._threads)
        self._gave_up.set()
        for thread in self._threads:
            thread.join()
        return left

    def _run(self) -> None:
        client = self.client()
        try:
            while not self._ending.is_set():
                with self._lock:
                    due, step = next(self._steps)
                self._ending.wait(max(0.0, self._began + due - time.monotonic()))
                step(client)
        except GaveUp:
            self.ledger.count("gave up")
        except Exception as error:  # noqa: BLE001 - a dead client must not go unnoticed
            self.ledger.odd(f"a client died: {error!r}")
        finally:
            client.close()

    def _schedule(self, random: Random) -> Iterator[tuple[float, Step]]:
        """Yield what to do, and when: seconds after the beginning."""
        texts = comments(2_000)
        while True:
            due = self.sent / self.plan.rate
            size = BATCH if random.random() < BATCHED / BATCH else 1
            numbers = range(self.sent, self.sent + size)
            self.sent += size
            new = {f"c{n}": f"{texts[n % len(texts)]} ({n})" for n in numbers}
            yield due, lambda client, new=new: client.submit(new)
            for _ in numbers:
                yield from ((due, step) for step in self._extra(random))

    def _extra(self, random: Random) -> Iterator[Step]:
        if random.random() < REPEATED:
            edited = random.random() < EDITED
            yield self._with_known(random, self._edit if edited else self._repeat)
        if random.random() < ERASED:
            yield self._with_known(random, self._erase)

    def _with_known(self, random: Random, act: Callable[[Client, str], None]) -> Step:
        seed = random.random()

        def step(client: Client) -> None:
            known = self.ledger.borrow(Random(seed))  # noqa: S311 - nothing secret
            if known is not None:
                act(client, known)
                if not self.ledger.entries[known].erased:
                    self.ledger.give_back(known)

        return step

    def _repeat(self, client: Client, known: str) -> None:
        client.repeat(known)
        self.ledger.count("repeated")

    def _edit(self, client: Client, known: str) -> None:
        client.edit(known, f"{self.ledger.entries[known].text} Edited.")
        self.ledger.count("repeated")
        self.ledger.count("edited")

    def _erase(self, client: Client, known: str) -> None:
        client.erase(known)
        self.ledger.count("erased")
