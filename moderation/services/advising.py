"""Advising: thresholds that do what an operator wishes for, on the comments of a period."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.model.advice import ENOUGH_COMMENTS, Wish, WishKind, candidates, strictest
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.ids import SiteId
from moderation.model.policy import Policy
from moderation.model.simulation import FactClass
from moderation.model.usual_days import usual_range
from moderation.model.verdicts import decide
from moderation.runtime import Runtime
from moderation.services.drift import whole_days
from moderation.services.promising import Promise, promise
from moderation.services.publishing import history_of, in_force, meant, versions_of
from moderation.services.replaying import replay
from moderation.services.simulating import NEWEST, Pace, Period, pace_of, period_of
from moderation.services.tuning import FIRST_LOOK, Draft, Look
from moderation.storage import judgements, rates
from moderation.storage.database import Connection
from moderation.storage.simulation import Replayed


@dataclass(frozen=True, slots=True)
class Advice:
    """A policy that does what was wished for on the comments of a period; nothing is published.

    `usual` is between which numbers of flags 19 of 20 days lie, None where days are too few to
    tell; `promise` what it rests on where a share of misses was asked for.
    """

    wish: Wish
    policy: Policy
    period: Period
    comments: int
    flags_a_day: float
    usual: tuple[float, float] | None
    pace: Pace
    promise: Promise | None = None

    @property
    def hours_a_day(self) -> float:
        """How long people read on a day."""
        return self.flags_a_day * self.pace.seconds / 3600

    @property
    def reason(self) -> str:
        """Why it is published, in words."""
        said = f"{self.wish.said(self.wish.amount):g}"
        wished = {
            WishKind.FLAGS: f"at most {said} flags a day",
            WishKind.HOURS: f"at most {said} hours of reading a day",
            WishKind.MISSES: f"at most {said} % missed of what moderators would reject",
        }
        return f"Advised for {wished[self.wish.kind]}, on {self.comments:,} comments."


@dataclass(frozen=True, slots=True)
class _Asked:
    """What advice is given on: the policy in force, and the comments of a period."""

    connection: Connection
    policy: Policy
    period: Period
    pace: Pace

    def replayed(self, policy: Policy) -> Sequence[FactClass]:
        return replay(self.connection, self.period.of, [policy])[1]

    def flags_a_day(self, policy: Policy) -> float:
        waiting = (
            one.number
            for one in self.replayed(policy)
            if decide(one.facts, policy).action is Action.FLAG
        )
        return sum(waiting) / self.period.length


def advise(
    runtime: Runtime,
    site_id: SiteId,
    wish: Wish,
    look: Look = FIRST_LOOK,
) -> Advice:
    """Find the thresholds that do what is wished for; nothing is published.

    They begin at those in force. What a draft says beside its thresholds, such as its rules,
    counts as if it were in force.

    Raises NotFound, InvalidInput (the wish means nothing, cannot be met, or not on what is known).
    """
    wish.check()
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        history = history_of(connection, site_id)
        classifier = meant(versions_of(connection, history), look.classifier)
        policy = _asked_about(in_force(history, classifier).policy, look.draft, classifier)
        period = period_of(connection, Replayed(site_id, classifier), look.days, now)
        pace = pace_of(judgements.newest_by_people(connection, site_id, NEWEST))
        asked = _Asked(connection, policy, period, pace)
        comments = sum(one.number for one in asked.replayed(policy))
        if comments < ENOUGH_COMMENTS:
            raise InvalidInput(
                "There are %(comments)s comments in this time; advice is given on %(needed)s "
                "and more.",
                comments=comments,
                needed=ENOUGH_COMMENTS,
            )
        found, promised = _chosen(asked, wish)
        flags = asked.flags_a_day(found)
        usual = usual_range(_flags_by_day(connection, site_id, now), flags)
        return Advice(wish, found, period, comments, flags, usual, pace, promised)


def _asked_about(current: Policy, draft: Draft | None, classifier: str) -> Policy:
    if draft is None:
        return current.moved_to(classifier)
    return replace(draft.apply(current, classifier), thresholds=current.thresholds)


def _chosen(asked: _Asked, wish: Wish) -> tuple[Policy, Promise | None]:
    under = candidates(asked.policy)
    if wish.kind is WishKind.MISSES:
        return promise(asked.connection, asked.period.of, under, wish.amount)
    each = asked.pace.seconds / 3600 if wish.kind is WishKind.HOURS else 1.0
    place = strictest(under, asked.flags_a_day, wish.amount / each)
    if place is None:
        raise InvalidInput(
            "Thresholds alone cannot do that: %(flags)s comments a day wait for other reasons "
            "than their scores, such as their language or their author.",
            flags=round(asked.flags_a_day(under[-1])),
        )
    if place == 0:
        raise InvalidInput(
            "People could read everything in that time: there are %(flags)s comments a day. "
            "Wish for less.",
            flags=round(asked.flags_a_day(under[0])),
        )
    return under[place], None


def _flags_by_day(connection: Connection, site_id: SiteId, now: datetime) -> list[int]:
    """Return how many were flagged on each whole day of four weeks, since comments came."""
    days = rates.handled(connection, [site_id], whole_days(now, 0))[site_id]
    first = next((place for place, day in enumerate(days) if day.total), len(days))
    return [day.flagged for day in days[first:]]
