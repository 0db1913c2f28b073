"""Pages at 10,000, 100,000 and 1,000,000 comments: does a desk stay fast as its history grows?

The application is called in this process (Werkzeug's test client): everything from the address to
the last byte is the product's, and a socket would only add the same to each. Signing in is real.
"""

import itertools
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from api.app import create_app
from api.web import EXTENSION
from tests.bench import filling
from tests.bench.options import Options
from tests.bench.results import Result, Target
from tests.bench.stores import PASSWORD, Store, kept_postgresql, store
from tests.servers import valkey

SIZES, SHORT_SIZES = (10_000, 100_000, 1_000_000), (1_000, 5_000)
REQUESTS = 40
"""Of each page, in each run, to each database, taking turns."""
TARGET = Target(at_most=1.5)
DEEP = 50

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_NEXT = re.compile(r'rel="next" href="([^"]+)"')
_COMMENT = re.compile(r'href="(/comments/[0-9a-f-]{36})')

Get = Callable[[], TestResponse]


class Desk:
    """The application on one store, and people's browsers."""

    def __init__(self, kept: Store) -> None:
        self.count, self._known = kept.count, kept.known
        self._app = create_app(kept.runtime)
        self._browsers: dict[str, Any] = {}

    def close(self) -> None:
        self._app.extensions[EXTENSION].close()

    def get(self, path: str, who: str = "olga", headers: Mapping[str, str] | None = None) -> Get:
        """Return what fetches a page as somebody, after having fetched it once."""
        browser = self._browser(who)

        def fetch() -> TestResponse:
            response: TestResponse = browser.get(path, headers=headers)
            if response.status_code not in {200, 304}:
                raise AssertionError(f"{path}: {response.status}")
            return response

        fetch()
        return fetch

    def poll(self, path: str, who: str = "olga") -> Get:
        """Return what asks again for a page that did not change."""
        etag = self.get(path, who)().headers["ETag"]
        return self.get(path, who, {"If-None-Match": etag})

    def feed(self, after: int) -> Get:
        """Return what fetches decisions as the site does."""
        key = {"Authorization": f"Bearer {self._known['key']}"}
        return self.get(f"/v1/decisions?after={after}", headers=key)

    @property
    def positions(self) -> int:
        return int(self._known["positions"])

    def deep(self, path: str) -> str:
        """Return the address of the fiftieth page, or the last where there are fewer."""
        for _ in range(DEEP - 1):
            found = _NEXT.search(self.get(path)().text)
            if found is None:
                break
            path = unescape(found[1])
        return path

    def comments(self) -> Get:
        """Return what fetches one comment's page after another."""
        paths = _COMMENT.findall(self.get(self.deep("/comments"))().text)
        fetches = itertools.cycle([self.get(path) for path in paths])

        def fetch() -> TestResponse:
            return next(fetches)()

        return fetch

    def _browser(self, who: str) -> Any:  # noqa: ANN401 - Flask's test client
        if who not in self._browsers:
            browser = self._browsers[who] = self._app.test_client()
            found = _TOKEN.search(browser.get("/sign-in").text)
            form = {"email": self._known[who], "password": PASSWORD}
            form["csrf_token"] = unescape(found[1]) if found else ""
            if browser.post("/sign-in", data=form).status_code != 303:
                raise AssertionError(f"{who} could not sign in")
        return self._browsers[who]


@dataclass(frozen=True)
class Page:
    """A page to measure: how to fetch it, and whether it is held to the target."""

    name: str
    prepare: Callable[[Desk], Get]
    held: bool = True


def _page(name: str, path: str, who: str = "olga", *, held: bool = True) -> Page:
    return Page(name, lambda desk: desk.get(path, who), held)


def _second(path: str, who: str = "olga") -> Callable[[Desk], Get]:
    def prepare(desk: Desk) -> Get:
        found = _NEXT.search(desk.get(path, who)().text)
        return desk.get(unescape(found[1]) if found else path, who)

    return prepare


def _thread(desk: Desk) -> Get:
    title = filling.thread_title(desk.count // filling.PER_THREAD // 2)
    return desk.get(f"/comments?thread={title.replace(' ', '+')}")


PAGES = (
    _page("queue, one site", "/queue?site=agora"),
    _page("queue, two sites", "/queue"),
    Page("queue, next page", _second("/queue")),
    Page("queue, polled, 304", lambda desk: desk.poll("/queue/count")),
    _page("queue, 5 % of all comments wait", "/queue", "fred"),
    Page("the same, next page", _second("/queue", "fred")),
    Page("one comment", Desk.comments),
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
    _page("search, common word", f"/comments?text={filling.COMMON_WORD}"),
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
    Page("search, thread", _thread),
    Page("GET /v1/decisions, start", lambda desk: desk.feed(0)),
    Page("GET /v1/decisions, middle", lambda desk: desk.feed(desk.positions // 2)),
    _page("thresholds", "/thresholds?site=agora"),
    _page("webhooks", "/webhooks?site=agora"),
    # Not held: it counts every comment that waits, and in the largest store 50,000 do.
    _page("/metrics", "/metrics", held=False),
)


def run(options: Options) -> Iterator[Result]:
    """Measure each page on both databases."""
    sizes = SHORT_SIZES if options.short else SIZES
    with valkey() as redis_url:
        yield from _on("SQLite", None, redis_url, sizes, options)
        with kept_postgresql() as server:
            yield from _on("PostgreSQL", server, redis_url, sizes, options)


def _on(
    database: str, server: str | None, redis_url: str, sizes: Sequence[int], options: Options
) -> Iterator[Result]:
    with _desks(database, server, redis_url, sizes) as desks:
        for page in PAGES:
            yield _measure(database, page, desks, options)


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


def _measure(database: str, page: Page, desks: Sequence[Desk], options: Options) -> Result:
    fetches = [page.prepare(desk) for desk in desks]
    requests = 10 if options.short else REQUESTS
    runs = [_times(fetches, requests) for _ in range(options.runs)]
    slowest = [[_p95(times) for times in run] for run in runs]
    smallest, largest = desks[0].count, desks[-1].count
    medians = ", ".join(
        f"{desk.count:,}: {1e3 * statistics.median(times):.1f}"
        for desk, times in zip(desks, runs[0], strict=True)
    )
    return Result(
        bench="pages",
        measure=f"{database}: {page.name}",
        value=1e3 * statistics.median(run[-1] for run in slowest),
        unit="ms",
        runs=options.runs,
        peer=f"{smallest:,} comments",
        peer_value=1e3 * statistics.median(run[0] for run in slowest),
        ratio=statistics.median(run[-1] / run[0] for run in slowest),
        target=TARGET if page.held else None,
        note=f"p95 at {largest:,} comments; medians in ms at {medians}",
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
