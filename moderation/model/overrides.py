"""Overrides: giving a place thresholds of its own, and what counts there."""

from collections.abc import Iterator
from dataclasses import replace

from moderation.model.places import Pattern, position_of
from moderation.model.policy import Override, Policy


def within(policy: Policy, pattern: Pattern) -> Policy:
    """Return what counts under a pattern as it is written, whichever others fit the same names."""
    return next(map(policy.under, _of(policy, pattern)), policy)


def own(policy: Policy, pattern: Pattern) -> Override | None:
    """Return the override with this pattern."""
    return next(_of(policy, pattern), None)


def put(policy: Policy, override: Override) -> Policy:
    """Return the policy with an override, in the stead of the one with its pattern if it has one.

    A new one comes as late as it can and yet count.
    """
    old, overrides = own(policy, override.pattern), list(policy.overrides)
    if old is None:
        overrides.insert(position_of(override.pattern, policy.patterns), override)
    else:
        overrides[overrides.index(old)] = override
    return replace(policy, overrides=tuple(overrides))


def remove(policy: Policy, pattern: Pattern) -> Policy:
    """Return the policy with what counts everywhere, or else elsewhere, under this pattern."""
    gone = list(_of(policy, pattern))
    return replace(policy, overrides=tuple(one for one in policy.overrides if one not in gone))


def parts_of(policy: Policy) -> Iterator[Policy]:
    """Yield what counts without any place, and then under each override."""
    yield replace(policy, overrides=())
    yield from map(policy.under, policy.overrides)


def _of(policy: Policy, pattern: Pattern) -> Iterator[Override]:
    return (one for one in policy.overrides if one.pattern.is_the_same_as(pattern))
