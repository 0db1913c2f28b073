"""Claims: saying that one is looking at a comment, giving it to a colleague, and seeing both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.model.errors import Claimed, InvalidInput
from moderation.model.ids import CommentId, SiteId, UserId
from moderation.model.people import User
from moderation.model.reviews import HANDED, Claim, Handover
from moderation.runtime import Runtime
from moderation.services.access import site_for
from moderation.services.cards import Card
from moderation.services.deciders import may_decide
from moderation.storage import audit, claims, reviews, users
from moderation.storage.claims import Taker
from moderation.storage.database import Connection

MAX_WORD = 200


def hold(runtime: Runtime, user: User, comment_id: CommentId, left: CommentId | None) -> bool:
    """Claim a waiting comment, or renew the claim on it, and give `left` up.

    Says whether it is theirs now: not where a colleague was first, nothing waits there, or others
    have to decide: who may not keeps nobody from it by looking.
    Raises NotFound.
    """
    with runtime.transaction() as connection:
        site_for(connection, user, comment_id)
        if left is not None:
            claims.release(connection, user.id, left)
        review = reviews.of_waiting(connection, comment_id)
        if review is None or not may_decide(connection, user, review):
            return False
        return claims.hold(connection, comment_id, Taker(user.id, runtime.database_now(connection)))


def hand_over(  # noqa: PLR0913 - who gives what to whom, with which word
    runtime: Runtime,
    user: User,
    comment_id: CommentId,
    to: UserId,
    *,
    word: str | None,
    despite: UserId | None = None,
) -> User:
    """Give a waiting comment to a colleague, who holds it for a while; return the colleague.

    Raises NotFound, InvalidInput (no such colleague, nothing waits), Claimed.
    """
    with runtime.transaction() as connection:
        site_id, now = site_for(connection, user, comment_id), runtime.database_now(connection)
        review = reviews.of_waiting(connection, comment_id)
        check_free(connection, user, review, now, despite)
        return _hand(connection, user, review, _Handing(comment_id, site_id, to, now, word))


def give_back(runtime: Runtime, user: User, comment_id: CommentId) -> User:
    """Give what was handed over back to whoever did, and return them.

    Raises NotFound, InvalidInput (it is not theirs, or the giver has left).
    """
    with runtime.transaction() as connection:
        site_id, now = site_for(connection, user, comment_id), runtime.database_now(connection)
        review = reviews.of_waiting(connection, comment_id)
        if review is None or review.handed_to != user.id:
            raise InvalidInput("This comment was not handed to you, or you gave it on.")
        giver = UserId(review.handed_by)
        return _hand(connection, user, review, _Handing(comment_id, site_id, giver, now))


def let_go(runtime: Runtime, user: User, comment_id: CommentId) -> None:
    """Leave what was handed over, or is claimed, to everybody. Raises NotFound."""
    with runtime.transaction() as connection:
        site_id, now = site_for(connection, user, comment_id), runtime.database_now(connection)
        claims.release(connection, user.id, comment_id)
        review = reviews.of_waiting(connection, comment_id)
        if review is not None and review.handed_to == user.id:
            claims.hand(connection, comment_id)
            data = {"comment": str(comment_id)}
            audit.add(connection, "let-go", now, site_id=site_id, user_id=user.id, data=data)


def check_free(
    connection: Connection,
    user: User,
    review: Any,  # noqa: ANN401 - a row, or None
    now: datetime,
    despite: UserId | None,
) -> None:
    """Raise Claimed where somebody else than this person, or the one they know of, is on it."""
    if review is None or review.claimed_by in {None, user.id, despite}:
        return
    for row in claims.on(connection, [review.comment_id], now):
        if row.claimed_by not in (user.id, despite):
            raise Claimed(
                "%(name)s is looking at this comment.", UserId(row.claimed_by), name=row.name
            )


def with_claims(connection: Connection, cards: Sequence[Card], now: datetime) -> tuple[Card, ...]:
    """Add to cards of waiting comments who is on them, and by whom they were handed over."""
    ids = [card.comment.id for card in cards if card.waiting]
    if not ids:
        return tuple(cards)
    found = {row.comment_id: row for row in claims.on_cards(connection, ids, now)}
    return tuple(
        replace(card, claim=_claim_in(row), handed=_handover_in(row))
        if (row := found.get(card.comment.id))
        else card
        for card in cards
    )


def colleagues(
    runtime: Runtime, user: User, site_ids: Collection[SiteId]
) -> dict[SiteId, tuple[User, ...]]:
    """Return who else sees each of these sites, by name."""
    with runtime.reading() as connection:
        others = [one for one in users.active(connection) if one.id != user.id]
    return {
        site_id: tuple(one for one in others if one.sees(site_id))
        for site_id in site_ids
        if user.sees(site_id)
    }


@dataclass(frozen=True, slots=True)
class _Handing:
    """A comment on its way to somebody."""

    comment_id: CommentId
    site_id: SiteId
    to: UserId
    now: datetime
    word: str | None = None


def _hand(connection: Connection, user: User, review: Any, one: _Handing) -> User:  # noqa: ANN401 - a row, or None
    to, now, comment_id, site_id = one.to, one.now, one.comment_id, one.site_id
    there = users.active_at(connection, [site_id])[site_id] - {user.id}
    colleague = users.by_id(connection, to) if to in there else None
    if colleague is None:
        raise InvalidInput("There is no such colleague at this site.")
    if review is not None and not may_decide(connection, colleague, review):
        raise InvalidInput(
            "%(name)s may not decide on this comment; choose another.", name=colleague.name
        )
    claims.clear(connection, comment_id)
    if not claims.hold(connection, comment_id, Taker(to, now), HANDED):
        raise InvalidInput("This comment does not wait any more.")
    by = {"handed_to": to, "handed_by": user.id, "handed_word": one.word, "handed_at": now}
    claims.hand(connection, comment_id, **by)
    data = {"comment": str(comment_id), "to": str(to)}
    audit.add(connection, "hand-over", now, site_id=site_id, user_id=user.id, data=data)
    return colleague


def _claim_in(row: Any) -> Claim | None:  # noqa: ANN401 - a row
    if row.claimed_by is None:
        return None
    return Claim(row.claimed_by, row.claimed_name, row.claimed_at)


def _handover_in(row: Any) -> Handover | None:  # noqa: ANN401 - a row
    if row.handed_to is None:
        return None
    return Handover(row.handed_to, row.handed_by, row.handed_name, row.handed_word, row.handed_at)
