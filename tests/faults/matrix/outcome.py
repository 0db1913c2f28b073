"""The outcome of a run: what it showed, and what helps to find out why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.matrix import figures
from tests.faults.matrix.evidence import collect
from tests.faults.matrix.judging import Judgement
from tests.faults.matrix.ledger import Ledger
from tests.faults.matrix.results import Result
from tests.faults.matrix.scene import Scene
from tests.faults.matrix.webhooks import Inbox

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result, and with it what a picture and a search for the cause need."""

    result: Result
    series: dict[str, Any]
    broken: dict[str, list[str]]
    """The first offenders of each promise."""
    revived: list[str]
    """Programs that ended by themselves: when and how."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the load went on, and how long all was busy after it; in seconds."""

    load: float
    quiet: float


def judge(database: str, scene: Scene, timing: Timing) -> Outcome:
    """Read the database, and hold what client and inbox know against it."""
    evidence = collect(scene.desk.rows)
    ledger, inbox = scene.load.ledger, scene.inbox
    judged = Judgement(ledger, evidence, inbox, frozenset(scene.poison))
    result = Result(
        database=database,
        faults=len(scene.happened),
        aimed_at_mid_batch=sum(fault.hit is not None for fault in scene.happened),
        hit_in_mid_batch=sum(fault.hit is True for fault in scene.happened),
        revived=len(scene.revived),
        attempted_again=evidence.attempted_again,
        **_promises(judged),
        **_site(ledger, timing),
        **_webhooks(inbox),
        **_three("latency", figures.seconds(judged.latencies)),
        **_three("webhook_lag", _lags(judged)),
        quiet_after_s=round(timing.quiet, 1),
        recovery=figures.recoveries(scene.happened, judged.latencies),
    )
    series = figures.series(judged.latencies, inbox.first_at, scene.happened)
    return Outcome(result, series, _broken(judged), scene.revived)


def _promises(judged: Judgement) -> dict[str, int]:
    return {
        "lost": len(judged.lost),
        "undecided": len(judged.undecided),
        "decided_twice": len(judged.decided_twice),
        "poison": len(judged.poison),
        "poison_quarantined": len(judged.quarantined_poison),
        "innocents_quarantined": len(judged.quarantined_innocents),
        "webhooks_lost": len(judged.webhooks_lost),
    }


def _site(ledger: Ledger, timing: Timing) -> dict[str, Any]:
    counts = ledger.counts
    return {
        "accepted": len(ledger.entries),
        "seconds": round(timing.load, 1),
        "rate": round(len(ledger.entries) / timing.load, 1),
        "repeated": counts["repeated"],
        "edited": counts["edited"],
        "erased": counts["erased"],
        "refused": sum(n for what, n in counts.items() if what.startswith(("answers", "broken"))),
        "odd_answers": len(ledger.oddities),
    }


def _webhooks(inbox: Inbox) -> dict[str, int]:
    return {
        "webhooks": len(inbox.first_at),
        "webhooks_duplicated": inbox.duplicated,
        "webhooks_repeated": inbox.repeated,
    }


def _lags(judged: Judgement) -> list[float]:
    decided = {d.id: d.decided_at for made in judged.evidence.decisions.values() for d in made}
    return sorted(
        (moment - decided[decision]).total_seconds()
        for decision, moment in judged.inbox.first_at.items()
        if decision in decided
    )


def _three(name: str, values: Sequence[float]) -> dict[str, Any]:
    found = {
        f"{name}_p50_s": figures.percentile(values, 0.5),
        f"{name}_p99_s": figures.percentile(values, 0.99),
        f"{name}_max_s": figures.percentile(values, 1),
    }
    return {key: None if value is None else round(value, 4) for key, value in found.items()}


def _broken(judged: Judgement) -> dict[str, list[str]]:
    found = {
        "lost": judged.lost,
        "undecided": judged.undecided,
        "decided twice": judged.decided_twice,
        "innocents quarantined": judged.quarantined_innocents,
        "poison not quarantined": sorted(judged.poison - set(judged.quarantined_poison)),
        "webhooks lost": judged.webhooks_lost,
        "odd answers": judged.ledger.oddities,
    }
    return {what: names[:SHOWN] for what, names in found.items() if names}
