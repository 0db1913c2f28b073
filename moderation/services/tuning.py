"""Tuning: what thresholds do to stored scores, and publishing others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.measures import Limit, Measure
from moderation.model.overrides import own, put, remove
from moderation.model.people import User
from moderation.model.places import Pattern
from moderation.model.policy import (
    OtherLanguages,
    Override,
    Policy,
    PublishedPolicy,
    Threshold,
)
from moderation.model.simulation import Comparison
from moderation.model.word_lists import WordList
from moderation.runtime import Runtime
from moderation.services.operating import check_operator, checked_reason
from moderation.services.publishing import (
    Publication,
    going_back,
    history_of,
    in_force,
    labels_of,
    meant,
    numbered,
    put_into_force,
    versions_of,
)
from moderation.services.simulating import (
    Simulation,
    Spread,
    period_of,
    simulate,
    spread_of,
)
from moderation.storage import shadows
from moderation.storage.places import newest_sections
from moderation.storage.simulation import Replayed

NEWEST = 2_000
"""Comments whose sections are offered as places."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What an operator needs to choose thresholds.

    `classifier` is the version that is tuned: a new policy is bound to it, and its scores are
    replayed. `current` judges them. `running` decides, and `others` could be tuned as well.
    """

    current: PublishedPolicy
    history: tuple[PublishedPolicy, ...]
    classifier: str
    running: str
    others: tuple[str, ...]
    labels: tuple[Label, ...]
    spread: Spread
    simulation: Simulation
    sections: tuple[str, ...]
    """Where its newest comments stand."""
    shadow_runs: bool

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
    """A policy to be published; `seen` is the site's newest version when it was thought out.

    With a `pattern` the thresholds are those of that place alone.
    """

    thresholds: Mapping[Label, Threshold]
    reason: str
    seen: int
    other_languages: OtherLanguages | None = None
    """What becomes of them; None: the same as under the policy in force."""
    classifier: str | None = None
    """The version that it is for; None: the one that decides."""
    pattern: Pattern | None = None
    limits: Mapping[Measure, Limit] | None = None
    word_lists: tuple[WordList, ...] | None = None
    """None: the same as under the policy in force."""

    def apply(self, current: Policy, classifier: str) -> Policy:
        """Return the next version. Raises InvalidInput: a route can be kept here, not made."""
        action = self.other_languages or current.other_languages
        if action is OtherLanguages.ROUTE and current.route is None:
            raise InvalidInput("A route to another classifier is made by `copydesk site set`.")
        route = current.route if action is OtherLanguages.ROUTE else None
        drafted = replace(
            current,
            version=self.seen + 1,
            other_languages=action,
            route=route,
            limits=current.limits if self.limits is None else self.limits,
            word_lists=current.word_lists if self.word_lists is None else self.word_lists,
        )
        drafted = drafted.moved_to(classifier)
        if self.pattern is None:
            return replace(drafted, thresholds=self.thresholds)
        if current.classifier != classifier:
            raise InvalidInput("Publish thresholds of this classifier for everywhere first.")
        return _with_place(drafted, self.pattern, self.thresholds)


@dataclass(frozen=True, slots=True)
class Removal:
    """A place that shall have no thresholds of its own any more for a classifier's scores."""

    pattern: Pattern
    classifier: str
    seen: int


def _with_place(policy: Policy, pattern: Pattern, thresholds: Mapping[Label, Threshold]) -> Policy:
    try:
        return put(policy, Override(pattern, thresholds))
    except ValueError as error:
        raise InvalidInput(str(error)) from None


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: a classifier version (None: the one that decides), days, and a draft."""

    classifier: str | None = None
    days: int | None = None
    draft: Draft | None = None


FIRST_LOOK = Look()


def read_tuning(runtime: Runtime, user: User, site_id: SiteId, look: Look = FIRST_LOOK) -> Tuning:
    """Return the thresholds in force, what they do to stored scores, and what a draft would do.

    Raises NotFound, Forbidden, InvalidInput.
    """
    check_operator(user, site_id)
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        history = history_of(connection, site_id)
        versions = versions_of(connection, history)
        classifier = meant(versions, look.classifier)
        current = in_force(history, classifier)
        labels = labels_of(connection, site_id, classifier, current.policy)
        period = period_of(connection, Replayed(site_id, classifier), look.days, now)
        return Tuning(
            current=current,
            history=tuple(history),
            classifier=classifier,
            running=versions[0],
            others=tuple(version for version in versions if version != classifier),
            labels=labels,
            spread=spread_of(connection, period, labels),
            simulation=simulate(connection, user, period, _compared(current, look, classifier)),
            sections=newest_sections(connection, site_id, NEWEST),
            shadow_runs=shadows.running(connection, site_id) is not None,
        )


def try_draft(runtime: Runtime, user: User, site_id: SiteId, look: Look) -> Simulation:
    """Return what a draft would do, and nothing else of the page: asked while somebody drags.

    Raises NotFound, Forbidden, InvalidInput.
    """
    check_operator(user, site_id)
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        history = history_of(connection, site_id)
        classifier = meant(versions_of(connection, history), look.classifier)
        current = in_force(history, classifier)
        period = period_of(connection, Replayed(site_id, classifier), look.days, now)
        return simulate(connection, user, period, _compared(current, look, classifier))


def _compared(current: PublishedPolicy, look: Look, classifier: str) -> Comparison:
    draft = None if look.draft is None else look.draft.apply(current.policy, classifier)
    return Comparison(current.policy, draft)


def publish(runtime: Runtime, user: User, site_id: SiteId, draft: Draft) -> Policy:
    """Put thresholds into force as a new version for their classifier, and return it.

    Raises NotFound, Forbidden, InvalidInput (no reason, a label without scores, or that has not
    earned to reject), Conflict (somebody else published meanwhile).
    """
    check_operator(user, site_id)
    with runtime.transaction() as connection:
        history = history_of(connection, site_id)
        classifier = meant(versions_of(connection, history), draft.classifier)
        policy = draft.apply(in_force(history, classifier).policy, classifier)
        publication = Publication(policy, checked_reason(draft.reason), user.id)
        put_into_force(runtime, connection, history, publication)
    return policy


def remove_place(runtime: Runtime, user: User, site_id: SiteId, removal: Removal) -> Policy:
    """Let a place be as everywhere again, by a new version; return it.

    Raises NotFound (it has no thresholds of its own), Forbidden, Conflict as `publish` does.
    """
    check_operator(user, site_id)
    with runtime.transaction() as connection:
        history = history_of(connection, site_id)
        current, pattern = in_force(history, removal.classifier).policy, removal.pattern
        if current.classifier != removal.classifier or own(current, pattern) is None:
            raise NotFound("This place has no thresholds of its own.")
        policy = replace(remove(current, pattern), version=removal.seen + 1)
        reason = f"As everywhere again: {pattern.kind} {pattern.name}."
        put_into_force(runtime, connection, history, Publication(policy, reason, user.id))
    return policy


def roll_back(runtime: Runtime, user: User, site_id: SiteId, version: int, seen: int) -> Policy:
    """Publish an older version again, for the classifier that it was for; return the new one.

    Raises NotFound, Forbidden, InvalidInput, Conflict as `publish` does.
    """
    check_operator(user, site_id)
    with runtime.transaction() as connection:
        history = history_of(connection, site_id)
        policy = replace(numbered(history, version).policy, version=seen + 1)
        publication = Publication(policy, going_back(version), user.id)
        put_into_force(runtime, connection, history, publication)
    return policy
