"""Heads: switching one on and off, and what its thresholds would be. An operator does both."""

from collections.abc import Collection
from dataclasses import dataclass

from moderation.broker import Task
from moderation.model.errors import Conflict, InvalidInput
from moderation.model.head_trials import with_head
from moderation.model.heads import SiteHead
from moderation.model.ids import HeadId, SiteId, UserId
from moderation.model.labels import Label
from moderation.model.overrides import parts_of
from moderation.model.people import User
from moderation.model.policy import Policy, Threshold
from moderation.runtime import Runtime
from moderation.services.learning import find_head
from moderation.services.operating import check_operator
from moderation.services.publishing import history_of, in_force, running
from moderation.storage import audit, heads, sites
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Weights:
    """What a worker needs of a head: whose scores it goes by, its number, and the numbers."""

    classifier: str
    number: int
    fingerprint: str
    weights: bytes


def weights_of(runtime: Runtime, head_id: HeadId) -> Weights | None:
    """Return the weights of a head; None where there are none. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        head, found = heads.by_id(connection, head_id), heads.weights_of(connection, head_id)
    if head is None or found is None or head.fingerprint is None:
        return None
    return Weights(head.classifier, head.number, head.fingerprint, found)


def switch_on(runtime: Runtime, user: User, site_id: SiteId, number: int) -> None:
    """Let new comments have the score of this version. Raises NotFound, Forbidden, Conflict."""
    check_operator(user, site_id)
    turn_on(runtime, site_id, number, user.id)


def switch_off(runtime: Runtime, user: User, site_id: SiteId, *, anyway: bool = False) -> None:
    """Let new comments have no such score. Raises NotFound, Forbidden, Conflict."""
    check_operator(user, site_id)
    turn_off(runtime, site_id, user.id, anyway=anyway)


def turn_on(runtime: Runtime, site_id: SiteId, number: int, user_id: UserId | None = None) -> None:
    """Switch a version on, for whoever asks; another one that is on goes off.

    No comment is decided otherwise by that. Raises NotFound, InvalidInput (it is not offered).
    """
    with runtime.transaction() as connection:
        sites.lock(connection, site_id)
        head = find_head(connection, site_id, number)
        if not head.is_offered:
            raise InvalidInput("Only a version that is surely better can be switched on.")
        judge = running(connection, history_of(connection, site_id))
        if judge != head.classifier:
            raise InvalidInput(
                "It goes by the scores of %(old)s, and %(new)s decides now. Train another one.",
                old=head.classifier,
                new=judge,
            )
        now = runtime.database_now(connection)
        if (other := _on(connection, site_id)) is not None:
            if other.id == head.id:
                return
            heads.change(connection, other.id, {"off_at": now})
        anew = {"on_at": now, "on_by": user_id, "off_at": None}
        unfilled = {"filled_before": None, "filled_at": None}
        heads.change(connection, head.id, anew | unfilled)
        data = {"head": number}
        audit.add(connection, "head-on", now, site_id=site_id, user_id=user_id, data=data)
    runtime.broker.ring(Task.LEARN)


def turn_off(
    runtime: Runtime, site_id: SiteId, user_id: UserId | None = None, *, anyway: bool = False
) -> int | None:
    """Switch off what is on, and return its number; None where nothing was.

    Raises Conflict where a policy in force has a line for its score, without which every comment
    would be flagged.
    """
    with runtime.transaction() as connection:
        sites.lock(connection, site_id)
        head = _on(connection, site_id)
        if head is None:
            return None
        policy = in_force(history_of(connection, site_id), head.classifier).policy
        if has_line(policy) and not anyway:
            raise Conflict(
                "Version %(version)s of the thresholds flags by it, and without its score every "
                "comment is flagged. Publish thresholds without it first.",
                version=str(policy.version),
            )
        now = runtime.database_now(connection)
        heads.change(connection, head.id, {"off_at": now})
        data = {"head": head.number}
        audit.add(connection, "head-off", now, site_id=site_id, user_id=user_id, data=data)
    return head.number


def has_line(policy: Policy) -> bool:
    """Say whether a policy decides by the score of a site's head, everywhere or in some place."""
    lines = (part.thresholds.get(Label.UNWANTED, Threshold()) for part in parts_of(policy))
    return any(one.lowest is not None for one in lines)


def lacks_score(policy: Policy, classifier: str, labels: Collection[Label]) -> bool:
    """Say whether a policy goes by a head where none is on: then it flags every comment."""
    return policy.classifier == classifier and has_line(policy) and Label.UNWANTED not in labels


def proposed(policy: Policy, head: SiteHead) -> Policy:
    """Return what is proposed to publish once it is on: found as much, flagged less for nothing."""
    return with_head(policy, None if head.trial is None else head.trial.line)


def _on(connection: Connection, site_id: SiteId) -> SiteHead | None:
    return next((one for one in heads.of_site(connection, site_id) if one.is_on), None)
