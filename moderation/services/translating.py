"""Translating: what stands for the thresholds that a site used at Perspective."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from moderation.model.correlation import Correlation, rank_correlation
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.perspective import Attribute
from moderation.model.policy import Policy, PublishedPolicy, Threshold
from moderation.model.translation import translate
from moderation.runtime import Runtime
from moderation.services.carrying import ENOUGH, Carried
from moderation.services.comparing import Comparison, Pairs, compared
from moderation.services.operating import check_operator
from moderation.services.publishing import (
    history_of,
    in_force,
    labels_of,
    meant,
    versions_of,
)
from moderation.services.shadowing import Shadow, shadow_in

SAMPLE = 5_000
"""The newest pairs that a page rests on: more would keep people waiting."""

SHOWN = (0.7, 0.8, 0.9)
"""Thresholds that are carried over where nobody typed one."""


@dataclass(frozen=True, slots=True)
class AttributeTranslation:
    """One attribute; `typed` says that its one threshold was asked for."""

    pairs: Pairs
    correlation: Correlation
    carried: tuple[Carried, ...]
    typed: bool

    @property
    def few(self) -> bool:
        """Whether it rests on too few comments to be taken over."""
        return len(self.pairs.old) < ENOUGH


@dataclass(frozen=True, slots=True)
class Takeover:
    """Thresholds for the form: those in force, and instead of some what stands for typed ones."""

    policy: Policy
    reason: str
    seen: int


@dataclass(frozen=True, slots=True)
class PerspectiveTranslation:
    """What operators see of a site's way from Perspective to us."""

    shadow: Shadow | None
    comparison: Comparison
    running: str
    others: tuple[str, ...]
    attributes: tuple[AttributeTranslation, ...]
    takeover: Takeover | None


def read_translation(
    runtime: Runtime,
    user: User,
    site_id: SiteId,
    typed: Mapping[Attribute, float],
    classifier: str | None = None,
) -> PerspectiveTranslation:
    """Return what stands for the typed thresholds, and of other attributes for some usual ones.

    By a classifier version, or else by the one that decides. Raises NotFound, Forbidden.
    """
    check_operator(user, site_id)
    with runtime.reading() as connection:
        history = history_of(connection, site_id)
        versions = versions_of(connection, history)
        version = meant(versions, classifier)
        comparison = compared(connection, site_id, version, SAMPLE)
        shadow = shadow_in(connection, site_id)
        known = labels_of(connection, site_id, version, in_force(history, version).policy)
    attributes = tuple(_translated(pairs, typed) for pairs in comparison.pairs)
    return PerspectiveTranslation(
        shadow=shadow,
        comparison=comparison,
        running=versions[0],
        others=tuple(other for other in versions if other != version),
        attributes=attributes,
        takeover=_takeover(history, version, known, attributes),
    )


def _translated(pairs: Pairs, typed: Mapping[Attribute, float]) -> AttributeTranslation:
    asked = pairs.attribute in typed
    thresholds = (typed[pairs.attribute],) if asked else SHOWN
    return AttributeTranslation(
        pairs=pairs,
        correlation=rank_correlation(pairs.old, pairs.new),
        carried=tuple(
            Carried(pairs.label, old, translate(pairs.old, pairs.new, old)) for old in thresholds
        ),
        typed=asked,
    )


def _takeover(
    history: Sequence[PublishedPolicy],
    version: str,
    known: Sequence[Label],
    attributes: Sequence[AttributeTranslation],
) -> Takeover | None:
    """Return what could be published; None where nothing was typed that rests on enough."""
    wanted = [one for one in attributes if one.typed and not one.few]
    if not wanted:
        return None
    current = in_force(history, version).policy
    # Another classifier's numbers would mean nothing beside these.
    kept = current.thresholds if current.classifier == version else {}
    thresholds = {label: kept.get(label, Threshold()) for label in known}
    # Where two attributes stand for one label, whatever either flagged is flagged.
    for one in sorted(wanted, key=lambda one: -(one.carried[0].threshold.flag or 0)):
        thresholds[one.pairs.label] = one.carried[0].threshold
    newest = history[0].policy.version
    policy = replace(current.moved_to(version), version=newest + 1, thresholds=thresholds)
    return Takeover(policy, _reason(wanted), newest)


def _reason(wanted: Sequence[AttributeTranslation]) -> str:
    named = ", ".join(f"{one.pairs.attribute} {one.carried[0].old:g}" for one in wanted)
    least = min(len(one.pairs.old) for one in wanted)
    return f"From Perspective, {named}: the same share, on {least:,} comments."
