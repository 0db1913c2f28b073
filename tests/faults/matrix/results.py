"""The result of a run: one row of the table, one object of the JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

Recoveries = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one run, or all of them together, showed; times are in seconds."""

    database: str
    commit: str = ""
    """What was checked out."""
    accepted: int
    accepted_for_recovery: int = 0
    """Those of them that were sent more slowly, so that recovery times could be told."""
    faults: int
    faults_for_recovery: int = 0
    aimed_at_mid_batch: int
    """Faults that were to hit a program while it holds something, and how many did."""
    hit_in_mid_batch: int
    lost: int
    undecided: int
    decided_twice: int
    poison: int
    poison_quarantined: int
    innocents_quarantined: int
    webhooks: int
    webhooks_lost: int
    webhooks_duplicated: int
    webhooks_repeated: int
    latency_p50_s: float | None
    latency_p99_s: float | None
    latency_max_s: float | None
    webhook_lag_p50_s: float | None
    webhook_lag_p99_s: float | None
    webhook_lag_max_s: float | None
    quiet_after_s: float
    """From the last comment until everything was decided and told."""
    seconds: float
    rate: float
    """New comments a second that were accepted, on average."""
    repeated: int
    edited: int
    erased: int
    refused: int
    """Answers 5xx and broken connections, after which the site sent the same again."""
    attempted_again: int
    revived: int
    odd_answers: int
    recovery: Recoveries

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        broken = self.lost + self.undecided + self.decided_twice + self.innocents_quarantined
        broken += self.webhooks_lost + self.webhooks_duplicated + self.odd_answers
        return broken == 0 and self.poison == self.poison_quarantined

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(**json.loads(path.read_text()))


_SUMMED = (
    "accepted",
    "accepted_for_recovery",
    "faults",
    "faults_for_recovery",
    "aimed_at_mid_batch",
    "hit_in_mid_batch",
    "lost",
    "undecided",
    "decided_twice",
    "poison",
    "poison_quarantined",
    "innocents_quarantined",
    "webhooks",
    "webhooks_lost",
    "webhooks_duplicated",
    "webhooks_repeated",
    "repeated",
    "edited",
    "erased",
    "refused",
    "attempted_again",
    "revived",
    "odd_answers",
    "seconds",
)
_HIGHEST = ("latency_max_s", "webhook_lag_max_s", "quiet_after_s")
_OF_THE_LOAD = (
    "database",
    "seconds",
    "rate",
    "quiet_after_s",
    *(f"{what}_{part}_s" for what in ("latency", "webhook_lag") for part in ("p50", "p99", "max")),
)


def with_recovery(load: Result, recovery: Result) -> Result:
    """Add up both parts of a run: speeds are those of the load, recovery times of the other."""
    values: dict[str, Any] = {name: getattr(load, name) for name in _OF_THE_LOAD}
    values |= {"recovery": recovery.recovery, "accepted_for_recovery": recovery.accepted}
    return replace(together([load, recovery]), **values, faults_for_recovery=recovery.faults)


def together(results: Sequence[Result]) -> Result:
    """Add runs up; what cannot be added is None, of maxima the highest is kept."""
    values: dict[str, Any] = {field.name: None for field in fields(Result)}
    values |= {name: sum(getattr(one, name) for one in results) for name in _SUMMED}
    for name in _HIGHEST:
        values[name] = max((getattr(one, name) or 0.0 for one in results), default=None)
    under_load = values["accepted"] - values["accepted_for_recovery"]
    values |= {"rate": round(under_load / values["seconds"], 1), "commit": results[0].commit}
    return Result(**values | {"database": "both", "recovery": _worst(results)})


def _worst(results: Iterable[Result]) -> Recoveries:
    worst: Recoveries = {}
    for result in results:
        for kind, found in result.recovery.items():
            known = worst.get(kind, dict.fromkeys(found, 0.0))
            worst[kind] = {
                "faults": known["faults"] + found["faults"],
                "median_s": max(known["median_s"], found["median_s"]),
                "max_s": max(known["max_s"], found["max_s"]),
            }
    return worst


def write(results: Iterable[Result], path: Path) -> None:
    """Write one JSON object per row, numbers as numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(asdict(result)) + "\n" for result in results))
