"""Shadows: letting a policy judge beside what decides, and ending or promoting it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.ids import ShadowId, SiteId, UserId, new_uuid
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.policy import Policy, PublishedPolicy, Threshold
from moderation.model.policy_diff import changes_between
from moderation.model.shadows import Shadow
from moderation.runtime import Runtime
from moderation.services.operating import check_operator, checked_reason
from moderation.services.publishing import (
    Publication,
    check_labels,
    history_of,
    in_force,
    meant,
    numbered,
    put_into_force,
    running,
    versions_of,
)
from moderation.services.tuning import Draft
from moderation.storage import audit, shadow_jobs, shadows
from moderation.storage.database import Connection

Lines = Mapping[Label, float | None]
"""From where labels flag, or reject; None for never."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The policy in force for a classifier version (None: the one that decides), changed a bit."""

    reason: str
    classifier: str | None = None
    flags: Lines = field(default_factory=dict)
    rejects: Lines = field(default_factory=dict)

    def apply(self, policy: Policy) -> Policy:
        """Return the policy with other lines. Raises InvalidInput: they cannot be lines."""
        thresholds = dict(policy.thresholds)
        try:
            for name, lines in (("flag", self.flags), ("reject", self.rejects)):
                for label, line in lines.items():
                    thresholds[label] = replace(thresholds.get(label, Threshold()), **{name: line})
        except ValueError as error:
            raise InvalidInput(f"{label}: {error}.") from None
        return replace(policy, thresholds=thresholds)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that was in force before, whole: with its places, rules and languages."""

    version: int

    @property
    def reason(self) -> str:
        """Say why it runs: nobody types more than which."""
        return f"Version {self.version}, beside what came after it."


Wanted = Draft | Changed | Earlier


@dataclass(frozen=True, slots=True)
class Promoted:
    """The version that a shadow became, and whether the classifier that decides is its own."""

    policy: Policy
    decides: bool


def start_shadow(runtime: Runtime, user: User | None, site_id: SiteId, wanted: Wanted) -> Shadow:
    """Let a policy judge a site's comments from now on, beside what decides (None: a command).

    Raises NotFound, Forbidden, InvalidInput (no reason, nothing to compare, a label without
    scores), Conflict (one runs already).
    """
    _check(user, site_id)
    with runtime.transaction() as connection:
        history = history_of(connection, site_id)
        policy = _policy_of(connection, history, wanted)
        check_labels(connection, site_id, policy, history[0].policy)
        now = runtime.database_now(connection)
        row = {
            "id": ShadowId(new_uuid()),
            "site_id": site_id,
            "reason": checked_reason(wanted.reason),
            "started_by": _id_of(user),
            "started_at": now,
        }
        if not shadows.add(connection, row, policy):
            raise Conflict("A shadow runs at this site already. Stop it first.")
        _note(connection, user, site_id, "shadow-start", now, classifier=policy.classifier)
        return _running(connection, site_id, None)


def stop_shadow(
    runtime: Runtime, user: User | None, site_id: SiteId, shadow_id: ShadowId | None = None
) -> Shadow:
    """End the shadow of a site (None: whichever runs); nothing else follows.

    Raises NotFound (none runs), Forbidden, Conflict (it ended meanwhile).
    """
    _check(user, site_id)
    with runtime.transaction() as connection:
        shadow = _running(connection, site_id, shadow_id)
        now = runtime.database_now(connection)
        _end(connection, shadow, user, now)
        _note(connection, user, site_id, "shadow-stop", now, classifier=shadow.classifier)
    return shadow


def promote_shadow(  # noqa: PLR0913 - who, which, and what they saw
    runtime: Runtime,
    user: User | None,
    site_id: SiteId,
    reason: str,
    *,
    shadow_id: ShadowId | None = None,
    seen: int | None = None,
) -> Promoted:
    """Publish the policy of a site's shadow as the next version for its classifier, and end it.

    `seen` is the site's newest version when somebody chose to (None: whichever it is). Raises
    NotFound (none runs), Forbidden, InvalidInput (no reason), Conflict (it ended, or somebody else
    published meanwhile).
    """
    _check(user, site_id)
    with runtime.transaction() as connection:
        shadow = _running(connection, site_id, shadow_id)
        history = history_of(connection, site_id)
        newest = history[0].policy.version if seen is None else seen
        policy = replace(shadow.policy, version=newest + 1)
        publication = Publication(policy, checked_reason(reason), _id_of(user))
        put_into_force(runtime, connection, history, publication)
        now = runtime.database_now(connection)
        _end(connection, shadow, user, now, promoted=policy.version)
        values = {"classifier": shadow.classifier, "version": policy.version}
        _note(connection, user, site_id, "shadow-promote", now, **values)
        return Promoted(policy, running(connection, history) == shadow.classifier)


def _policy_of(connection: Connection, history: list[PublishedPolicy], wanted: Wanted) -> Policy:
    decides = running(connection, history)
    if isinstance(wanted, Draft):
        classifier = meant(versions_of(connection, history), wanted.classifier)
        current = in_force(history, classifier).policy
        policy = wanted.apply(current, classifier)
    elif isinstance(wanted, Earlier):
        policy = numbered(history, wanted.version).policy
        classifier = policy.classifier
        current = in_force(history, classifier).policy
    else:
        classifier = wanted.classifier or decides
        current = in_force(history, classifier).policy
        if current.classifier != classifier:
            raise InvalidInput(
                "No thresholds for %(classifier)s are published yet; do that first, ahead.",
                classifier=classifier,
            )
        policy = wanted.apply(current)
    if classifier == decides and not changes_between(current, policy):
        raise InvalidInput("That is what is in force: there is nothing to compare.")
    return policy


def _running(connection: Connection, site_id: SiteId, wanted: ShadowId | None) -> Shadow:
    shadow = shadows.running(connection, site_id)
    if shadow is None:
        raise NotFound("No shadow runs at this site.")
    if wanted is not None and shadow.id != wanted:
        raise Conflict("Somebody ended that shadow meanwhile, and started another.")
    return shadow


def _end(
    connection: Connection,
    shadow: Shadow,
    user: User | None,
    now: Any,  # noqa: ANN401 - a moment
    promoted: int | None = None,
) -> None:
    if not shadows.end(connection, shadow.id, now, ended_by=_id_of(user), promoted=promoted):
        raise Conflict("Somebody ended that shadow meanwhile.")
    shadow_jobs.cancel(connection, shadow)


def _note(
    connection: Connection,
    user: User | None,
    site_id: SiteId,
    action: str,
    now: Any,  # noqa: ANN401 - a moment
    **data: object,
) -> None:
    audit.add(connection, action, now, site_id=site_id, user_id=_id_of(user), data=data)


def _check(user: User | None, site_id: SiteId) -> None:
    if user is not None:
        check_operator(user, site_id)


def _id_of(user: User | None) -> UserId | None:
    return None if user is None else user.id
