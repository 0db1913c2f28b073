"""A bulk import under live load: what live comments wait, and whether the import still advances."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles
from uuid import UUID

from sqlalchemy import Select, func, select, update

from moderation.broker import Task
from moderation.model.jobs import JobState, Lane
from moderation.services.claiming import OVERLOOKED
from moderation.services.import_fields import ImportedComment
from moderation.services.importing import BATCH, Imported, finish_import, import_batch
from moderation.services.sites import find_site
from moderation.storage.comments import comments as stored
from moderation.storage.decisions import decisions
from moderation.storage.jobs import jobs
from tests.bench import texts
from tests.bench.backlogs import (
    MINUTES_10,
    asleep,
    drained,
    new_comment,
    preload,
    wait_for_workers,
)
from tests.bench.options import Options
from tests.bench.places import KINDS, place
from tests.bench.posting import post_all, singles
from tests.bench.results import Result, Target
from tests.installation import Installation, wait_until

BENCH = "lanes"
PER_SECOND = 30
ONE_IN_EIGHT = Target(at_least=0.10, at_most=0.15)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of what; `per_second` is far below what two workers can do."""

    seconds: int = 20
    per_second: int = PER_SECOND
    imported: int = 15_000
    waiting: int = 3_000


SHORT = Sizes(seconds=4, imported=3_000, waiting=800)


Times = list[tuple[datetime, datetime]]
"""Of acceptance and of decision, by the database's clock."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds from acceptance to decision, and how far the import came."""

    alone: list[float]
    beside_import: list[float]
    imported_per_second: float
    share: float


def run(options: Options) -> Iterator[Result]:
    """Measure both databases."""
    sizes = SHORT if options.short else Sizes()
    comments = texts.comments(sizes.imported)
    for kind in KINDS:
        with place(kind) as desk:
            desk.start()
            desk.ready()
            wait_for_workers(desk)
            runs = [_run(desk, sizes, comments, f"run{n}") for n in range(options.runs)]
        yield from _results(kind, runs)


def _run(desk: Installation, sizes: Sizes, comments: Sequence[str], prefix: str) -> Run:
    alone = _live(desk, sizes, comments, f"{prefix}-alone")
    with asleep(desk):
        _import(desk, comments, f"{prefix}-import")
    beside = _live(desk, sizes, comments, f"{prefix}-beside")
    begun = min(begin for begin, _ in beside)
    ends = [end for _, end in _times(desk, f"{prefix}-import") if end > begun]
    over = max(ends, default=max(end for _, end in beside))
    # Where the workers were through with the import, the time after that is not beside it.
    beside = [(begin, end) for begin, end in beside if begin <= over]
    rate = len(ends) / (over - begun).total_seconds()
    _call_off(desk)
    share = _share(desk, comments[: sizes.waiting], f"{prefix}-share")
    return Run(_seconds(alone), _seconds(beside), rate, share)


def _live(desk: Installation, sizes: Sizes, comments: Sequence[str], prefix: str) -> Times:
    """Post live comments evenly; return when each was accepted and decided."""
    bodies = singles(comments[: sizes.seconds * sizes.per_second], prefix)
    post_all(desk, "/v1/comments", bodies, connections=4, per_second=sizes.per_second)
    waiting = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED, jobs.c.lane == Lane.LIVE)
    wait_until(lambda: _none(desk, waiting), MINUTES_10)
    return _times(desk, prefix)


def _times(desk: Installation, prefix: str) -> Times:
    took = (
        select(stored.c.received_at, decisions.c.decided_at)
        .join(decisions, decisions.c.comment_id == stored.c.id)
        .where(stored.c.external_id.startswith(f"{prefix}-"))
    )
    with desk.runtime.reading() as connection:
        return [(begin, end) for begin, end in connection.execute(took)]


def _seconds(times: Times) -> list[float]:
    return [(end - begin).total_seconds() for begin, end in times]


def _import(desk: Installation, comments: Sequence[str], prefix: str) -> None:
    """Import as `copydesk import` does: no id goes to Redis, the workers find the jobs."""
    site = find_site(desk.runtime, "agora")
    imported = Imported()
    for start in range(0, len(comments), BATCH):
        some = enumerate(comments[start : start + BATCH], start)
        batch = [ImportedComment(new_comment(prefix, n, text), None) for n, text in some]
        imported += import_batch(desk.runtime, site, batch)
    finish_import(desk.runtime, site, imported, rejected=0)


def _share(desk: Installation, comments: Sequence[str], prefix: str) -> float:
    """Let both lanes be full; return the import's share until the live lane is empty."""
    with asleep(desk):
        _import(desk, comments, f"{prefix}-bulk")
        preload(desk, comments, f"{prefix}-live", Lane.LIVE)
        young = select(jobs.c.id).where(jobs.c.lane == Lane.BULK, jobs.c.state == JobState.QUEUED)
        # Younger than that, an import is left alone.
        wait_until(lambda: _none(desk, young.where(jobs.c.created_at > _overlooked(desk))))
        desk.runtime.broker.ring(Task.CLASSIFY)
    fresh = select(jobs.c.id).where(
        jobs.c.state == JobState.QUEUED, jobs.c.attempts == 0, jobs.c.lane == Lane.LIVE
    )
    wait_until(lambda: _none(desk, fresh), MINUTES_10)
    live, bulk = (_decided(desk, lane, f"{prefix}-{lane}") for lane in (Lane.LIVE, Lane.BULK))
    drained(desk)
    return bulk / (bulk + live)


def _overlooked(desk: Installation) -> datetime:
    with desk.runtime.reading() as connection:
        return desk.runtime.database_now(connection) - OVERLOOKED


def _decided(desk: Installation, lane: Lane, prefix: str) -> int:
    done = (
        select(func.count())
        .select_from(jobs)
        .join(stored, stored.c.id == jobs.c.comment_id)
        .where(jobs.c.state == JobState.DONE, jobs.c.lane == lane)
        .where(stored.c.external_id.startswith(f"{prefix}-"))
    )
    with desk.runtime.reading() as connection:
        return connection.execute(done).scalar_one()


def _call_off(desk: Installation) -> None:
    """Cancel what is left of an import, so that the next measurement starts from nothing."""
    fresh = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED, jobs.c.attempts == 0)
    # What a worker is taking at this moment is left to it.
    free = fresh.with_for_update(skip_locked=True)
    with desk.runtime.transaction() as connection:
        called_off = update(jobs).where(jobs.c.id.in_(free))
        connection.execute(called_off.values(state=JobState.CANCELLED))
    drained(desk)


def _none(desk: Installation, found: Select[tuple[UUID]]) -> bool:
    with desk.runtime.reading() as connection:
        return connection.execute(found.limit(1)).first() is None


def _results(kind: str, runs: Sequence[Run]) -> Iterator[Result]:
    yield Result(
        bench=BENCH,
        measure=f"{kind}: the import's share of what is decided while both lanes are full",
        value=median(run.share for run in runs),
        unit="",
        runs=len(runs),
        target=ONE_IN_EIGHT,
    )
    yield Result(
        bench=BENCH,
        measure=f"{kind}: imported a second beside {PER_SECOND} live comments a second",
        value=median(run.imported_per_second for run in runs),
        unit="1/s",
        runs=len(runs),
    )
    for percent in (50, 99):
        pairs = [(_cut(run.alone, percent), _cut(run.beside_import, percent)) for run in runs]
        yield Result(
            bench=BENCH,
            measure=f"{kind}: live, acceptance to decision, p{percent}, during an import",
            value=median(beside for _, beside in pairs),
            unit="ms",
            runs=len(runs),
            peer="without it",
            peer_value=median(alone for alone, _ in pairs),
            ratio=median(beside / alone for alone, beside in pairs),
        )


def _cut(seconds: Sequence[float], percent: int) -> float:
    return 1000 * quantiles(seconds, n=100)[percent - 1]
