"""Tuning: what the thresholds do to real scores, and publishing others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan

from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.errors import Conflict, Forbidden, InvalidInput, NotFound
from moderation.model.ids import PolicyId, SiteId, new_uuid
from moderation.model.labels import Label
from moderation.model.people import Role, User
from moderation.model.policy import Policy, PublishedPolicy, Threshold, decide
from moderation.runtime import Runtime
from moderation.storage import audit, classifications, classifier_versions, policies
from moderation.storage.database import Connection

SAMPLE = 2000
"""The newest scores that a change is tried on: enough for one comment in a thousand to show."""

BINS = 40
MAX_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Outlook:
    """What thresholds do to the sample; `over` counts by label, so one comment may count twice."""

    sampled: int
    flagged: int
    rejected: int
    over: Mapping[Label, int]


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many of the sampled scores of a label fall into each of BINS equal parts of 0 to 1."""

    label: Label
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tuning:
    """What an operator needs to choose thresholds.

    `classifier` is the one that a new version is bound to, and whose scores are sampled.
    """

    current: PublishedPolicy
    history: tuple[PublishedPolicy, ...]
    classifier: str
    labels: tuple[Label, ...]
    histograms: tuple[Histogram, ...]
    outlook: Outlook
    draft: Outlook | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Thresholds to be published; `seen` is the version in force when they were thought out."""

    thresholds: Mapping[Label, Threshold]
    reason: str
    seen: int


def read_tuning(
    runtime: Runtime, user: User, site_id: SiteId, drafted: Mapping[Label, Threshold] | None = None
) -> Tuning:
    """Return the thresholds in force beside the newest scores, and what drafted ones would do.

    Raises NotFound, Forbidden.
    """
    _check(user, site_id)
    with runtime.reading() as connection:
        history = policies.history(connection, site_id)
        current = _in_force(history)
        classifier = _running(connection, current.policy)
        rows = classifications.latest(connection, site_id, classifier, SAMPLE)
        labels = _labels(connection, classifier, current.policy)
    sample = [
        Facts(classifier, classifications.scores_of(row), row.failure, row.readable) for row in rows
    ]
    return Tuning(
        current=current,
        history=tuple(history),
        classifier=classifier,
        labels=labels,
        histograms=tuple(_histogram(label, sample) for label in labels),
        outlook=_outlook(sample, classifier, current.policy.thresholds),
        draft=None if drafted is None else _outlook(sample, classifier, drafted),
    )


def publish(runtime: Runtime, user: User, site_id: SiteId, draft: Draft) -> int:
    """Put thresholds into force as a new version, and return its number.

    It is bound to the classifier version that was started last.
    Raises NotFound, Forbidden, InvalidInput (no reason, a label without scores), Conflict
    (somebody else published meanwhile).
    """
    _check(user, site_id)
    with runtime.transaction() as connection:
        history = policies.history(connection, site_id)
        return _publish(runtime, connection, user, history, draft)


def roll_back(runtime: Runtime, user: User, site_id: SiteId, version: int, seen: int) -> int:
    """Publish the numbers of an older version again, and return the new version's number.

    Raises NotFound, Forbidden, InvalidInput, Conflict as `publish` does.
    """
    _check(user, site_id)
    with runtime.transaction() as connection:
        history = policies.history(connection, site_id)
        old = next((p.policy for p in history if p.policy.version == version), None)
        if old is None:
            raise NotFound("There is no such version.")
        draft = Draft(old.thresholds, f"Back to version {version}.", seen)
        return _publish(runtime, connection, user, history, draft)


def _publish(
    runtime: Runtime,
    connection: Connection,
    user: User,
    history: Sequence[PublishedPolicy],
    draft: Draft,
) -> int:
    current = _in_force(history)
    if current.policy.version != draft.seen:
        raise _overtaken(current)
    classifier = _running(connection, current.policy)
    _check_labels(draft.thresholds, _labels(connection, classifier, current.policy), classifier)
    version, now = draft.seen + 1, runtime.database_now(connection)
    row = {
        "id": PolicyId(new_uuid()),
        "site_id": current.site_id,
        "version": version,
        "classifier": classifier,
        "thresholds": policies.from_thresholds(draft.thresholds),
        "author_id": user.id,
        "reason": _checked(draft.reason),
        "published_at": now,
    }
    if not policies.add(connection, row):
        raise _overtaken(current)
    about = {"version": version}
    audit.add(
        connection, "policy-publish", now, site_id=current.site_id, user_id=user.id, data=about
    )
    return version


def _check(user: User, site_id: SiteId) -> None:
    if not user.sees(site_id):
        raise NotFound("There is no such site.")
    if not user.role.includes(Role.OPERATOR):
        raise Forbidden("Only operators tune thresholds.")


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON_LENGTH:
        raise InvalidInput(f"Say in 1 to {MAX_REASON_LENGTH} characters why you change them.")
    return reason


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


def _in_force(history: Sequence[PublishedPolicy]) -> PublishedPolicy:
    if not history:
        raise NotFound("This site has no policy yet.")
    return history[0]


def _running(connection: Connection, policy: Policy) -> str:
    return classifier_versions.newest(connection) or policy.classifier


def _labels(connection: Connection, classifier: str, policy: Policy) -> tuple[Label, ...]:
    known = classifier_versions.labels_of(connection, classifier)
    return tuple(label for label in Label if label in (known or policy.thresholds))


def _histogram(label: Label, sample: Sequence[Facts]) -> Histogram:
    counts = [0] * BINS
    for facts in sample:
        if isfinite(facts.scores.get(label, nan)):
            counts[min(int(facts.scores[label] * BINS), BINS - 1)] += 1
    return Histogram(label, tuple(counts))


def _outlook(
    sample: Sequence[Facts], classifier: str, thresholds: Mapping[Label, Threshold]
) -> Outlook:
    policy = Policy(classifier, thresholds)
    actions = [decide(facts, policy).action for facts in sample]
    over = {
        label: sum(facts.scores.get(label, -1.0) >= line for facts in sample)
        for label, threshold in thresholds.items()
        if (line := threshold.lowest) is not None
    }
    return Outlook(len(sample), actions.count(Action.FLAG), actions.count(Action.REJECT), over)
