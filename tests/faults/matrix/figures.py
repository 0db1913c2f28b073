"""Figures: latencies, recovery times and the time series of a run."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from tests.faults.matrix.evidence import StoredComment, StoredDecision
from tests.faults.matrix.scene import Happened

Pairs = Sequence[tuple[StoredComment, StoredDecision]]


def percentile(sorted_values: Sequence[float], share: float) -> float | None:
    """Return the value that this share does not exceed; None of nothing."""
    if not sorted_values:
        return None
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def seconds(pairs: Pairs) -> list[float]:
    """Return the latencies, from received to decided, sorted."""
    return sorted(
        (made.decided_at - comment.received_at).total_seconds() for comment, made in pairs
    )


def recoveries(happened: Iterable[Happened], pairs: Pairs) -> dict[str, dict[str, float]]:
    """Return per kind how long it took until all that was accepted before its end was decided.

    Of faults that nothing else mixed with, where there are such.
    """
    found: defaultdict[str, list[float]] = defaultdict(list)
    alone = [fault for fault in happened if fault.alone]
    for fault in alone or happened:
        last = max(
            (
                decision.decided_at
                for comment, decision in pairs
                if comment.received_at <= fault.ended < decision.decided_at
            ),
            default=fault.ended,
        )
        found[fault.kind].append((last - fault.ended).total_seconds())
    return {
        kind: {
            "faults": len(all_),
            "median_s": round(median(all_), 2),
            "max_s": round(max(all_), 2),
        }
        for kind, all_ in found.items()
    }


def series(
    pairs: Pairs, told_at: Mapping[str, datetime], happened: Iterable[Happened]
) -> dict[str, Any]:
    """Return what happened in each second of the run, for a picture."""
    began = min(comment.received_at for comment, _ in pairs)

    def second(moment: datetime) -> int:
        return int((moment - began).total_seconds())

    accepted = Counter(second(comment.received_at) for comment, _ in pairs)
    decided = Counter(second(decision.decided_at) for _, decision in pairs)
    told = Counter(second(moment) for moment in told_at.values())
    waited: defaultdict[int, list[float]] = defaultdict(list)
    for comment, decision in pairs:
        latency = (decision.decided_at - comment.received_at).total_seconds()
        waited[second(comment.received_at)].append(latency)
    last = max([*decided, *told], default=0)
    return {
        "seconds": [
            {
                "second": n,
                "accepted": accepted[n],
                "decided": decided[n],
                "webhooks": told[n],
                "latency_p50_s": round(median(waited[n]), 4) if waited[n] else None,
                "latency_max_s": round(max(waited[n]), 4) if waited[n] else None,
            }
            for n in range(last + 1)
        ],
        "faults": [
            {
                "kind": fault.kind,
                "began_s": round((fault.began - began).total_seconds(), 3),
                "ended_s": round((fault.ended - began).total_seconds(), 3),
                "hit_in_mid_batch": fault.hit,
            }
            for fault in happened
        ],
    }
