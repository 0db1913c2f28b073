"""Audits: what automation approved, and chance chose for people to judge, who are not told."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from moderation.model.decisions import Action, Source

AUDIT_SHARE = 0.01
"""Of what automation approves, at a site that chose nothing else."""

MOST_A_DAY = 100
LEAST_A_DAY = 5 / 7
"""A small site has something to judge each week."""

WAITS_FOR = timedelta(days=30)
"""Whoever did not judge by then is asked no more."""

COUNTED_OVER = timedelta(days=7)
"""How far back approvals are counted, to know how many a day there are."""

YOUNGEST = timedelta(days=1)
"""Of a younger site's first hours a day is not made: they are told as they are."""

Chance = Callable[[], float]
"""Returns a number from 0 to below 1 that nobody can foresee; any of them is as likely."""

chance: Chance = secrets.SystemRandom().random
"""The system's: who knew which comments are looked at could write others."""


class SampleState(StrEnum):
    """What became of a comment that chance chose.

    People kept it or would have rejected it, or its text was replaced or withdrawn before.
    """

    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"
    MOOT = "moot"


def may_be_of_sample(source: Source, action: Action) -> bool:
    """Say whether a comment whose last decision is this may be one that chance chose.

    Chance chooses of what automation approves; what it flagged itself is none of that.
    """
    return (source, action) != (Source.AUTOMATION, Action.FLAG)


def probability(share: float, a_day: float | None) -> float:
    """Return with which chance to choose one of so many approvals a day; None: nobody knows yet.

    A share of 0 chooses none; any other at least five a week, as far as there are, and not over a
    hundred a day.
    """
    if not share or a_day is None:
        return share
    if not a_day:
        return 1.0
    return min(1.0, max(min(share, MOST_A_DAY / a_day), LEAST_A_DAY / a_day))


def approvals_a_day(number: int, oldest: datetime, now: datetime) -> float:
    """Return how many a day it is, where there were so many since a moment."""
    return number / (max(now - oldest, YOUNGEST) / timedelta(days=1))
