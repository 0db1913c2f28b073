"""Simulating: what a draft would do with the comments of a period, beside the policy in force."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from moderation.model.corrected import Correction
from moderation.model.decisions import Action
from moderation.model.estimates import Estimate
from moderation.model.labels import Label, Scores
from moderation.model.people import User
from moderation.model.simulation import (
    Comparison,
    FactClass,
    Flip,
    Share,
    Side,
    changed_lines,
)
from moderation.services.correcting import corrected
from moderation.services.desk import Listed, list_comments
from moderation.services.replaying import replay
from moderation.services.trying_words import TriedWords, try_words
from moderation.storage import judgements, simulated_comments, simulation
from moderation.storage.database import Connection
from moderation.storage.places import newest_sections
from moderation.storage.simulation import Replayed

PERIODS = (7, 30, 90)
"""Days that can be chosen; beside them everything."""
EVERYTHING = 0
USUAL = 30

SHOWN = 20
"""Of the comments that flip in one way, those nearest to a line."""

NEWEST = 2_000
"""Decisions of people that their pace is measured on."""
ENOUGH_GAPS = 50
GUESSED_SECONDS = 20.0
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=5)
"""Of a gap between two decisions: many at once are none, and after a pause it says nothing."""

PARTS, OF_EACH, BINS = 20, 1_000, 40
"""A histogram is drawn from the first so many comments of each part of the period."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Which comments count: those of so many days, or everything; and when they were written."""

    days: int
    of: Replayed
    ends: tuple[datetime, datetime] | None

    @property
    def length(self) -> float:
        """How many days lie between the first and the last of them; at least one."""
        return 1.0 if self.ends is None else max((self.ends[1] - self.ends[0]) / _DAY, 1.0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many seconds a person needs for a comment: the median of `gaps`, or else a guess."""

    seconds: float
    gaps: int

    @property
    def is_measured(self) -> bool:
        """Say whether enough was decided here in a row to tell."""
        return self.gaps >= ENOUGH_GAPS


@dataclass(frozen=True, slots=True)
class Near:
    """A comment that flips, with its scores of the labels whose lines are others."""

    listed: Listed
    scores: Scores


@dataclass(frozen=True, slots=True)
class Flips:
    """Comments that flip in one way, and some of them: those nearest to a line first."""

    flip: Flip
    nearest: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the policy in force does with the comments of a period, and what a draft would do."""

    period: Period
    comments: int
    live: Side
    draft: Side | None
    flips: tuple[Flips, ...]
    by_language: tuple[Share, ...]
    by_section: tuple[Share, ...]
    judged: int
    pace: Pace
    corrected: Correction | None = None
    words: TriedWords | None = None

    def a_day(self, side: Side) -> float:
        """How many comments wait for a person on a day."""
        return side.flagged / self.period.length

    def hours_a_day(self, side: Side) -> float:
        """How long people read on a day."""
        return self.a_day(side) * self.pace.seconds / 3600

    @property
    def new_words_a_day(self) -> Estimate | None:
        """How many have a word on a day that is new in the draft, told from the newest."""
        a_day = self.comments / self.period.length
        return None if self.words is None else self.words.among(a_day)

    @property
    def newly_caught(self) -> tuple[int, int]:
        """How many the draft catches that are approved now, and how many people have judged."""
        new = [each.flip for each in self.flips if each.flip.change[0] is Action.APPROVE]
        return sum(flip.number for flip in new), sum(flip.judged for flip in new)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many scores of a label fall into each of BINS equal parts of 0 to 1."""

    label: Label
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The histograms of all labels, and of how many comments they are drawn."""

    comments: int
    histograms: tuple[Histogram, ...]


def period_of(connection: Connection, every: Replayed, days: int | None, now: datetime) -> Period:
    """Return which of all these comments count.

    Where nobody chose, those of the usual days, or all where there are none before or none since.
    """
    ends = simulation.written(connection, every)
    if ends is None:
        return Period(USUAL if days is None else days, every, None)
    first, last = ends[0], min(ends[1], now)
    if days is None:
        days = USUAL if first < now - USUAL * _DAY <= last else EVERYTHING
    if days == EVERYTHING:
        return Period(days, every, (first, max(first, last)))
    since = now - days * _DAY
    between = None if last < since else (max(first, since), last)
    return Period(days, replace(every, since=since), between)


def simulate(
    connection: Connection, user: User | None, period: Period, both: Comparison
) -> Simulation:
    """Replay what is stored of a period's comments under the policy in force, and under a draft.

    No text is classified: the stored facts are judged anew. Programs (`user` None) are told how
    many comments flip, and not which.
    """
    of, found = replay(connection, period.of, [both.live, *([both.draft] if both.draft else [])])
    judged = simulation.judged(connection, of)
    live, draft = both.sides(found, judged)
    return Simulation(
        period=period,
        comments=_total(found),
        live=live,
        draft=draft,
        flips=_flips(connection, user, of, both, both.flips(found, judged)),
        by_language=both.by_language(found),
        by_section=both.by_section(found, newest_sections(connection, of.site_id, NEWEST)),
        judged=_total(judged),
        pace=pace_of(judgements.newest_by_people(connection, of.site_id, NEWEST)),
        corrected=corrected(connection, of, both, found),
        words=try_words(connection, user, of, both.live, both.draft),
    )


def spread_of(connection: Connection, period: Period, labels: Sequence[Label]) -> Spread:
    """Return how a period's scores are spread, from comments of all over it."""
    rows: list[Scores] = []
    if period.ends is not None:
        rows = simulated_comments.spread(connection, period.of, period.ends, PARTS, OF_EACH)
    found = (
        Histogram(label, _bins([row[label] for row in rows if label in row])) for label in labels
    )
    return Spread(len(rows), tuple(found))


def pace_of(made: Sequence[tuple[object, datetime]]) -> Pace:
    """Return how long people took from one decision to the next."""
    by_person: defaultdict[object, list[datetime]] = defaultdict(list)
    for person, at in made:
        by_person[person].append(at)
    gaps = [
        (after - before).total_seconds()
        for moments in by_person.values()
        for before, after in pairwise(sorted(moments))
        if SHORTEST <= after - before <= LONGEST
    ]
    enough = len(gaps) >= ENOUGH_GAPS
    return Pace(median(gaps) if enough else GUESSED_SECONDS, len(gaps))


def _flips(
    connection: Connection,
    user: User | None,
    of: Replayed,
    both: Comparison,
    found: Sequence[Flip],
) -> tuple[Flips, ...]:
    if both.draft is None:
        return ()
    if user is None:
        return tuple(Flips(flip, ()) for flip in found)
    to = changed_lines(both.live, both.draft)
    shown = []
    for flip in found:
        scores = simulated_comments.nearest(connection, of, flip, to, SHOWN)
        listed = list_comments(connection, user, of.site_id, list(scores))
        shown.append(Flips(flip, tuple(Near(one, scores[one.comment.id]) for one in listed)))
    return tuple(shown)


def _total(classes: Sequence[FactClass]) -> int:
    return sum(one.number for one in classes)


def _bins(scores: Sequence[float]) -> tuple[int, ...]:
    counts = [0] * BINS
    for score in scores:
        # NaN compares with nothing.
        if 0.0 <= score <= 1.0:
            counts[min(int(score * BINS), BINS - 1)] += 1
    return tuple(counts)
