"""How much of everything a run of the matrix does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.faults.matrix.kinds import Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """One run against one database; times are in seconds."""

    rate: float
    """New comments a second; what is sent again, edited or withdrawn comes on top."""
    seconds: float
    """At least so long; longer where the schedule of faults takes longer."""
    comments: int
    """At least so many unique ones."""
    counts: Mapping[Kind, int]
    pause: float
    """Between the end of one fault and the next."""
    redis_away: float
    redis_frozen: float
    write_lock: float
    beat_away: float
    duplicates: int
    """Queue messages in one burst."""
    calm: float = 0.0
    """The first fault of each kind is given so long to heal alone, so that its time can be told."""
    time_limit: float | None = None
    """Of one batch; None: what the classifier ships with."""
    clients: int = 24
    quiet: float = 240.0
    """How long the work may stand still at the end before the run is given up."""


FULL = Plan(
    rate=120,
    seconds=270,
    comments=31_000,
    counts={
        Kind.CHILD_KILLED: 12,
        Kind.WORKER_KILLED: 7,
        Kind.RETRY_KILLED: 3,
        Kind.SENDER_KILLED: 3,
        Kind.WORKERS_FROZEN: 3,
        Kind.REDIS_EMPTIED: 3,
        Kind.REDIS_AWAY: 1,
        Kind.REDIS_FROZEN: 1,
        Kind.DATABASE: 3,
        Kind.WEB_KILLED: 3,
        Kind.BEAT_KILLED: 3,
        Kind.DUPLICATES: 10,
        Kind.ROLLING_RESTART: 1,
        Kind.POISON_ABORT: 2,
        Kind.POISON_SEGFAULT: 2,
        Kind.POISON_RAISE: 1,
        Kind.POISON_LOOP: 1,
        Kind.POISON_MEMORY: 1,
        Kind.POISON_KILLED: 1,
    },
    pause=2,
    redis_away=30,
    redis_frozen=10,
    write_lock=5,
    beat_away=3,
    duplicates=30,
)

RECOVERY = replace(
    FULL, rate=30, seconds=60, comments=1_500, counts=dict.fromkeys(Kind, 1), calm=90
)
"""Few enough comments that what one fault held up is decided before the next one comes."""

SHORT = Plan(
    rate=40,
    seconds=10,
    comments=400,
    counts=dict.fromkeys(Kind, 1),
    pause=0.3,
    redis_away=2,
    redis_frozen=2,
    write_lock=2,
    beat_away=1,
    duplicates=30,
    time_limit=2,
    clients=12,
)
