"""Opting out: which waiting comments somebody leaves to colleagues who are on and take them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from moderation.model.ids import ReviewId, UserId
from moderation.model.people import Role
from moderation.model.reviews import Cause
from moderation.storage.preferences import preferences
from moderation.storage.reviews import escalated, reviews
from moderation.storage.sessions import sessions
from moderation.storage.users import CAN_SIGN_IN, memberships, users

NOT_FOR_ALL = Cause.APPEAL | Cause.SECOND_LOOK
"""What waits for one of these may not be decided by everybody: perhaps not by who is on."""

_r, _u = reviews.c, users.c
_sees_it = (memberships.c.user_id == _u.id) & (memberships.c.site_id == _r.site_id)


@dataclass(frozen=True, slots=True)
class OptOut:
    """What somebody opted out of; colleagues who were active since a moment take it instead."""

    user_id: UserId
    causes: Cause
    since: datetime

    def leaves(self, handed: Collection[ReviewId], overdue_before: datetime) -> ColumnElement[bool]:
        """Say of a review that a colleague takes it.

        Never of what was handed to this person, nor of what waits for too long: who was active is
        perhaps not at the queue.
        """
        takes_it = func.coalesce(preferences.c.opt_out, 0).bitwise_and(_r.causes) == 0
        colleague = (
            select(_u.id)
            .join(sessions, (sessions.c.user_id == _u.id) & (sessions.c.seen_at >= self.since))
            .outerjoin(memberships, _sees_it)
            .outerjoin(preferences, preferences.c.user_id == _u.id)
            .where(_u.id != self.user_id, *CAN_SIGN_IN, takes_it)
            .where(or_(_u.role == Role.ADMIN, memberships.c.site_id.is_not(None)))
            .correlate(reviews)
        )
        return and_(
            _r.causes.bitwise_and(int(self.causes)) != 0,
            _r.causes.bitwise_and(int(NOT_FOR_ALL)) == 0,
            ~escalated,
            _r.opened_at > overdue_before,
            _r.id.not_in(handed),
            colleague.exists(),
        )
