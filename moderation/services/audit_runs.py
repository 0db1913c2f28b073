"""Runs of the audit: samples and flagged comments, one after the other, mixed by chance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.model import audits
from moderation.model.audits import Chance
from moderation.model.desk import EVERYTHING
from moderation.model.ids import AuditSampleId, CommentId, ReviewId, SiteId
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.preferences import NOTHING
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.access import site_for
from moderation.services.auditing import MOST_COUNTED
from moderation.services.cards import Card, cards_of
from moderation.services.complaint_cards import NO_COMPLAINTS
from moderation.services.deciders import may_decide
from moderation.services.parts import part_to_decide, seen_by
from moderation.services.surroundings import beside
from moderation.storage import audit_turns, claims, desk, known_causes, queue, reviews
from moderation.storage.claims import Taker
from moderation.storage.database import Connection
from moderation.storage.queue import Part

OF_SCORES = Cause(sum(Cause[label.name] for label in Label))
OF_MORE = ~OF_SCORES
"""Where readers, authors or colleagues wait for an answer, whoever decides has to know of it."""

MOST_IN_SIGHT = 50
MOST_TRIES = 5
"""Where others took all that was in sight at the very same moment."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A comment to judge; its card says nothing of how it came here.

    `left` counts the samples that this person could be given. Unless it is `blind` nothing was
    there to be mixed in, and so this is a sample.
    """

    card: Card
    left: int
    blind: bool


@dataclass(frozen=True, slots=True)
class _InSight:
    """What somebody could be given now: samples, and of the queue what nobody is on."""

    samples: Sequence[Any]
    flagged: Sequence[ReviewId]
    now: datetime


def next_turn(
    runtime: Runtime,
    user: User,
    site_ids: Collection[SiteId],
    chance: Chance = audits.chance,
) -> CommentId | None:
    """Give somebody a sample, or as likely a comment that waits in the queue; None at the end.

    It ends with the last sample: what waits without one is for the queue. Nobody else is given the
    same for three minutes.
    """
    for _ in range(MOST_TRIES):
        with runtime.reading() as connection:
            found = _in_sight(runtime, connection, user, seen_by(user, site_ids))
        if not found.samples:
            return None
        prefers_sample = chance() < 0.5 or not found.flagged  # noqa: PLR2004 - one of two
        with runtime.transaction() as connection:
            take = _take_sample if prefers_sample else _take_flagged
            if comment_id := take(connection, user, found):
                return comment_id
    return None


def read_turn(
    runtime: Runtime, user: User, comment_id: CommentId, site_ids: Collection[SiteId]
) -> Turn | None:
    """Return a comment that somebody was given, and keep it for them; None where others have it.

    Raises NotFound.
    """
    with runtime.transaction() as connection:
        site_for(connection, user, comment_id)
        now = runtime.database_now(connection)
        sample = audit_turns.renew(connection, comment_id, user.id, now)
        if sample is None and not _hold(connection, user, comment_id, now):
            return None
    with runtime.reading() as connection:
        row = desk.one_with_review(connection, comment_id)
        [card] = beside(connection, cards_of(connection, [row]), user)
        left = audit_turns.count(connection, seen_by(user, site_ids), user.id, now, MOST_COUNTED)
    return Turn(_blinded(card), left, sample is None or sample.blind)


def _in_sight(
    runtime: Runtime, connection: Connection, user: User, site_ids: list[SiteId]
) -> _InSight:
    part = _mixed_in(part_to_decide(runtime, connection, user, site_ids, EVERYTHING), user)
    taker = Taker(user.id, part.onlooker.now)
    rows = audit_turns.free(connection, site_ids, user.id, taker.now, MOST_IN_SIGHT)
    samples = _wanted(connection, user, rows)
    flagged = claims.candidates(connection, site_ids, part, None, taker) if samples else []
    return _InSight(samples, flagged, taker.now)


def _mixed_in(part: Part, user: User) -> Part:
    """Return what of the queue can be judged by its text alone, and was not seen there already.

    What is hidden from somebody would say by that that it scored high.
    """
    unseen = part.apart_from(part.without | part.mine)
    return replace(unseen, skipped=False, besides=OF_MORE | user.preferences.hides)


def _wanted(connection: Connection, user: User, rows: Sequence[Any]) -> Sequence[Any]:
    """Leave out what somebody opted out of."""
    opt_out = user.preferences.opt_out
    if not (opt_out and rows):
        return rows
    known = known_causes.of(connection, [row.comment_id for row in rows])
    return [row for row in rows if not known.get(row.comment_id, NOTHING) & opt_out]


def _take_sample(connection: Connection, user: User, found: _InSight) -> CommentId | None:
    ids = [AuditSampleId(row.id) for row in found.samples]
    return audit_turns.take(connection, ids, user.id, found.now, blind=bool(found.flagged))


def _take_flagged(connection: Connection, user: User, found: _InSight) -> CommentId | None:
    taken = claims.take(connection, found.flagged, Taker(user.id, found.now), 1)
    rows = queue.by_ids(connection, taken)
    return CommentId(rows[0].id) if rows else None


def _hold(connection: Connection, user: User, comment_id: CommentId, now: datetime) -> bool:
    review = reviews.of_waiting(connection, comment_id)
    if review is None or review.causes & OF_MORE or not may_decide(connection, user, review):
        return False
    return claims.hold(connection, comment_id, Taker(user.id, now))


def _blinded(card: Card) -> Card:
    """Take away whatever tells how a comment was judged, and by whom."""
    return replace(
        card,
        meters=(),
        decisions=(),
        waiting=None,
        marks=(),
        complaints=NO_COMPLAINTS,
        claim=None,
        handed=None,
        standings={},
        notes=0,
        disputed_by=frozenset(),
    )
