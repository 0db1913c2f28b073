"""Tuning: what the thresholds do to real scores, and publishing others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

from moderation.model.circumstances import NOTHING_SPECIAL
from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.errors import Forbidden, InvalidInput, NotFound
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.policy import OtherLanguages, Policy, PublishedPolicy, Threshold, decide
from moderation.runtime import Runtime
from moderation.services.publishing import (
    Publication,
    history_of,
    in_force,
    labels_of,
    meant,
    put_into_force,
    versions_of,
)
from moderation.storage import classifications

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

    `classifier` is the version that is tuned: a new policy is bound to it, and its scores are
    sampled. `current` judges them. `running` decides, and `others` could be tuned as well.
    """

    current: PublishedPolicy
    history: tuple[PublishedPolicy, ...]
    classifier: str
    running: str
    others: tuple[str, ...]
    labels: tuple[Label, ...]
    histograms: tuple[Histogram, ...]
    outlook: Outlook
    draft: Outlook | None = None

    @property
    def newest(self) -> int:
        """The number of the site's newest version, whichever classifier it is for."""
        return self.history[0].policy.version

    @property
    def carried_from(self) -> str | None:
        """Whose thresholds can be carried over to it: those published last for another."""
        others = (one.policy.classifier for one in self.history)
        return next((other for other in others if other != self.classifier), None)

    def standing(self, policy: Policy) -> Policy:
        """Return the policy that is in force for the scores that this one is for."""
        return in_force(self.history, policy.classifier).policy


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy to be published; `seen` is the site's newest version when it was thought out."""

    thresholds: Mapping[Label, Threshold]
    reason: str
    seen: int
    other_languages: OtherLanguages | None = None
    """What becomes of them; None: the same as under the policy in force."""
    classifier: str | None = None
    """The version that it is for; None: the one that decides."""

    def apply(self, current: Policy, classifier: str) -> Policy:
        """Return the next version. Raises InvalidInput: a route can be kept here, not made."""
        action = self.other_languages or current.other_languages
        if action is OtherLanguages.ROUTE and current.route is None:
            raise InvalidInput("A route to another classifier is made by `copydesk site set`.")
        route = current.route if action is OtherLanguages.ROUTE else None
        drafted = Policy(current.classifier, self.thresholds, self.seen + 1, action, route)
        return drafted.moved_to(classifier)


def read_tuning(
    runtime: Runtime,
    user: User,
    site_id: SiteId,
    drafted: Draft | None = None,
    classifier: str | None = None,
) -> Tuning:
    """Return the thresholds in force beside the newest scores, and what drafted ones would do.

    They are those for a classifier version, or else for the one that decides.
    Raises NotFound, Forbidden, InvalidInput.
    """
    check_operator(user, site_id)
    with runtime.reading() as connection:
        history = history_of(connection, site_id)
        versions = versions_of(connection, history)
        classifier = meant(versions, classifier)
        current = in_force(history, classifier)
        rows = classifications.latest(connection, site_id, classifier, SAMPLE)
        labels = labels_of(connection, classifier, current.policy)
    # What thresholds do to texts, whoever wrote them.
    sample = [replace(classifications.facts_of(row), circumstances=NOTHING_SPECIAL) for row in rows]
    policy = None if drafted is None else drafted.apply(current.policy, classifier)
    return Tuning(
        current=current,
        history=tuple(history),
        classifier=classifier,
        running=versions[0],
        others=tuple(version for version in versions if version != classifier),
        labels=labels,
        histograms=tuple(_histogram(label, sample) for label in labels),
        outlook=_outlook(sample, current.policy.moved_to(classifier)),
        draft=None if policy is None else _outlook(sample, policy),
    )


def publish(runtime: Runtime, user: User, site_id: SiteId, draft: Draft) -> Policy:
    """Put thresholds into force as a new version for their classifier, and return it.

    Raises NotFound, Forbidden, InvalidInput (no reason, a label without scores), Conflict
    (somebody else published meanwhile).
    """
    check_operator(user, site_id)
    with runtime.transaction() as connection:
        history = history_of(connection, site_id)
        classifier = meant(versions_of(connection, history), draft.classifier)
        policy = draft.apply(in_force(history, classifier).policy, classifier)
        publication = Publication(policy, _checked(draft.reason), user.id)
        put_into_force(runtime, connection, history, publication)
    return policy


def roll_back(runtime: Runtime, user: User, site_id: SiteId, version: int, seen: int) -> Policy:
    """Publish an older version again, for the classifier that it was for; return the new one.

    Raises NotFound, Forbidden, InvalidInput, Conflict as `publish` does.
    """
    check_operator(user, site_id)
    with runtime.transaction() as connection:
        history = history_of(connection, site_id)
        old = next((p.policy for p in history if p.policy.version == version), None)
        if old is None:
            raise NotFound("There is no such version.")
        policy = replace(old, version=seen + 1)
        publication = Publication(policy, f"Back to version {version}.", user.id)
        put_into_force(runtime, connection, history, publication)
    return policy


def check_operator(user: User, site_id: SiteId) -> None:
    """Let operators of the site through. Raises NotFound, Forbidden."""
    if not user.sees(site_id):
        raise NotFound("There is no such site.")
    if not user.is_operator:
        raise Forbidden("Only operators tune thresholds.")


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON_LENGTH:
        raise InvalidInput(f"Say in 1 to {MAX_REASON_LENGTH} characters why you change them.")
    return reason


def _histogram(label: Label, sample: Sequence[Facts]) -> Histogram:
    counts = [0] * BINS
    for facts in sample:
        if isfinite(facts.scores.get(label, nan)):
            counts[min(int(facts.scores[label] * BINS), BINS - 1)] += 1
    return Histogram(label, tuple(counts))


def _outlook(sample: Sequence[Facts], policy: Policy) -> Outlook:
    actions = [decide(facts, policy).action for facts in sample]
    over = {
        label: sum(facts.scores.get(label, -1.0) >= line for facts in sample)
        for label, threshold in policy.thresholds.items()
        if (line := threshold.lowest) is not None
    }
    return Outlook(len(sample), actions.count(Action.FLAG), actions.count(Action.REJECT), over)
