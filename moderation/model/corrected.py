"""Corrected figures: what policies stop of all that people would reject, also where nobody looked.

People judge what was flagged. Of what automation approved chance chose some for the audit, with a
known chance. What either policy does with a judged comment follows from its stored facts; how many
comments each leaves or stops is counted. So four kinds of comments (approved then or looked at, and
stopped or not) each have a number and a sample of their own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from moderation.model.audits import SampleState
from moderation.model.decisions import Action
from moderation.model.estimates import NOTHING, Estimate, share_of
from moderation.model.miss_rates import FEW, Rate, Sample, Weighed, rate
from moderation.model.proportions import Proportion
from moderation.model.simulation import ENOUGH, Change, Comparison, FactClass

SAID = 1_000
"""Of so many comments is told how many are missed."""


@dataclass(frozen=True, kw_only=True)
class AuditedSample(Sample):
    """A sample, with the facts of its comment."""

    of: FactClass


@dataclass(frozen=True, slots=True)
class Stopped:
    """Comments that automation flagged or rejected, or that people decided without it (None)."""

    done: Action | None
    of: FactClass
    """`rejected` is what people said of them; None: nothing yet."""

    @property
    def is_unknown(self) -> bool:
        """Say whether nobody will look at them: automation rejected them."""
        return self.done is Action.REJECT and self.of.rejected is None


@dataclass(frozen=True, slots=True)
class Corrected:
    """How many of what people would reject one policy stops, and how many it approves."""

    stops: Estimate
    misses: Estimate

    @property
    def rejectable(self) -> Estimate:
        """How many people would reject."""
        return self.stops + self.misses

    @property
    def share(self) -> Estimate | None:
        """Which share of them it stops."""
        return share_of(self.stops, self.misses)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the audit tells of two policies (None where too little was judged, or of no draft).

    It rests on `samples` of what was approved and on `looked_at` of what was stopped; `unknown` are
    those that automation rejected and nobody saw: they are left out.
    """

    comments: int
    samples: int
    looked_at: int
    unknown: int = 0
    live: Corrected | None = None
    draft: Corrected | None = None

    @property
    def needed(self) -> int:
        """How many samples must be judged before figures are told."""
        return max(FEW - self.samples, 0)

    @property
    def needed_looks(self) -> int:
        """How many more of those that were stopped people must judge before."""
        return max(ENOUGH - self.looked_at, 0)

    def of_a_thousand(self, number: Estimate) -> Estimate:
        """Return a number of comments as so many in a thousand."""
        return number * (SAID / self.comments)


@dataclass(frozen=True, slots=True)
class _Part:
    """Which comments: those that a policy stops, or leaves."""

    change: Callable[[FactClass], Change]
    which: int
    stops: bool

    def holds(self, one: FactClass) -> bool:
        return (self.change(one)[self.which] is not Action.APPROVE) is self.stops

    def number(self, classes: Iterable[FactClass]) -> int:
        return sum(one.number for one in classes if self.holds(one))


def correct(
    both: Comparison,
    classes: Sequence[FactClass],
    stopped: Sequence[Stopped],
    weighed: Sequence[Weighed[AuditedSample]],
) -> Correction:
    """Estimate what each policy stops of all that people would reject in a period.

    `classes` are all its comments, `stopped` those among them that automation did not approve.
    """
    unknown = [one.of for one in stopped if one.is_unknown]
    seen = [one.of for one in stopped if not one.is_unknown]
    found = Correction(
        comments=sum(one.number for one in classes),
        samples=len(weighed),
        looked_at=sum(one.number for one in seen if one.rejected is not None),
        unknown=sum(one.number for one in unknown),
    )
    if found.needed or (seen and found.needed_looks):
        return found
    sides = [
        Corrected(
            *(
                _rejectable(_Part(both.change, which, stops), classes, unknown, seen, weighed)
                for stops in (True, False)
            )
        )
        for which in (0, 1)
    ]
    return replace(found, live=sides[0], draft=None if both.draft is None else sides[1])


def _rejectable(
    part: _Part,
    classes: Sequence[FactClass],
    unknown: Sequence[FactClass],
    seen: Sequence[FactClass],
    weighed: Sequence[Weighed[AuditedSample]],
) -> Estimate:
    """Return how many people would reject of those that a policy stops, or of those it leaves."""
    looked_at = part.number(seen)
    approved = max(part.number(classes) - part.number(unknown) - looked_at, 0)
    samples = [one for one in weighed if part.holds(one.sample.of)]
    judged = [one for one in seen if part.holds(one)]
    return _times(looked_at, _said(judged), _said(seen)) + _times(
        approved, _missed(samples), _missed(weighed)
    )


def _times(number: int, share: Rate | Proportion, pooled: Rate | Proportion) -> Estimate:
    """Return so many times a share; where nothing is known of it, about that of all others."""
    if not number:
        return NOTHING
    about = share.share if share.share is not None else (pooled.share or 0.0)
    return Estimate(about, share.low, share.high) * number


def _said(classes: Iterable[FactClass]) -> Proportion:
    judged = [one for one in classes if one.rejected is not None]
    return Proportion(
        sum(one.number for one in judged if one.rejected), sum(one.number for one in judged)
    )


def _missed(weighed: Sequence[Weighed[AuditedSample]]) -> Rate:
    return rate(weighed, [one for one in weighed if one.sample.state is SampleState.MISSED])
