"""Bulks: many comments decided by one act, as people see and steer them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from moderation.broker import Task
from moderation.model.acts import Act, ActKind
from moderation.model.bulks import Bulk, BulkAction, BulkState, Fate, Means, Said
from moderation.model.errors import InvalidInput, NotFound, TooLateToUndo
from moderation.model.ids import ActId, BulkId, new_uuid
from moderation.model.people import User
from moderation.model.site_reasons import SiteReason
from moderation.model.words_of_decisions import NOTHING_SAID, Words
from moderation.runtime import Runtime
from moderation.services.cards import Card, cards_of
from moderation.services.desk import Listed, in_list
from moderation.services.moderating import said
from moderation.services.preferences import hidden_from
from moderation.storage import acts, bulk_comments, bulks, desk, site_reasons
from moderation.storage.database import Connection

FIRST, LAST = 12, 4
"""Of what was previewed, so many are shown; of a band the first alone, nearest to its edges."""

LISTED = 50
"""Of those that were left as they were."""

LEFT = frozenset(Fate) - {Fate.WAITING, Fate.DONE, Fate.UNDONE}


@dataclass(frozen=True, slots=True)
class BulkPage:
    """A bulk with its numbers, some of its comments, and those that were left as they were.

    `samples` are none where the page shows them already; `site_reasons` and `reported` are there
    until somebody says yes.
    """

    bulk: Bulk
    now: datetime
    counts: Mapping[tuple[Fate, bool], int]
    samples: tuple[Card, ...]
    left: tuple[Listed, ...]
    site_reasons: tuple[SiteReason, ...]
    reported: int
    """How many of those that were previewed readers had complained of."""

    @property
    def previewed(self) -> int:
        """How many the person said yes to, or is asked about."""
        return sum(number for (_, previewed), number in self.counts.items() if previewed)

    @property
    def to_come(self) -> int:
        """How many still have their turn: to be decided, or while it is undone to be taken back."""
        undoing = self.bulk.state is BulkState.UNDOING
        return self.number(Fate.DONE if undoing else Fate.WAITING)

    @property
    def by_fate(self) -> Mapping[Fate, int]:
        """How many were left as they were, by why."""
        found = {fate: self.number(fate) for fate in Fate if fate in LEFT}
        return {fate: number for fate, number in found.items() if number}

    @property
    def can_be_undone(self) -> bool:
        """Say whether there is something to take back, and still time for it."""
        return self.bulk.can_be_undone(self.now)

    @property
    def seconds_left(self) -> int | None:
        """For how long it can be undone; None while it runs, or not at all."""
        until = self.bulk.undone_until
        return None if until is None else max(int((until - self.now).total_seconds()), 0)

    def number(self, fate: Fate) -> int:
        """How many have this fate."""
        return sum(self.counts.get((fate, previewed), 0) for previewed in (True, False))


def bulk_page(
    runtime: Runtime, user: User, bulk_id: BulkId, *, shown: BulkState | None = None
) -> BulkPage:
    """Return a bulk of this person, in as many statements however long it is. Raises NotFound.

    `shown` is the state of which a page shows the samples already.
    """
    with runtime.reading() as connection:
        bulk = _theirs(connection, user, bulk_id)
        is_new = bulk.state is BulkState.PREVIEWED
        reasons = site_reasons.of(connection, [bulk.site_id])[bulk.site_id] if is_new else ()
        return BulkPage(
            bulk=bulk,
            now=runtime.database_now(connection),
            counts=bulk_comments.counts(connection, bulk_id),
            samples=() if bulk.state is shown else _samples(connection, user, bulk),
            left=_left(connection, user, bulk),
            site_reasons=reasons,
            reported=bulk_comments.count_reported(connection, bulk_id) if is_new else 0,
        )


def _samples(connection: Connection, user: User, bulk: Bulk) -> tuple[Card, ...]:
    last = 0 if bulk.means is Means.BAND else LAST
    ids = bulk_comments.sample(connection, bulk.id, FIRST + LAST - last, last)
    rows = desk.comments_among(connection, ids, [bulk.site_id], None)
    hidden = hidden_from(connection, user, ids)
    return tuple(replace(card, hidden=hidden) for card in cards_of(connection, rows))


def _left(connection: Connection, user: User, bulk: Bulk) -> tuple[Listed, ...]:
    left = bulk_comments.listed(connection, bulk.id, LEFT, LISTED)
    if not left:
        return ()
    sites = {row.site_id for row in left if user.sees(row.site_id)}
    ids = [row.comment_id for row in left]
    return in_list(connection, user, desk.comments_among(connection, ids, sites, None))


def start(
    runtime: Runtime,
    user: User,
    bulk_id: BulkId,
    action: BulkAction,
    words: Words = NOTHING_SAID,
) -> None:
    """Let what was previewed be decided; a second time changes nothing.

    Workers do it, some comments at a time, whoever closes a browser meanwhile.
    Raises NotFound, InvalidInput (nothing is left to decide, no such reason).
    """
    with runtime.transaction() as connection:
        bulk = _theirs(connection, user, bulk_id, lock=True)
        if bulk.state is not BulkState.PREVIEWED:
            return
        if not bulk_comments.next_of(connection, bulk_id, Fate.WAITING, 1):
            raise InvalidInput("Nothing in there can be decided. Select anew.")
        now = runtime.database_now(connection)
        kept = bulks.from_said(_said(connection, bulk, action, words))
        act = Act(
            id=ActId(new_uuid()),
            user_id=user.id,
            kind=ActKind.BULK,
            comment_id=None,
            done_at=now,
            data={"bulk": str(bulk_id)},
        )
        acts.add(connection, act)
        begun = {"turn_at": now, "state": BulkState.RUNNING}
        bulks.change(connection, bulk_id, action=action, said=kept, act_id=act.id, **begun)
    runtime.broker.ring(Task.BULK)


def begin_undoing(connection: Connection, user: User, act: Act, now: datetime) -> None:
    """Let a bulk be taken back, some comments at a time; what had no turn gets none.

    Raises NotFound, TooLateToUndo.
    """
    bulk = _theirs(connection, user, BulkId(UUID(act.data["bulk"])), lock=True)
    if not bulk.can_be_undone(now):
        raise TooLateToUndo("That was too long ago: a bulk can be undone for a minute.")
    bulk_comments.settle_all(connection, bulk.id, Fate.WAITING, Fate.STOPPED)
    bulks.change(connection, bulk.id, state=BulkState.UNDOING, turn_at=now, broken_turns=0)


def has_turns(runtime: Runtime) -> bool:
    """Say whether there is something to do for any bulk. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        return bulks.any_turn(connection)


def _said(connection: Connection, bulk: Bulk, action: BulkAction, words: Words) -> Said:
    if action is BulkAction.ESCALATE:
        return Said(note=words.note)
    reason, message = said(connection, bulk.site_id, words)
    return Said(reason, reason.detail, message)


def _theirs(connection: Connection, user: User, bulk_id: BulkId, *, lock: bool = False) -> Bulk:
    """Return a bulk of this person at a site that they still see. Raises NotFound."""
    bulk = bulks.by_id(connection, bulk_id, lock=lock)
    if bulk is None or bulk.user_id != user.id or not user.sees(bulk.site_id):
        raise NotFound("There is no such bulk.")
    return bulk
