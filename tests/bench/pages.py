"""Pages at 10,000, 100,000 and 1,000,000 comments: does a desk stay fast as its history grows?

The application is called in this process (Werkzeug's test client): everything from the address to
the last byte is the product's, and a socket would only add the same to each. Signing in is real.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.bench import filling
from tests.bench.browsing import Desk, Get
from tests.bench.options import Options
from tests.bench.plans import PLANS, PLANS_SHORT, plans
from tests.bench.results import Result, Target, replace_file
from tests.bench.stores import kept_postgresql, store
from tests.servers import valkey

SIZES, SHORT_SIZES = (10_000, 100_000, 1_000_000), (1_000, 5_000)
REQUESTS = 40
"""Of each page, in each run, to each database, taking turns."""
TARGET = Target(at_most=1.5)
COMMON_WORDS = filling.COMMON[:10]
THREADS = 20


@dataclass(frozen=True)
class Page:
    """A page to measure: how to fetch it, and whether it is held to the target."""

    name: str
    prepare: Callable[[Desk], Get]
    held: bool = True


def _page(name: str, path: str, who: str = "olga", *, held: bool = True) -> Page:
    return Page(name, lambda desk: desk.get(path, who), held)


def _second(path: str, who: str = "olga") -> Callable[[Desk], Get]:
    return lambda desk: desk.second(path, who)


def _words(desk: Desk) -> Get:
    return desk.in_turn([f"/comments?text={word}" for word in COMMON_WORDS])


def _threads(desk: Desk) -> Get:
    """Seek articles from all over the history."""
    last = desk.count // filling.PER_THREAD
    titles = [filling.thread_title(last * n // THREADS) for n in range(THREADS)]
    return desk.in_turn([f"/comments?thread={title.replace(' ', '+')}" for title in titles])


PAGES = (
    _page("queue, one site", "/queue?site=agora"),
    _page("queue, two sites", "/queue"),
    Page("queue, next page", _second("/queue")),
    Page("queue, polled, 304", lambda desk: desk.poll("/queue/count")),
    _page("queue, 5 % of all comments wait", "/queue", "fred"),
    Page("the same, next page", _second("/queue", "fred")),
    Page("one comment, others in turn", Desk.comments),
    _page("comments, one site", "/comments?site=agora"),
    _page("comments, two sites", "/comments"),
    Page("comments, page 50", lambda desk: desk.get(desk.deep("/comments"))),
    *(
        _page(f"comments, {status}", f"/comments?status={status}")
        for status in ("approved", "flagged", "rejected", "pending", "erased")
    ),
    _page("search, rare word", f"/comments?text={filling.RARE_WORD}"),
    # Not held: the smallest store has nine of them, so its page is shorter.
    _page("search, one comment in 1,000", f"/comments?text={filling.SPREAD_WORD}", held=False),
    Page("search, common words in turn", _words),
    _page("search, common beginning", "/comments?text=beca"),
    _page("search, no match", "/comments?text=xylophonist"),
    _page("search, inside a word", "/comments?text=ibblefros"),
    _page(
        "search, rare and common word",
        f"/comments?text={filling.RARE_WORD}+{filling.COMMON_WORD}",
    ),
    _page("search, common word, rejected", f"/comments?text={filling.COMMON_WORD}&status=rejected"),
    _page("search, rare author", f"/comments?author={filling.RARE_AUTHOR.replace(' ', '+')}"),
    _page("search, busy author", f"/comments?author={filling.BUSY_AUTHOR.replace(' ', '+')}"),
    Page("search, threads in turn", _threads),
    Page("GET /v1/decisions, start", lambda desk: desk.feed(0)),
    Page("GET /v1/decisions, middle", lambda desk: desk.feed(desk.positions // 2)),
    # Not held: it replays the comments of a month, and `simulator` measures how fast.
    _page("thresholds", "/thresholds?site=agora", held=False),
    _page("webhooks", "/webhooks?site=agora"),
    # Not held: it counts every comment that waits, and in the largest store 50,000 do.
    _page("/metrics", "/metrics", held=False),
)


def run(options: Options) -> Iterator[Result]:
    """Measure each page on both databases; then write down the plans at the largest size."""
    sizes = SHORT_SIZES if options.short else SIZES
    found: list[str] = []
    with valkey() as redis_url, kept_postgresql() as postgresql:
        for database, server in (("SQLite", None), ("PostgreSQL", postgresql)):
            with _desks(database, server, redis_url, sizes) as desks:
                for page in PAGES:
                    yield from _measure(database, page, desks, options)
                found += plans(database, desks[-1])
    replace_file(PLANS_SHORT if options.short else PLANS, "\n".join(found))


@contextmanager
def _desks(
    database: str, server: str | None, redis_url: str, sizes: Sequence[int]
) -> Iterator[list[Desk]]:
    with ExitStack() as stack:
        desks = []
        for size in sizes:
            desk = Desk(store(database, size, server, redis_url))
            stack.callback(desk.close)
            desks.append(desk)
        yield desks


def _measure(
    database: str, page: Page, desks: Sequence[Desk], options: Options
) -> Iterator[Result]:
    fetches = [page.prepare(desk) for desk in desks]
    requests = 10 if options.short else REQUESTS
    runs = [[_p95(times) for times in _times(fetches, requests)] for _ in range(options.runs)]
    for n, desk in enumerate(desks):
        first, largest = n == 0, n == len(desks) - 1
        yield Result(
            bench="pages",
            measure=f"{database}: {page.name}: p95 at {desk.count:,} comments",
            value=1e3 * statistics.median(run[n] for run in runs),
            unit="ms",
            runs=options.runs,
            peer=None if first else f"at {desks[0].count:,}",
            peer_value=None if first else 1e3 * statistics.median(run[0] for run in runs),
            ratio=None if first else statistics.median(run[n] / run[0] for run in runs),
            target=TARGET if page.held and largest else None,
        )


def _times(fetches: Sequence[Get], requests: int) -> list[list[float]]:
    """Return how long each fetch took, in seconds; the databases take turns in a changing order."""
    times: list[list[float]] = [[] for _ in fetches]
    order = list(range(len(fetches)))
    source = random.Random(1)  # noqa: S311 - nothing secret
    for _ in range(requests):
        source.shuffle(order)
        for n in order:
            started = time.perf_counter()
            fetches[n]()
            times[n].append(time.perf_counter() - started)
    return times


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]
