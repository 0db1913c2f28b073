"""Audited weeks: those of a period from whose samples something can be proved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from moderation.model.audits import SampleState
from moderation.model.miss_rates import Sample
from moderation.model.rates import Span

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AuditedWeeks:
    """Weeks by the Monday that they begin with, and which part of their samples was judged.

    No approval was judged with less than the chance `least`.
    """

    judged: Mapping[date, float]
    least: float

    def chance_of(self, one: Sample) -> float:
        """Return with which chance a sample was chosen and judged."""
        return one.probability * self.judged[one.week]

    @property
    def spans(self) -> list[Span]:
        """The weeks as stretches of time, those that follow each other as one."""
        found: list[Span] = []
        for day in sorted(self.judged):
            begins = datetime.combine(day, time(), UTC)
            if found and found[-1].ends == begins:
                found[-1] = Span(found[-1].begins, begins + _WEEK)
            else:
                found.append(Span(begins, begins + _WEEK))
        return found


@dataclass(frozen=True, slots=True)
class _Week:
    begins: date
    judged: float
    least: float
    approvals: float


def audited_weeks(samples: Iterable[Sample], without: Collection[date]) -> AuditedWeeks | None:
    """Choose the weeks that tell most together; None where nothing was judged in any.

    In `without` the audit did not run all the time. A week of which little was judged may hold
    misses that nobody could have seen, and one such spoils all; so the weeks are those in which
    most approvals were judged with at least the chance of the worst of them. What people said plays
    no part in the choice.
    """
    weeks: defaultdict[date, list[Sample]] = defaultdict(list)
    for one in samples:
        if one.state is not SampleState.MOOT and one.week not in without:
            weeks[one.week].append(one)
    every = [_week(begins, some) for begins, some in weeks.items()]
    # The best first: then the n best of them are judged with the chance of the n-th, at least.
    usable = sorted((week for week in every if week.judged), key=lambda week: -week.least)
    approvals, told, best = 0.0, 0.0, 0
    for place, week in enumerate(usable):
        approvals += week.approvals
        if approvals * week.least > told:
            told, best = approvals * week.least, place + 1
    chosen = usable[:best]
    if not chosen:
        return None
    return AuditedWeeks({week.begins: week.judged for week in chosen}, chosen[-1].least)


def _week(begins: date, samples: Sequence[Sample]) -> _Week:
    approvals = sum(1 / one.probability for one in samples)
    judged = sum(1 / one.probability for one in samples if one.is_judged) / approvals
    return _Week(begins, judged, judged * min(one.probability for one in samples), approvals)
