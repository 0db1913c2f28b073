"""Simulation: what policies do to stored facts, class by class.

A class holds the comments that no policy in question can tell apart, so one of them stands for all:
`decide`, which decides live, says what becomes of it, and no rule is written a second time.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite, nan, nextafter

from moderation.model.classification import Facts
from moderation.model.decisions import Action, ReasonKind
from moderation.model.labels import Label
from moderation.model.overrides import parts_of, within
from moderation.model.places import folded
from moderation.model.policy import Policy, Threshold
from moderation.model.policy_rules import rules_over
from moderation.model.proportions import Proportion
from moderation.model.verdicts import GRAVE, TRUSTED_RISK, decide, risk_above

Lines = Mapping[Label, tuple[float, ...]]
"""For each label, the scores from which a policy may say something else, in order."""

Key = tuple[int, int, str | None, str]
"""What tells one class from another, as storage counts them."""

Change = tuple[Action, Action]
"""What the policy in force does with a comment, and what the draft would do."""

ENOUGH = 20
"""On fewer comments that people judged, a share says more of chance than of the policy."""


@dataclass(frozen=True, slots=True)
class FactClass:
    """So many comments of one class, with the facts of one that stands for all.

    `section` is theirs where they are counted by it, and `rejected` what people said of them.
    """

    key: Key
    facts: Facts
    number: int
    section: str | None = None
    rejected: bool | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What one policy does. `over` counts by label and rule, so one comment may count twice."""

    actions: Mapping[Action, int]
    over: Mapping[Label | ReasonKind, int]
    precision: Proportion
    recall: Proportion

    @property
    def flagged(self) -> int:
        """How many wait for a person."""
        return self.actions.get(Action.FLAG, 0)

    @property
    def rejected(self) -> int:
        """How many are rejected without a person."""
        return self.actions.get(Action.REJECT, 0)

    @property
    def missed(self) -> int:
        """How many it approves of those that people rejected."""
        return self.recall.of - self.recall.many


@dataclass(frozen=True, slots=True)
class Flip:
    """Comments that the draft decides otherwise, and how many of them people have judged."""

    change: Change
    number: int
    judged: int
    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Share:
    """What both policies keep from being approved of one language, or of one section."""

    name: str | None
    live: int
    draft: int


@dataclass(slots=True)
class Comparison:
    """Two policies beside each other, on the same comments; the second may be missing."""

    live: Policy
    draft: Policy | None
    _known: dict[Key, Change] = field(default_factory=dict, init=False, repr=False)

    def change(self, one: FactClass) -> Change:
        """Return what becomes of a class."""
        if one.key not in self._known:
            now = decide(one.facts, self.live).action
            then = now if self.draft is None else decide(one.facts, self.draft).action
            self._known[one.key] = (now, then)
        return self._known[one.key]

    def sides(
        self, classes: Sequence[FactClass], judged: Sequence[FactClass]
    ) -> tuple[Side, Side | None]:
        """Return what each policy does."""
        live = self._side(0, self.live, classes, judged)
        return live, None if self.draft is None else self._side(1, self.draft, classes, judged)

    def flips(self, classes: Sequence[FactClass], judged: Sequence[FactClass]) -> tuple[Flip, ...]:
        """Return what the draft decides otherwise, the most frequent change first."""
        numbers, seen = Counter[Change](), Counter[Change]()
        keys: defaultdict[Change, set[Key]] = defaultdict(set)
        for one in classes:
            numbers[self.change(one)] += one.number
            keys[self.change(one)].add(one.key)
        for one in judged:
            seen[self.change(one)] += one.number
        return tuple(
            Flip(change, number, seen[change], frozenset(keys[change]))
            for change, number in numbers.most_common()
            if change[0] is not change[1]
        )

    def by_language(self, classes: Sequence[FactClass]) -> tuple[Share, ...]:
        """Return what is kept from being approved, by language."""
        return self._shares((one.facts.language, one) for one in classes)

    def by_section(
        self, classes: Sequence[FactClass], known: Iterable[str] = ()
    ) -> tuple[Share, ...]:
        """Return what is kept from being approved, by section; `known` is how sites write some."""
        written: dict[str | None, str] = {folded(name): name for name in known}
        return self._shares((written.get(one.section, one.section), one) for one in classes)

    def _shares(self, named: Iterator[tuple[str | None, FactClass]]) -> tuple[Share, ...]:
        live, draft = Counter[str | None](), Counter[str | None]()
        for name, one in named:
            now, then = self.change(one)
            live[name] += one.number * (now is not Action.APPROVE)
            draft[name] += one.number * (then is not Action.APPROVE)
        kept = live + draft
        return tuple(Share(name, live[name], draft[name]) for name, _ in kept.most_common())

    def _side(
        self,
        which: int,
        policy: Policy,
        classes: Sequence[FactClass],
        judged: Sequence[FactClass],
    ) -> Side:
        actions, over = Counter[Action](), Counter[Label | ReasonKind]()
        for one in classes:
            actions[self.change(one)[which]] += one.number
            for label in _over(one.facts, policy):
                over[label] += one.number
            for kind in rules_over(one.facts, policy):
                over[kind] += one.number
        caught, wrong, missed = 0, 0, 0
        for one in judged:
            if self.change(one)[which] is Action.APPROVE:
                missed += one.number * bool(one.rejected)
            elif one.rejected:
                caught += one.number
            else:
                wrong += one.number
        precision = Proportion(caught, caught + wrong)
        return Side(actions, over, precision, Proportion(caught, caught + missed))


def lines_of(policies: Collection[Policy]) -> Lines:
    """Return all scores at which one of these policies, or a route of theirs, changes its mind.

    They are those of all places.
    """
    found: defaultdict[Label, set[float]] = defaultdict(set)
    for policy in policies:
        for one in (*parts_of(policy), policy.route):
            for label, threshold in one.thresholds.items() if one else ():
                found[label].update(_lines(label, threshold))
    return {label: tuple(sorted(found[label])) for label in Label if found[label]}


def changed_lines(live: Policy, draft: Policy) -> Lines:
    """Return the draft's lines where they are others, and the old one where it has none any more.

    They are all of its lines where only the rest of the policy is another.
    """
    patterns = dict.fromkeys((*live.patterns, *draft.patterns))
    places = [(within(live, one), within(draft, one)) for one in patterns]
    found: defaultdict[Label, set[float]] = defaultdict(set)
    for before, after in [(live, draft), *places]:
        for label in Label:
            old = before.thresholds.get(label, Threshold())
            new = after.thresholds.get(label, Threshold())
            found[label] |= _others(new, old) or _others(old, new)
    changed = {label: tuple(sorted(found[label])) for label in Label if found[label]}
    return changed or lines_of([draft])


def _others(new: Threshold, old: Threshold) -> set[float]:
    return {one for one in (new.flag, new.reject) if one not in (None, old.flag, old.reject)}


def _lines(label: Label, threshold: Threshold) -> Iterator[float]:
    if threshold.reject is not None:
        yield threshold.reject
    if threshold.flag is not None:
        yield threshold.flag
        if label not in GRAVE:
            yield _end_of_trust(threshold.flag)


def _end_of_trust(line: float) -> float:
    """Return the lowest score whose flag no trust lifts, to the last bit."""
    score = line + TRUSTED_RISK * (1.0 - line)
    while risk_above(line, score) >= TRUSTED_RISK and score > line:
        score = nextafter(score, -inf)
    while risk_above(line, score) < TRUSTED_RISK:
        score = nextafter(score, inf)
    return score


def _over(facts: Facts, policy: Policy) -> Iterator[Label]:
    judging = policy.for_scores_of(facts.classifier).at(facts.place)
    for label, threshold in judging.thresholds.items():
        score, line = facts.scores.get(label, nan), threshold.lowest
        if line is not None and isfinite(score) and score >= line:
            yield label
