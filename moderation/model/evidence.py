"""Evidence: whether people's decisions say that a label may reject by itself from a score on."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.overrides import within
from moderation.model.places import Pattern
from moderation.model.policy import Policy, Threshold
from moderation.model.proportions import Proportion

NEEDED = 200
"""So many comments of the band must have been decided by people."""

SURE = 0.95
"""At least this share of them is rejected, by the lower end of its interval."""


@dataclass(frozen=True, slots=True)
class Band:
    """The scores of a label by a classifier version, from a line on; in some places or in all."""

    classifier: str
    label: Label
    line: float
    pattern: Pattern | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What people decided on the comments of a band: of so many, so many were rejected."""

    band: Band
    rejected: Proportion

    @property
    def is_enough(self) -> bool:
        """Say whether people nearly always reject there, as far as chance lets one tell."""
        return self.decided >= NEEDED and self.rejected.low >= SURE

    @property
    def missing(self) -> InvalidInput:
        """What is missing, in words, and where."""
        pattern = self.band.pattern
        if pattern is None:
            return self._missing
        return InvalidInput("in %(place)s: %(missing)s", place=pattern.name, missing=self._missing)

    @property
    def _missing(self) -> InvalidInput:
        if self.decided < NEEDED:
            return InvalidInput(
                "%(label)s from %(line)s: %(decided)s decided comments, %(needed)s are needed",
                label=self.band.label,
                line=self.band.line,
                decided=self.decided,
                needed=NEEDED,
            )
        return InvalidInput(
            "%(label)s from %(line)s: of %(decided)s decided comments people rejected at least "
            "%(low)s %%, %(sure)s %% are needed",
            label=self.band.label,
            line=self.band.line,
            decided=self.decided,
            # Rounded down: what is not enough never looks as if it were.
            low=floor(1000 * self.rejected.low) / 10,
            sure=100 * SURE,
        )

    @property
    def decided(self) -> int:
        """On how many comments a person's decision stands."""
        return self.rejected.of


def rejecting_bands(policy: Policy) -> tuple[Band, ...]:
    """Return where a policy, an override or a route of its, rejects by itself."""
    routed = () if policy.route is None else (policy.route,)
    everywhere = ((one.classifier, None, one.thresholds) for one in (policy, *routed))
    places = ((policy.classifier, one.pattern, one.thresholds) for one in policy.overrides)
    return tuple(
        Band(classifier, label, threshold.reject, pattern)
        for classifier, pattern, thresholds in (*everywhere, *places)
        for label, threshold in thresholds.items()
        if threshold.reject is not None
    )


def to_be_earned(policy: Policy, in_force: Policy) -> tuple[Band, ...]:
    """Return where a policy would reject what the one in force leaves to people.

    `in_force` may be for another classifier: then nothing of it stands for this one.
    """
    return tuple(
        band
        for band in rejecting_bands(policy)
        if (line := _standing(in_force, band)) is None or band.line < line
    )


def _standing(in_force: Policy, band: Band) -> float | None:
    """Return from where a policy rejects in the places of a band."""
    judging = in_force.for_scores_of(band.classifier)
    if judging.classifier != band.classifier:
        return None
    if band.pattern is not None:
        judging = within(judging, band.pattern)
    return judging.thresholds.get(band.label, Threshold()).reject


def not_earned(found: Iterable[Evidence]) -> InvalidInput | None:
    """Return the error that says of each label what is missing; None where nothing is."""
    missing = [one.missing for one in found if not one.is_enough]
    if not missing:
        return None
    said = missing[0]
    for one in missing[1:]:
        said = InvalidInput("%(first)s; %(then)s", first=said, then=one)
    return InvalidInput(
        "People have to decide first on what is to be rejected without them. %(missing)s.",
        missing=said,
    )
