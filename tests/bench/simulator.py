"""Dragging a threshold at 100,000 and 1,000,000 comments, beside judging each row in Python.

Measured is what the page's script waits for: from the typed numbers to what they would have done,
with the comments that flip, on the whole history of one site.
"""

import itertools
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select

from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.policy import Policy, Threshold
from moderation.model.simulation import Change
from moderation.model.verdicts import decide
from moderation.services.simulating import EVERYTHING
from moderation.services.tuning import Draft, Look, read_tuning, try_draft
from moderation.storage import classifications, users
from tests.bench.options import Options
from tests.bench.results import Result, Target
from tests.bench.stores import Store, kept_postgresql, store
from tests.factories import CLASSIFIER
from tests.servers import valkey

SIZES, SHORT_SIZES = (100_000, 1_000_000), (1_000, 5_000)
TARGETS = {100_000: Target(at_most=0.3), 1_000_000: Target(at_most=2.0)}
"""Seconds."""
DRAGGED = {
    "a threshold dragged": (0.75, 0.7, 0.85, 0.9, 0.8),
    "a threshold dragged far down": (0.15, 0.2, 0.16, 0.25, 0.18),
}
"""Where toxicity is dragged to, in turn; it stands at 0.85. Some 15 % of the scores reach .15."""


def run(options: Options) -> Iterator[Result]:
    """Measure on both databases, with all comments at one site."""
    sizes = SHORT_SIZES if options.short else SIZES
    with valkey() as redis_url, kept_postgresql() as postgresql:
        for database, server in (("SQLite", None), ("PostgreSQL", postgresql)):
            for size in sizes:
                kept = store(database, size, server, redis_url, one_site=True)
                for measure, lines in DRAGGED.items():
                    yield _measure(f"{database}: {measure}", kept, options, lines)


def _measure(measure: str, kept: Store, options: Options, lines: Sequence[float]) -> Result:
    olga, site_id = _operator(kept)
    whole = read_tuning(kept.runtime, olga, site_id, Look(days=EVERYTHING))
    live, ours, theirs = whole.current.policy, [], []
    # The first one reads the database into memory, and does not count.
    for line in itertools.islice(itertools.cycle(lines), options.runs + 1):
        thresholds = {**live.thresholds, Label.TOXICITY: Threshold(flag=line)}
        look = Look(days=EVERYTHING, draft=Draft(thresholds, "", whole.newest))
        started = time.perf_counter()
        found = try_draft(kept.runtime, olga, site_id, look)
        between = time.perf_counter()
        flipped = _one_by_one(kept, site_id, live, replace(live, thresholds=thresholds))
        ours.append(between - started)
        theirs.append(time.perf_counter() - between)
        if {one.flip.change: one.flip.number for one in found.flips} != flipped:
            raise AssertionError(f"what flips at {line} is counted otherwise")
    return Result(
        bench="simulator",
        measure=f"{measure} over {whole.simulation.comments:,} comments",
        value=statistics.median(ours[1:]),
        unit="s",
        runs=options.runs,
        peer="each row in Python",
        peer_value=statistics.median(theirs[1:]),
        target=TARGETS.get(kept.count),
    )


def _operator(kept: Store) -> tuple[User, SiteId]:
    """Return Olga and the site that has the comments."""
    with kept.runtime.reading() as connection:
        olga = users.by_email(connection, kept.known["olga"])
        sites = connection.execute(select(classifications.classifications.c.site_id).limit(1))
        if olga is None:
            raise AssertionError("nobody operates the site")
        return olga, sites.scalar_one()


def _one_by_one(kept: Store, site_id: SiteId, live: Policy, draft: Policy) -> Counter[Change]:
    """Judge each comment by both policies, as one would who knows no SQL."""
    table = classifications.classifications
    statement = select(table).where(table.c.site_id == site_id, table.c.judged_for == CLASSIFIER)
    flipped = Counter[Change]()
    with kept.runtime.reading() as connection:
        rows = connection.execution_options(yield_per=10_000).execute(statement)
        for row in rows:
            facts = classifications.facts_of(row)
            now, then = decide(facts, live).action, decide(facts, draft).action
            if now is not then:
                flipped[now, then] += 1
    return flipped
