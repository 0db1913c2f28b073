"""Spikes: whose comments were flagged on a day, where, and which words are new in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from moderation.markup import as_read
from moderation.model.comments import Format
from moderation.model.drift import DAY, DAYS_BEFORE
from moderation.model.ids import SiteId
from moderation.model.people import User
from moderation.model.proportions import Proportion
from moderation.model.rates import Span
from moderation.model.standing_out import StandsOut, standing_out
from moderation.model.words import words_in
from moderation.runtime import Runtime
from moderation.services.operating import check_operator
from moderation.storage import spikes
from moderation.storage.database import Connection
from moderation.storage.spikes import By, Compared

MOST_COUNTED = 10_000
"""Of the newest flagged comments of the day and the four weeks before: so many are counted."""

MOST_READ = 1_000
MOST_READ_BEFORE = 3_000
"""So many texts are looked through for words."""

LISTED = 8
WORDS = 20


@dataclass(frozen=True, slots=True)
class Origin:
    """An author, a section or a thread; its share of what was flagged on the day, and before."""

    key: str
    name: str
    share: Proportion
    usual: Proportion


@dataclass(frozen=True, slots=True)
class Spike:
    """What is behind the flagged comments of one day."""

    day: Span
    flagged: int
    authors: tuple[Origin, ...]
    sections: tuple[Origin, ...]
    threads: tuple[Origin, ...]
    words: tuple[StandsOut, ...]


def read_spike(runtime: Runtime, user: User, site_id: SiteId, day: date) -> Spike:
    """Return what is behind a day, in UTC. Raises NotFound, Forbidden."""
    check_operator(user, site_id)
    begins = datetime.combine(day, time(), UTC)
    span, before = Span(begins, begins + DAY), Span(begins - DAY * DAYS_BEFORE, begins)
    with runtime.reading() as connection:
        compared = Compared(before, span, MOST_COUNTED)
        totals = spikes.totals(connection, site_id, compared)
        of = {
            by: _origins(
                spikes.most_flagged(connection, site_id, compared, by, LISTED),
                *totals,
            )
            for by in By
        }
        words = _words(connection, site_id, span, MOST_READ)
        others = _words(connection, site_id, before, MOST_READ_BEFORE)
    return Spike(
        day=span,
        flagged=totals[0],
        authors=of[By.AUTHOR],
        sections=of[By.SECTION],
        threads=of[By.THREAD],
        words=standing_out(words, others, WORDS),
    )


def _origins(rows: Sequence[Any], flagged: int, flagged_before: int) -> tuple[Origin, ...]:
    return tuple(
        Origin(
            row.key,
            row.name or row.key,
            Proportion(row.number, flagged),
            Proportion(row.before, flagged_before),
        )
        for row in rows
    )


def _words(connection: Connection, site_id: SiteId, span: Span, most: int) -> list[set[str]]:
    rows = spikes.texts(connection, site_id, span, most)
    return [words_in(as_read(row.text, Format(row.format))) for row in rows]
