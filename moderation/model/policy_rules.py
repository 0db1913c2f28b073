"""Rules of a policy: what its limits and word lists say of a comment, whatever its scores."""

from collections.abc import Iterator, Mapping

from moderation.model.classification import Facts
from moderation.model.decisions import Action, Reason, ReasonKind
from moderation.model.measures import Measure, is_over
from moderation.model.policy import Policy

KINDS: Mapping[Measure, ReasonKind] = {
    Measure.LINKS: ReasonKind.LINKS,
    Measure.LENGTH: ReasonKind.LENGTH,
    Measure.PACE: ReasonKind.PACE,
    Measure.APPROVALS: ReasonKind.FIRST_TIME,
    Measure.REPEATS: ReasonKind.REPEATS,
}

NAMED = 5
"""Entries that a reason names; facts hold them all."""


def over_limits(facts: Facts, policy: Policy, action: Action) -> tuple[Reason, ...]:
    """Return a reason for each limit that does this and is reached; its detail is the number.

    What was not counted reaches none.
    """
    return tuple(
        Reason(KINDS[measure], detail=str(facts.counts[measure]))
        for measure, limit in policy.limits.items()
        if limit.action is action
        and measure in facts.counts
        and is_over(measure, limit, facts.counts[measure])
    )


def on_lists(facts: Facts, policy: Policy, action: Action) -> tuple[Reason, ...]:
    """Return a reason for each word list that does this and of which an entry was found."""
    return tuple(_on_lists(frozenset(facts.circumstances.words), policy, action))


def rules_over(facts: Facts, policy: Policy) -> frozenset[ReasonKind]:
    """Return the kinds of all rules of a policy that apply, whatever goes before them."""
    actions = (Action.FLAG, Action.REJECT)
    found = (on_lists(facts, policy, one) + over_limits(facts, policy, one) for one in actions)
    return frozenset(reason.kind for reasons in found for reason in reasons)


def _on_lists(found: frozenset[str], policy: Policy, action: Action) -> Iterator[Reason]:
    for one in policy.word_lists if found else ():
        if one.action is action and (named := [e for e in one.entries if e in found]):
            yield Reason(ReasonKind.WORD_LIST, title=one.name, detail=", ".join(named[:NAMED]))
