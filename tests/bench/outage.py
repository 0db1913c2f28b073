"""Thirty seconds without Redis under live load: what is accepted, and when it is decided."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

from tests.bench import texts
from tests.bench.backlogs import drained, wait_for_workers
from tests.bench.options import Options
from tests.bench.outage_picture import Curve, draw
from tests.bench.places import KINDS, place
from tests.bench.posting import post_all, singles
from tests.bench.results import Result, Target
from tests.installation import Installation

PICTURE = Path("docs/images/outage.png")
PICTURE_SHORT = Path("var/outage.png")

CONNECTIONS = 8
LOOK_SECONDS = 0.5
CALM = 10
"""Jobs that wait at any moment under this load, whether or not something happened before."""

ZERO = Target(at_most=0)


@dataclass(frozen=True, slots=True)
class Plan:
    """Comments a second, and the seconds in which the load runs and Redis is away."""

    rate: int
    seconds: int
    away_from: int
    away_until: int


FULL = Plan(rate=60, seconds=90, away_from=30, away_until=60)
SHORT = Plan(rate=20, seconds=18, away_from=5, away_until=11)


@dataclass(frozen=True, slots=True)
class Seen:
    """When Redis went and came, by the monotonic clock, and the jobs that waited meanwhile."""

    began: float
    went: float
    came: float
    waiting: list[tuple[float, int]]


def run(options: Options) -> Iterator[Result]:
    """Measure once on each database; the picture shows the first."""
    plan = SHORT if options.short else FULL
    for kind in KINDS:
        with place(kind) as desk:
            desk.start()
            desk.ready()
            wait_for_workers(desk)
            seen = _live_through(desk, plan)
            curve = _curve(desk, seen)
            if kind == KINDS[0]:
                draw(curve, PICTURE_SHORT if options.short else PICTURE)
            yield from _counts(kind, desk, plan)
            yield from _rows(kind, seen, curve)


def _live_through(desk: Installation, plan: Plan) -> Seen:
    bodies = singles(texts.comments(plan.rate * plan.seconds), "outage")
    over = Event()
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        load = pool.submit(post_all, desk, "/v1/comments", bodies, CONNECTIONS, plan.rate)
        looks = pool.submit(_look_on, desk, over)
        try:
            time.sleep(plan.away_from)
            desk.kill("valkey")
            went = time.monotonic()
            time.sleep(max(0.0, began + plan.away_until - time.monotonic()))
            desk.start("valkey")
            came = time.monotonic()
            load.result()
            drained(desk)
        finally:
            over.set()
        return Seen(began, went, came, looks.result())


def _look_on(desk: Installation, over: Event) -> list[tuple[float, int]]:
    found = []
    while not over.wait(LOOK_SECONDS):
        [(count,)] = desk.rows(
            "SELECT count(*) FROM jobs WHERE state = 'queued' AND purpose = 'decide'"
        )
        found.append((time.monotonic(), count))
    return [*found, (time.monotonic(), 0)]


def _curve(desk: Installation, seen: Seen) -> Curve:
    """Return what the picture shows, in seconds since the first comment."""
    rows = desk.rows(
        "SELECT c.received_at, min(d.decided_at) FROM comments c"
        " JOIN decisions d ON d.comment_id = c.id GROUP BY c.id, c.received_at"
        " ORDER BY c.received_at"
    )
    moments = [(_moment(received), _moment(decided)) for received, decided in rows]
    first = moments[0][0]
    latencies = [
        ((received - first).total_seconds(), (decided - received).total_seconds())
        for received, decided in moments
    ]
    waiting = [(moment - seen.began, count) for moment, count in seen.waiting]
    return Curve(latencies, waiting, (seen.went - seen.began, seen.came - seen.began))


def _moment(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _counts(kind: str, desk: Installation, plan: Plan) -> Iterator[Result]:
    """Count comments, each by its own fate: one too many must not hide one that is missing."""
    decided = "SELECT comment_id FROM decisions"
    [(stored,)] = desk.rows("SELECT count(DISTINCT external_id) FROM comments")
    [(undecided,)] = desk.rows(f"SELECT count(*) FROM comments WHERE id NOT IN ({decided})")  # noqa: S608 - our own words
    again = f"{decided} GROUP BY comment_id HAVING count(*) > 1"
    # Every post was answered with an acceptance, or else the load would have failed.
    for measure, value in (
        ("accepted and lost", plan.rate * plan.seconds - stored),
        ("undecided at the end", undecided),
        ("decided twice", len(desk.rows(again))),
    ):
        yield Result("outage", f"{measure}, {kind}", value, "", runs=1, target=ZERO)


def _rows(kind: str, seen: Seen, curve: Curve) -> Iterator[Result]:
    went, came = curve.away
    meanwhile = [latency for second, latency in curve.latencies if went <= second <= came]
    gone = _first_empty(seen.waiting, seen.came)
    for measure, value, unit in (
        ("accepted while Redis was away", len(meanwhile), ""),
        ("longest from acceptance to decision", max(y for _, y in curve.latencies), "s"),
        ("Redis' return until nothing waited", gone - seen.came, "s"),
    ):
        yield Result("outage", f"{measure}, {kind}", value, unit, runs=1)


def _first_empty(waiting: Sequence[tuple[float, int]], after: float) -> float:
    return next(moment for moment, count in waiting if moment > after and count <= CALM)
