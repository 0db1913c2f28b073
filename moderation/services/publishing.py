"""Publishing: putting a policy into force as a site's next version, whoever asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moderation.model.errors import Conflict, FieldError, InvalidInput, NotFound
from moderation.model.ids import KeyId, PolicyId, SiteId, UserId, new_uuid
from moderation.model.labels import OF_CLASSIFIERS, Label
from moderation.model.overrides import own
from moderation.model.pointers import Path, pointer_to
from moderation.model.policy import OtherLanguages, Override, Policy, PublishedPolicy
from moderation.runtime import Runtime
from moderation.services.evidence import check_evidence
from moderation.services.sites import site_named
from moderation.storage import audit, classifier_versions, heads, policies
from moderation.storage.database import Connection
from moderation.word_matching import check_entries


@dataclass(frozen=True, slots=True)
class Publication:
    """A policy with the number that it shall have, and who wants it (None: a program) and why.

    `key_id` is the API key that a program came with; a command of the installation needs none.
    """

    policy: Policy
    reason: str
    author_id: UserId | None = None
    key_id: KeyId | None = None


def set_other_languages(
    runtime: Runtime, site_name: str, action: OtherLanguages, route: Policy | None = None
) -> Policy:
    """Publish a site's policy again with another answer to other languages; return the new one.

    It is the policy for the classifier that decides now. Raises NotFound, Conflict, InvalidInput (a
    route to the policy's own classifier).
    """
    with runtime.transaction() as connection:
        site = site_named(connection, site_name)
        history = history_of(connection, site.id)
        current = in_force(history, running(connection, history)).policy
        if route is not None and route.classifier == current.classifier:
            raise InvalidInput(f"The thresholds of {site_name} are for {route.classifier} already.")
        number = history[0].policy.version + 1
        policy = replace(current, version=number, other_languages=action, route=route)
        reason = f"Comments in other languages: {action}."
        put_into_force(runtime, connection, history, Publication(policy, reason))
    return policy


def put_into_force(
    runtime: Runtime,
    connection: Connection,
    history: Sequence[PublishedPolicy],
    publication: Publication,
) -> None:
    """Publish the next version of a site's policy: from now on it judges its classifier's scores.

    Raises InvalidInput (a label without scores, or that has not earned to reject; an entry that
    nothing can be made of), Conflict
    (somebody else published meanwhile).
    """
    policy, newest = publication.policy, history[0]
    if policy.version != newest.policy.version + 1:
        raise _overtaken(newest)
    standing = in_force(history, policy.classifier).policy
    check_labels(connection, newest.site_id, policy, newest.policy, standing)
    check_evidence(connection, newest.site_id, policy, standing)
    check_entries(policy.word_lists)
    now = runtime.database_now(connection)
    row = policies.from_policy(policy) | {
        "id": PolicyId(new_uuid()),
        "site_id": newest.site_id,
        "author_id": publication.author_id,
        "reason": publication.reason,
        "published_at": now,
    }
    if not policies.add(connection, row):
        raise _overtaken(newest)
    audit.add(
        connection,
        "policy-publish",
        now,
        site_id=newest.site_id,
        user_id=publication.author_id,
        data={"version": policy.version, **_came_with(publication.key_id)},
    )


def history_of(connection: Connection, site_id: SiteId) -> list[PublishedPolicy]:
    """Return all versions of a site's policy, the newest first. Raises NotFound."""
    history = policies.history(connection, site_id)
    if not history:
        raise NotFound("This site has no policy yet.")
    return history


def in_force(history: Sequence[PublishedPolicy], classifier: str) -> PublishedPolicy:
    """Return the version that judges a classifier's scores: the newest for it, or else of all."""
    return next((one for one in history if one.policy.classifier == classifier), history[0])


def running(connection: Connection, history: Sequence[PublishedPolicy]) -> str:
    """Return the classifier version that decides, as far as any worker has said so."""
    return classifier_versions.running(connection) or history[0].policy.classifier


def running_version(runtime: Runtime) -> str | None:
    """Return the classifier version that decides; None before any worker has said so."""
    with runtime.reading() as connection:
        return classifier_versions.running(connection)


def numbered(history: Sequence[PublishedPolicy], version: int) -> PublishedPolicy:
    """Return the version with a number. Raises NotFound."""
    for one in history:
        if one.policy.version == version:
            return one
    raise NotFound("There is no such version.")


def going_back(version: int) -> str:
    """Return the reason of a version that says again what an older one said."""
    return f"Back to version {version}."


def versions_of(connection: Connection, history: Sequence[PublishedPolicy]) -> list[str]:
    """Return the classifier version that decides, and then all others with scores of the site."""
    scored = classifier_versions.with_scores(connection, history[0].site_id)
    return list(dict.fromkeys([running(connection, history), *scored]))


def meant(versions: Sequence[str], wanted: str | None) -> str:
    """Return the version that is wanted, or else the one that decides. Raises NotFound."""
    if wanted is not None and wanted not in versions:
        raise NotFound("There are no scores by %(classifier)s yet.", classifier=wanted)
    return wanted or versions[0]


def labels_of(
    connection: Connection, site_id: SiteId, classifier: str, policy: Policy
) -> tuple[Label, ...]:
    """Return the labels that a classifier version scores, or the policy's if nobody ran it yet.

    Where the site has a head over its scores that is on, that one's label too.
    """
    known = classifier_versions.labels_of(connection, classifier) or policy.thresholds
    scored: set[Label] = {label for label in OF_CLASSIFIERS if label in known}
    if heads.is_on_for(connection, site_id, classifier):
        scored.add(Label.UNWANTED)
    return tuple(label for label in Label if label in scored)


def check_labels(
    connection: Connection,
    site_id: SiteId,
    policy: Policy,
    newest: Policy,
    standing: Policy | None = None,
) -> None:
    """Raise InvalidInput where a label has a line and the classifier gives it no score.

    What nobody ran yet is held to give those of the site's newest policy, or of the route itself. A
    line for a head that is off, and which stands in the policy in force in the same place, may
    stay: who changes something else makes nothing worse, and has to be able to.
    """
    labels = labels_of(connection, site_id, policy.classifier, newest)
    if standing is not None and standing.classifier != policy.classifier:
        standing = None
    _check_labels(policy, _with_kept(labels, policy, standing), ())
    for n, override in enumerate(policy.overrides):
        before = None if standing is None else own(standing, override.pattern)
        part = replace(policy, thresholds=override.thresholds, overrides=())
        _check_labels(part, _with_kept(labels, override, before), ("overrides", str(n)))
    if (route := policy.route) is not None:
        scored = labels_of(connection, site_id, route.classifier, route)
        _check_labels(route, scored, ("other_languages",))


def _with_kept(
    labels: Sequence[Label], part: Policy | Override, before: Policy | Override | None
) -> Sequence[Label]:
    head = Label.UNWANTED
    if before is None or before.thresholds.get(head) != part.thresholds.get(head):
        return labels
    return (*labels, head)


def _check_labels(policy: Policy, labels: Sequence[Label], path: Path) -> None:
    for label, threshold in policy.thresholds.items():
        if threshold.lowest is not None and label not in labels:
            raise _unscored(policy.classifier, label, (*path, "thresholds", label))


def _unscored(classifier: str, label: Label, path: Path) -> InvalidInput:
    wrong = (FieldError(pointer_to(path), "it gives no such score"),)
    if label is Label.UNWANTED:
        return InvalidInput(
            "No version of what moderators taught is on, so nothing gives a score for %(label)s, "
            "and every comment would be flagged. Switch one on first, or leave that line out.",
            wrong,
            label=label,
        )
    return InvalidInput(
        "%(classifier)s gives no score for %(label)s, so every comment would be flagged.",
        wrong,
        classifier=classifier,
        label=label,
    )


def _came_with(key_id: KeyId | None) -> dict[str, str]:
    return {} if key_id is None else {"key": str(key_id)}


def _overtaken(current: PublishedPolicy) -> Conflict:
    version = current.policy.version
    if current.author_name is None:
        return Conflict(
            "Somebody published version %(version)s meanwhile. Look at it first.",
            version=str(version),
        )
    return Conflict(
        "%(name)s published version %(version)s meanwhile. Look at it first.",
        name=current.author_name,
        version=str(version),
    )
