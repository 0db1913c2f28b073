"""Second looks: another person judges a share of what people decide, and does not see the decision.

Where both agree nothing happens. Where they do not, the comment waits in the queue for a third one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moderation.model.acts import Act, ActKind
from moderation.model.comments import Comment
from moderation.model.decisions import Action, ReasonKind
from moderation.model.errors import Forbidden, InvalidInput, NotFound, StaleReview, TooLateToUndo
from moderation.model.events import UNDO_SECONDS
from moderation.model.ids import ActId, SecondLookId, SiteId, new_uuid
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.second_looks import (
    DISPUTE_RISK,
    Agreement,
    LookState,
    agreement,
)
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services.access import comment_for
from moderation.services.cards import Card, cards_of
from moderation.services.opening import let_wait
from moderation.services.parts import seen_by
from moderation.services.sites import change_columns
from moderation.services.surroundings import beside
from moderation.storage import acts, audit, claims, decisions, desk, reviews, second_looks
from moderation.storage.database import Connection

MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A comment to judge once more; `left` counts those that this person could look at."""

    id: SecondLookId
    card: Card
    left: int


def change_share(runtime: Runtime, name: str, share: float) -> Site:
    """Let this share of what people decide at a site be judged once more, from now on.

    Raises NotFound, InvalidInput.
    """
    if not 0.0 <= share <= 1.0:
        raise InvalidInput("Take 0 to 100 percent.")
    return change_columns(runtime, name, "site-second-look", {"second_look_share": share})


def next_look(runtime: Runtime, user: User, site_ids: Collection[SiteId]) -> SecondLook | None:
    """Give somebody the oldest comment that they should judge once more; None where there is none.

    It is theirs for three minutes, like a claim. Who asks again gets the same one.
    """
    seen = seen_by(user, site_ids)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        taken = second_looks.take(connection, seen, user.id, now)
    if taken is None:
        return None
    with runtime.reading() as connection:
        row = desk.one_with_review(connection, taken.comment_id)
        [card] = beside(connection, cards_of(connection, [row]), user)
        left = second_looks.count(connection, seen, user.id, now, MOST_COUNTED)
    return SecondLook(SecondLookId(taken.id), card, left)


def look(runtime: Runtime, user: User, look_id: SecondLookId, action: Action, *, seen: int) -> Act:
    """Record what a second person would have decided. The comment stays as it is.

    Where the first one decided otherwise, it begins to wait for a third one.
    Raises NotFound, Erased, StaleReview, Forbidden (it is their own decision), InvalidInput.
    """
    if action is Action.FLAG:
        raise InvalidInput("A second look ends with approve or reject.")
    with runtime.transaction() as connection:
        row = second_looks.by_id(connection, look_id)
        if row is None or not user.sees(row.site_id):
            raise NotFound("There is no such comment to look at.")
        comment = comment_for(connection, user, row.comment_id, lock=True)
        if user.id in decisions.people_on(connection, comment.id):
            raise Forbidden("You decided on this comment: somebody else looks at it.")
        now = runtime.database_now(connection)
        state = None
        if comment.sequence == seen == row.sequence:
            state = second_looks.answer(connection, look_id, user.id, action, now)
        if state is None:
            raise StaleReview
        if state is LookState.DISAGREED:
            let_wait(connection, comment, ReasonKind.SECOND_LOOK, DISPUTE_RISK, now)
        return _done(connection, user, look_id, comment, now)


def look_away(connection: Connection, user: User, act: Act, now: datetime) -> None:
    """Take a second look back, soon after it. Raises NotFound, Erased, TooLateToUndo."""
    look_id = SecondLookId(UUID(act.data["look"]))
    if act.comment_id is None:
        raise NotFound("There is nothing of the kind to undo.")
    comment = comment_for(connection, user, act.comment_id, lock=True)
    row = second_looks.by_id(connection, look_id)
    if row is None or row.sequence != comment.sequence or row.outcome_id is not None:
        raise TooLateToUndo("Somebody decided on the comment since.")
    # Later on they may have seen the decision, and would judge it by that.
    if now > act.done_at + timedelta(seconds=UNDO_SECONDS):
        raise TooLateToUndo("A second look is taken back within a minute.")
    waiting = reviews.of_waiting(connection, comment.id)
    if row.state == LookState.DISAGREED and _is_taken_up(connection, user, waiting, now):
        raise TooLateToUndo("Somebody took the comment up since.")
    second_looks.take_back(connection, look_id, now)
    if waiting is not None:
        reviews.drop_reason(connection, waiting, ReasonKind.SECOND_LOOK, now)


def agreements(
    runtime: Runtime, user: User, site_ids: Collection[SiteId], period: timedelta
) -> tuple[Agreement, ...]:
    """Return how often two people agreed lately: on all comments, then by label."""
    with runtime.reading() as connection:
        since = runtime.database_now(connection) - period
        found = second_looks.looked(connection, seen_by(user, site_ids), since)
    return tuple(agreement(found, label) for label in (None, *Label))


def _is_taken_up(
    connection: Connection,
    user: User,
    waiting: Any,  # noqa: ANN401 - a review, or None
    now: datetime,
) -> bool:
    """Say whether anybody else has done something with a comment that waits."""
    if waiting is None:
        return False
    others = {row.claimed_by for row in claims.on(connection, [waiting.comment_id], now)}
    return bool(others - {user.id} or waiting.handed_to or waiting.escalated_at)


def _done(
    connection: Connection, user: User, look_id: SecondLookId, comment: Comment, now: datetime
) -> Act:
    data = {"look": str(look_id)}
    act = Act(ActId(new_uuid()), user.id, ActKind.SECOND_LOOK, comment.id, now, data=data)
    acts.add(connection, act)
    data |= {"comment": str(comment.id)}
    site_id = comment.site_id
    audit.add(connection, "second-look", now, site_id=site_id, user_id=user.id, data=data)
    return act
