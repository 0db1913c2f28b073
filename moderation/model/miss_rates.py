"""Miss rates: how much of what automation approves people would reject, estimated from samples."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor
from typing import Any, Generic, TypeVar

from moderation.model.audits import SampleState
from moderation.model.labels import OF_CLASSIFIERS, Label
from moderation.model.proportions import wilson

FEW = 50
"""Of fewer judged samples the interval is so wide that the rate says next to nothing."""

SAID = 1_000
"""Of so many approvals a rate is told in words."""


def monday(day: date) -> date:
    """Return the day that the week of this one begins with."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Sample:
    """An approval that chance chose on a day with this chance, and what became of it.

    `labels` are those that the reason stands for, for which a person rejected it.
    """

    chosen_on: date
    probability: float
    state: SampleState
    blind: bool = False
    language: str | None = None
    labels: frozenset[Label] = frozenset()

    @property
    def week(self) -> date:
        """The Monday of its week."""
        return monday(self.chosen_on)

    @property
    def is_judged(self) -> bool:
        """Say whether somebody judged it."""
        return self.state in {SampleState.KEPT, SampleState.MISSED}


Sampled = TypeVar("Sampled", bound=Sample)


@dataclass(frozen=True)
class Weighed(Generic[Sampled]):
    """A judged sample that stands for so many approvals."""

    sample: Sampled
    weight: float


@dataclass(frozen=True, slots=True)
class Rate:
    """The estimated share of approvals that people would reject, with its interval of 95 %.

    It rests on `judged` samples, of which people would have rejected `missed`. Without any nothing
    is known.
    """

    judged: int
    missed: int
    share: float | None = None
    low: float = 0.0
    high: float = 1.0

    @property
    def is_rough(self) -> bool:
        """Say whether it rests on few samples."""
        return self.judged < FEW

    @property
    def of_a_thousand(self) -> tuple[int, int, int] | None:
        """The estimate and its interval as approvals in a thousand, whole ones."""
        if self.share is None:
            return None
        return round(self.share * SAID), floor(self.low * SAID), ceil(self.high * SAID)


@dataclass(frozen=True, slots=True)
class MissRates:
    """What the samples of a period tell: of all, by language, by label, and week by week.

    `unlabelled` is for reasons that stand for no label. `approvals` is how many the samples stand
    for, `approvals * whole.share` how many of them people would reject.
    """

    whole: Rate
    approvals: float
    open: int
    moot: int
    openly: int
    """Judged by people who knew, or could know, what it was."""
    languages: Mapping[str | None, Rate]
    labels: Mapping[Label, Rate]
    unlabelled: Rate
    weeks: Mapping[date, Rate]


def weigh(samples: Iterable[Sampled]) -> list[Weighed[Sampled]]:
    """Let each judged sample stand for its share of all approvals of its week.

    Each was chosen with a chance and so stands for one over this; and since chance also chose in
    which order they were judged, those judged stand for those of the week that were not yet. What
    was edited or withdrawn before is left out.
    """
    weeks: defaultdict[date, list[Sampled]] = defaultdict(list)
    for one in samples:
        if one.state is not SampleState.MOOT:
            weeks[one.week].append(one)
    found = []
    for chosen in weeks.values():
        judged = [one for one in chosen if one.is_judged]
        stretch = _stands_for(chosen) / _stands_for(judged) if judged else 0.0
        found += [Weighed(one, stretch / one.probability) for one in judged]
    return found


def rate(weighed: Collection[Weighed[Any]], missed: Collection[Weighed[Any]]) -> Rate:
    """Estimate the share of some among all: Hájek's, with Wilson's interval.

    That one is for as many as would tell as much if all weighed the same (Kish).
    """
    if not weighed:
        return Rate(0, 0)
    total = sum(one.weight for one in weighed)
    share = min(1.0, sum(one.weight for one in missed) / total)
    effective = total**2 / sum(one.weight**2 for one in weighed)
    return Rate(len(weighed), len(missed), share, *wilson(share, effective))


def miss_rates(samples: Sequence[Sample]) -> MissRates:
    """Estimate what automation missed in a period from the samples that were chosen in it."""
    weighed = weigh(samples)
    missed = [one for one in weighed if one.sample.state is SampleState.MISSED]
    unlabelled = [one for one in missed if not one.sample.labels]
    return MissRates(
        whole=rate(weighed, missed),
        approvals=_stands_for(one for one in samples if one.state is not SampleState.MOOT),
        open=sum(one.state is SampleState.OPEN for one in samples),
        moot=sum(one.state is SampleState.MOOT for one in samples),
        openly=sum(one.is_judged and not one.blind for one in samples),
        languages=_by({one.sample.language for one in weighed}, weighed, "language"),
        labels={
            label: rate(weighed, [one for one in missed if label in one.sample.labels])
            for label in OF_CLASSIFIERS
        },
        unlabelled=rate(weighed, unlabelled),
        weeks=_by({one.week for one in samples}, weighed, "week"),
    )


def _by(values: Iterable[Any], weighed: Sequence[Weighed[Any]], name: str) -> dict[Any, Rate]:
    """Estimate for each part of the samples by itself."""
    found = {}
    for value in values:
        part = [one for one in weighed if getattr(one.sample, name) == value]
        found[value] = rate(part, [one for one in part if one.sample.state is SampleState.MISSED])
    return found


def _stands_for(samples: Iterable[Sample]) -> float:
    return sum(1 / one.probability for one in samples)
