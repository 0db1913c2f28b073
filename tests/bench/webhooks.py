"""Webhooks: how many a second, and how long after its decision the site is told.

The site answers at once with 204, from a server in this process. What is told of a decision that
was made while nobody sent waits in the database; so the first figure is the sender's alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median, quantiles
from time import monotonic

from moderation.services.endpoints import add_endpoint
from moderation.services.sites import find_site
from tests.bench import texts
from tests.bench.backlogs import drained, wait_for_workers
from tests.bench.options import Options
from tests.bench.places import KINDS, place
from tests.bench.posting import batches, post_all, singles
from tests.bench.results import Result
from tests.installation import Installation, wait_until
from tests.receivers import Received, Receiver, receiver

BENCH = "webhooks"
PER_SECOND = 60


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many wait for the sender, and for how many seconds comments are posted."""

    waiting: int = 2_000
    seconds: int = 15


SHORT = Sizes(waiting=200, seconds=3)


@dataclass(slots=True)
class Inbox:
    """When each webhook came, and how many seconds after its decision."""

    came_at: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)

    def take(self, received: Received) -> int:
        self.came_at.append(monotonic())
        decided_at = datetime.fromisoformat(received.message["timestamp"])
        self.lags.append((datetime.now(UTC) - decided_at).total_seconds())
        return 204

    def wait_for(self, count: int) -> None:
        wait_until(lambda: len(self.came_at) >= count)


@dataclass(frozen=True, slots=True)
class Run:
    """Webhooks a second, and seconds from decision to arrival."""

    rate: float
    lags: list[float]


def run(options: Options) -> Iterator[Result]:
    """Measure both databases."""
    sizes = SHORT if options.short else Sizes()
    for kind in KINDS:
        with place(kind) as desk, receiver() as site:
            add_endpoint(desk.runtime, find_site(desk.runtime, "agora").id, site.url)
            desk.start()
            desk.ready()
            wait_for_workers(desk)
            runs = []
            for number in range(options.runs):
                rate = _rate(desk, _inbox(site), sizes.waiting, f"waiting{number}")
                runs.append(Run(rate, _lags(desk, _inbox(site), sizes.seconds, f"live{number}")))
        yield from _results(kind, runs)


def _inbox(site: Receiver) -> Inbox:
    inbox = Inbox()
    site.received.clear()
    site.answer = inbox.take
    return inbox


def _rate(desk: Installation, inbox: Inbox, count: int, prefix: str) -> float:
    """Have so many decided while nobody sends, then send; return how many came a second."""
    desk.kill("deliveries")
    post_all(desk, "/v1/comments/batch", batches(texts.comments(count), prefix), 1)
    drained(desk)
    desk.start("deliveries")
    inbox.wait_for(count)
    return (count - 1) / (inbox.came_at[-1] - inbox.came_at[0])


def _lags(desk: Installation, inbox: Inbox, seconds: int, prefix: str) -> list[float]:
    """Post comments evenly; return how long after its decision the site was told of each."""
    bodies = singles(texts.comments(seconds * PER_SECOND), prefix)
    post_all(desk, "/v1/comments", bodies, connections=4, per_second=PER_SECOND)
    inbox.wait_for(len(bodies))
    return inbox.lags


def _results(kind: str, runs: Sequence[Run]) -> Iterator[Result]:
    yield Result(
        bench=BENCH,
        measure=f"{kind}: webhooks a second, while nothing else is done",
        value=median(run.rate for run in runs),
        unit="1/s",
        runs=len(runs),
    )
    for percent in (50, 99):
        cuts = [quantiles(run.lags, n=100)[percent - 1] for run in runs]
        yield Result(
            bench=BENCH,
            measure=f"{kind}: decision to webhook, p{percent}, at {PER_SECOND} comments a second",
            value=1000 * median(cuts),
            unit="ms",
            runs=len(runs),
        )
