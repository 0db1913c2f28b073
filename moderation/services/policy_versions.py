"""Policy versions: reading, trying, publishing and taking back whole policies, for programs.

People do the same on the page of thresholds (`services.tuning`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from moderation.model.errors import FieldError, InvalidInput, NotFound
from moderation.model.ids import KeyId, SiteId
from moderation.model.people import User
from moderation.model.pointers import Path, pointer_to
from moderation.model.policy import Policy, PublishedPolicy
from moderation.model.policy_diff import Change, changes_between
from moderation.model.policy_document import document_of
from moderation.model.simulation import Comparison
from moderation.runtime import Runtime
from moderation.services.operating import check_operator, checked_reason
from moderation.services.publishing import (
    Publication,
    check_labels,
    going_back,
    history_of,
    in_force,
    numbered,
    put_into_force,
    running,
)
from moderation.services.simulating import Simulation, period_of, simulate
from moderation.storage import classifier_versions
from moderation.storage.database import Connection
from moderation.storage.simulation import Replayed


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions of a site's policy, the newest first, and the classifier that decides."""

    history: tuple[PublishedPolicy, ...]
    running: str

    @property
    def newest(self) -> int:
        """The number of the newest version, whichever classifier it is for."""
        return self.history[0].policy.version

    def standing(self, classifier: str | None = None) -> PublishedPolicy:
        """Return what judges the scores of a classifier version (None: of the one that decides).

        Raises NotFound: there are no thresholds for it.
        """
        found = in_force(self.history, classifier or self.running)
        if classifier is not None and found.policy.classifier != classifier:
            raise NotFound(f"This site has no thresholds for {classifier}.")
        return found

    def numbered(self, version: int) -> PublishedPolicy:
        """Return the version with a number. Raises NotFound."""
        return numbered(self.history, version)

    def is_in_force(self, one: PublishedPolicy) -> bool:
        """Say whether this version judges the scores that it is for."""
        return in_force(self.history, one.policy.classifier) == one

    def changes(self, one: PublishedPolicy) -> tuple[Change, ...] | None:
        """Return what it changed; None for the first version for its classifier."""
        return changes_by(self.history, one)

    def described(self, one: PublishedPolicy) -> dict[str, Any]:
        """Return what programs are told of a version, besides the policy itself."""
        changes = self.changes(one)
        return {
            "version": one.policy.version,
            "classifier": one.policy.classifier,
            "in_force": self.is_in_force(one),
            "decides": self.is_in_force(one) and one.policy.classifier == self.running,
            "published_at": one.published_at.isoformat(),
            "published_by": one.author_name,
            "reason": one.reason,
            "changes": changes if changes is None else [_change(change) for change in changes],
        }

    def described_whole(self, one: PublishedPolicy) -> dict[str, Any]:
        """Return a version and what it says."""
        return {**self.described(one), "policy": document_of(one.policy)}


@dataclass(frozen=True, slots=True)
class Wish:
    """Why a program wants a policy in force, and which version was the newest that it saw."""

    reason: str = ""
    seen: int | None = None
    """None: whichever."""
    key_id: KeyId | None = None
    """What it came with; None: it is a command of the installation."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in force after a wish; it `is_new` unless that said the same before."""

    published: PublishedPolicy
    is_new: bool


def version_before(
    history: Sequence[PublishedPolicy], one: PublishedPolicy
) -> PublishedPolicy | None:
    """Return the version before it for the same classifier."""
    for before in history:
        same = before.policy.classifier == one.policy.classifier
        if same and before.policy.version < one.policy.version:
            return before
    return None


def changes_by(
    history: Sequence[PublishedPolicy], one: PublishedPolicy
) -> tuple[Change, ...] | None:
    """Return what a version changed against the one before it for the same classifier."""
    before = version_before(history, one)
    return None if before is None else changes_between(before.policy, one.policy)


def read_versions(runtime: Runtime, site_id: SiteId) -> Versions:
    """Return all versions of a site's policy. Raises NotFound."""
    with runtime.reading() as connection:
        history = history_of(connection, site_id)
        return Versions(tuple(history), running(connection, history))


def versions_for(runtime: Runtime, user: User, site_id: SiteId) -> Versions:
    """Return them to an operator of the site. Raises NotFound, Forbidden."""
    check_operator(user, site_id)
    return read_versions(runtime, site_id)


def try_policy(runtime: Runtime, site_id: SiteId, policy: Policy, days: int | None) -> Simulation:
    """Return what a policy would do with the comments of a period, beside the one in force.

    Raises NotFound, InvalidInput as `publish_policy` does.
    """
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        history = history_of(connection, site_id)
        _check(connection, history, policy)
        current = in_force(history, policy.classifier).policy
        period = period_of(connection, Replayed(site_id, policy.classifier), days, now)
        return simulate(connection, None, period, Comparison(current, policy))


def publish_policy(runtime: Runtime, site_id: SiteId, policy: Policy, wish: Wish) -> Standing:
    """Put a policy into force for its classifier, unless what is in force says the same.

    Raises NotFound, InvalidInput (no reason, a classifier that nobody knows, a label without
    scores), Conflict (somebody else published meanwhile).
    """
    reason = checked_reason(wish.reason)
    with runtime.transaction() as connection:
        history = history_of(connection, site_id)
        _check(connection, history, policy)
        return _put(runtime, connection, history, policy, replace(wish, reason=reason))


def put_back(runtime: Runtime, site_id: SiteId, version: int, wish: Wish) -> Standing:
    """Put what an older version said into force again. Raises as `publish_policy` does."""
    with runtime.transaction() as connection:
        history = history_of(connection, site_id)
        policy = numbered(history, version).policy
        wish = replace(wish, reason=going_back(version))
        return _put(runtime, connection, history, policy, wish)


def _change(change: Change) -> dict[str, Any]:
    return {"pointer": pointer_to(change.path), "before": change.before, "after": change.after}


def _put(
    runtime: Runtime,
    connection: Connection,
    history: Sequence[PublishedPolicy],
    policy: Policy,
    wish: Wish,
) -> Standing:
    current = in_force(history, policy.classifier)
    # A program that lost the answer asks again, and is told that all is as it wished.
    if not changes_between(current.policy, policy):
        return Standing(current, is_new=False)
    seen = history[0].policy.version if wish.seen is None else wish.seen
    publication = Publication(replace(policy, version=seen + 1), wish.reason, key_id=wish.key_id)
    put_into_force(runtime, connection, history, publication)
    return Standing(history_of(connection, history[0].site_id)[0], is_new=True)


def _check(connection: Connection, history: Sequence[PublishedPolicy], policy: Policy) -> None:
    """Refuse what nobody could have chosen numbers for, such as a misspelt classifier."""
    kept = [one.policy for one in history]
    known = {one.classifier for policy in kept for one in (policy, policy.route) if one}
    _check_classifier(connection, known, policy, ())
    if policy.route is not None:
        _check_classifier(connection, known, policy.route, ("other_languages",))
    standing = in_force(history, policy.classifier).policy
    check_labels(connection, history[0].site_id, policy, history[0].policy, standing)


def _check_classifier(connection: Connection, known: set[str], policy: Policy, path: Path) -> None:
    name = policy.classifier
    if name not in known and classifier_versions.labels_of(connection, name) is None:
        wrong = FieldError(pointer_to((*path, "classifier")), "no worker has run this version")
        raise InvalidInput(f"No worker has run {name}, and no policy is for it.", (wrong,))
