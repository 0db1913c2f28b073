"""Publishing: putting a policy into force as a site's next version, whoever asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.ids import PolicyId, UserId, new_uuid
from moderation.model.labels import Label
from moderation.model.policy import OtherLanguages, Policy, PublishedPolicy, Threshold
from moderation.runtime import Runtime
from moderation.services.sites import site_named
from moderation.storage import audit, classifier_versions, policies
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Publication:
    """A policy with the number that it shall have, and who wants it (None: a command) and why."""

    policy: Policy
    reason: str
    author_id: UserId | None = None


def set_other_languages(
    runtime: Runtime, site_name: str, action: OtherLanguages, route: Policy | None = None
) -> Policy:
    """Publish a site's policy again with another answer to other languages; return the new one.

    Raises NotFound, Conflict, InvalidInput (a route to the policy's own classifier).
    """
    with runtime.transaction() as connection:
        site = site_named(connection, site_name)
        current = in_force(policies.history(connection, site.id))
        if route is not None and route.classifier == current.policy.classifier:
            raise InvalidInput(f"The thresholds of {site_name} are for {route.classifier} already.")
        number = current.policy.version + 1
        policy = replace(current.policy, version=number, other_languages=action, route=route)
        reason = f"Comments in other languages: {action}."
        put_into_force(runtime, connection, current, Publication(policy, reason))
    return policy


def put_into_force(
    runtime: Runtime, connection: Connection, current: PublishedPolicy, publication: Publication
) -> None:
    """Publish the next version of a site's policy.

    Raises InvalidInput (a label without scores), Conflict (somebody else published meanwhile).
    """
    policy = publication.policy
    if policy.version != current.policy.version + 1:
        raise _overtaken(current)
    labels = labels_of(connection, policy.classifier, current.policy)
    _check_labels(policy.thresholds, labels, policy.classifier)
    now = runtime.database_now(connection)
    row = policies.from_policy(policy) | {
        "id": PolicyId(new_uuid()),
        "site_id": current.site_id,
        "author_id": publication.author_id,
        "reason": publication.reason,
        "published_at": now,
    }
    if not policies.add(connection, row):
        raise _overtaken(current)
    audit.add(
        connection,
        "policy-publish",
        now,
        site_id=current.site_id,
        user_id=publication.author_id,
        data={"version": policy.version},
    )


def in_force(history: Sequence[PublishedPolicy]) -> PublishedPolicy:
    """Return the newest of a site's versions. Raises NotFound."""
    if not history:
        raise NotFound("This site has no policy yet.")
    return history[0]


def labels_of(connection: Connection, classifier: str, policy: Policy) -> tuple[Label, ...]:
    """Return the labels that a classifier version scores, or the policy's if nobody ran it yet."""
    known = classifier_versions.labels_of(connection, classifier)
    return tuple(label for label in Label if label in (known or policy.thresholds))


def _check_labels(
    thresholds: Mapping[Label, Threshold], labels: Sequence[Label], classifier: str
) -> None:
    for label, threshold in thresholds.items():
        if threshold.lowest is not None and label not in labels:
            raise InvalidInput(
                f"{classifier} gives no score for {label}, so every comment would be flagged."
            )


def _overtaken(current: PublishedPolicy) -> Conflict:
    by = current.author_name or "Somebody"
    return Conflict(f"{by} published version {current.policy.version} meanwhile. Look at it first.")
