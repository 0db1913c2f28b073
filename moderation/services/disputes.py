"""Second looks beside decisions: which are looked at again, and who settles a disagreement."""

import secrets
from collections.abc import Mapping, Sequence

from moderation.model.comments import Comment
from moderation.model.decisions import Action, Decision, Source
from moderation.model.errors import Forbidden, InvalidInput, StaleReview
from moderation.model.ids import CommentId, UserId, new_uuid
from moderation.model.people import User
from moderation.model.reviews import Cause, causes_of
from moderation.model.sites import Site
from moderation.storage import decisions, second_looks, users
from moderation.storage.database import Connection

_FINE = 1_000_000
"""Chances are told apart to one in so many."""


def barred(connection: Connection, found: Sequence[Comment]) -> dict[CommentId, frozenset[UserId]]:
    """Return who may not settle the disputes on these comments: the two, where a third is there."""
    ids = [comment.id for comment in found]
    disputes = second_looks.disputes(connection, ids) if ids else {}
    return _barred(connection, disputes, found) if disputes else {}


def before_decision(
    connection: Connection, comment: Comment, user: User, action: Action, waits_for: Cause
) -> bool:
    """Say whether a decision settles a dispute; asks nothing where the comment waits for none.

    Nobody settles their own, unless no third person is there. Raises Forbidden, InvalidInput.
    """
    if not waits_for & Cause.SECOND_LOOK:
        return False
    if not (found := second_looks.disputes(connection, [comment.id])):
        return False
    if user.id in _barred(connection, found, [comment]).get(comment.id, ()):
        raise Forbidden("You judged this comment before: a third person decides.")
    if action is Action.FLAG:
        raise InvalidInput("Two people disagree on this comment: approve or reject.")
    return True


def before_undoing(connection: Connection, comment: Comment, user: User, waits_for: Cause) -> None:
    """Let nobody decide their own dispute by taking the first decision back. Raises StaleReview."""
    if not waits_for & Cause.SECOND_LOOK:
        return
    if user.id in barred(connection, [comment]).get(comment.id, ()):
        raise StaleReview("A colleague judged this comment differently: a third person decides.")


def after_decision(
    connection: Connection, site: Site, user: User, decision: Decision, *, disputed: bool
) -> None:
    """Note that a dispute is settled; else let chance choose whether somebody looks once more."""
    if disputed:
        second_looks.settle(connection, decision)
        return
    if decision.action is Action.FLAG or decision.source is not Source.MODERATOR:
        return
    share = site.second_look_share
    # Not to be guessed: who knew which decisions are looked at would decide those with more care.
    if secrets.randbelow(_FINE) >= share * _FINE:
        return
    there = users.active_at(connection, [site.id])[site.id]
    if not there - decisions.people_on(connection, decision.comment_id):
        return
    second_looks.add(
        connection,
        {
            "id": new_uuid(),
            "comment_id": decision.comment_id,
            "site_id": site.id,
            "decision_id": decision.id,
            "sequence": decision.sequence,
            "causes": int(_flagged_for(connection, decision)),
            "share": share,
            "first_by": user.id,
            "first_action": decision.action,
            "chosen_at": decision.decided_at,
        },
    )


def reopen(connection: Connection, undone: Decision, reversal: Decision) -> bool:
    """Open a disagreement again, whose settlement is taken back; False where that was none."""
    return second_looks.reopen(connection, undone.id, reversal.sequence)


def _barred(
    connection: Connection,
    disputes: Mapping[CommentId, frozenset[UserId]],
    found: Sequence[Comment],
) -> dict[CommentId, frozenset[UserId]]:
    site_of = {one.id: one.site_id for one in found if one.id in disputes}
    there = users.active_at(connection, set(site_of.values()))
    return {
        comment_id: two for comment_id, two in disputes.items() if there[site_of[comment_id]] - two
    }


def _flagged_for(connection: Connection, decision: Decision) -> Cause:
    """Return what a comment had been flagged for before a person decided."""
    before = decisions.before(connection, decision)
    if before is None or before.action is not Action.FLAG or before.revision != decision.revision:
        return Cause.OTHER
    return causes_of(before.reasons)
