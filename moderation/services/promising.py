"""Promising: thresholds that are shown to miss at most so much of what people would reject."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from moderation.model.advice import stopped_by
from moderation.model.audited_weeks import AuditedWeeks, audited_weeks
from moderation.model.audits import SampleState
from moderation.model.corrected import AuditedSample, Stopped
from moderation.model.errors import InvalidInput
from moderation.model.miss_rates import monday
from moderation.model.policy import Policy
from moderation.model.risk_control import Rejectable, Seen, Stake, most_lenient
from moderation.services.correcting import MOST
from moderation.storage import audit, said_by_people, sites
from moderation.storage.database import Connection
from moderation.storage.simulation import Replayed


@dataclass(frozen=True, slots=True)
class Promise:
    """What a promise rests on.

    `samples` of approvals from `weeks` were judged, and people would have rejected `missed` of
    these. They `rejected` comments that automation did not approve; `alone` of those without any
    automation. `unjudged` are stopped ones that nobody has judged.
    """

    weeks: int
    samples: int
    missed: int
    rejected: int
    alone: int
    unjudged: int


@dataclass(frozen=True, slots=True)
class _Judged:
    weeks: AuditedWeeks | None
    samples: Sequence[AuditedSample]
    stopped: Sequence[Stopped]

    @property
    def missed(self) -> list[AuditedSample]:
        return [one for one in self.samples if one.state is SampleState.MISSED]

    @property
    def rejected(self) -> list[Stopped]:
        return [one for one in self.stopped if one.of.rejected]

    @property
    def unjudged(self) -> list[Stopped]:
        return [one for one in self.stopped if one.of.rejected is None]

    @property
    def basis(self) -> Promise:
        return Promise(
            weeks=0 if self.weeks is None else len(self.weeks.judged),
            samples=len(self.samples),
            missed=len(self.missed),
            rejected=len(self.rejected),
            alone=sum(one.done is None for one in self.rejected),
            unjudged=len(self.unjudged),
        )

    def stakes(self, candidates: Sequence[Policy], most: float) -> list[Stake]:
        weeks = self.weeks
        known = Rejectable(
            seen=[
                Seen(stopped_by(one.of.facts, candidates), weeks.chance_of(one))
                for one in self.missed
                if weeks is not None
            ],
            known=[stopped_by(one.of.facts, candidates) for one in self.rejected],
            unjudged=[stopped_by(one.of.facts, candidates) for one in self.unjudged],
            least=1.0 if weeks is None else weeks.least,
        )
        return known.stakes(len(candidates), most)


def promise(
    connection: Connection, of: Replayed, candidates: Sequence[Policy], most: float
) -> tuple[Policy, Promise]:
    """Return the most lenient of these that is shown to miss at most this share.

    Raises InvalidInput where none is, and says how much more must be judged.
    """
    judged = _judged(connection, of)
    if not judged.rejected and not judged.missed:
        raise InvalidInput(
            "Nobody can promise that yet: moderators have rejected nothing in the weeks in which "
            "the audit ran throughout."
        )
    stakes = judged.stakes(candidates, most)
    place = most_lenient(stakes)
    if place is None:
        raise _too_little(judged, stakes[0])
    return candidates[place], judged.basis


def _judged(connection: Connection, of: Replayed) -> _Judged:
    every = said_by_people.samples(connection, of, MOST)
    weeks = audited_weeks(every, _interrupted(connection, of, every))
    told = [
        one for one in every if weeks is not None and one.week in weeks.judged and one.is_judged
    ]
    spans = [] if weeks is None else weeks.spans
    return _Judged(weeks, told, said_by_people.rejectable_one_by_one(connection, of, spans))


def _interrupted(
    connection: Connection, of: Replayed, every: Sequence[AuditedSample]
) -> frozenset[date]:
    """Return the weeks in which the audit may not have run all the time.

    In those its share was changed; the first may have begun before it, and from the oldest that
    were read some samples may not have been.
    """
    without = {monday(at.date()) for at in audit.changes_of_share(connection, of.site_id)}
    first, site = (
        said_by_people.first_sample(connection, of.site_id),
        sites.by_id(connection, of.site_id),
    )
    if first is not None:
        begun = monday(first.date())
        without |= {begun} if site is None or monday(site.created_at.date()) < begun else set()
    if len(every) == MOST:
        without.add(every[-1].week)
    return frozenset(without)


def _too_little(judged: _Judged, strictest: Stake) -> InvalidInput:
    factor = strictest.times_as_many
    if factor is None:
        return InvalidInput(
            "No thresholds do that: of what moderators rejected, too much is approved whatever "
            "the thresholds, or nobody has judged it."
        )
    if judged.weeks is None:
        return InvalidInput(
            "That cannot be shown yet: %(rejected)s rejected comments are known, and about "
            "%(needed)s more are needed.",
            rejected=len(judged.rejected),
            needed=ceil(len(judged.rejected) * (factor - 1)),
        )
    return InvalidInput(
        "That cannot be shown yet: %(samples)s samples of the audit were judged, and about "
        "%(needed)s more are needed. A greater share missed needs fewer.",
        samples=len(judged.samples),
        needed=ceil(len(judged.samples) * (factor - 1)),
    )
