"""Beside: what a shadow says of comments, and what the live policy says of the same ones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from moderation.model.classification import Facts
from moderation.model.decisions import OF_POLICIES, Action, ReasonKind
from moderation.model.labels import Label
from moderation.model.policy import Policy
from moderation.model.policy_rules import KINDS
from moderation.model.proportions import Proportion
from moderation.model.sign_test import SignTest
from moderation.model.simulation import Change, Side
from moderation.model.verdicts import Verdict, decide


@dataclass(frozen=True, slots=True)
class Pair:
    """So many comments with the facts that each side judges, and whether people rejected them."""

    live: Facts
    shadow: Facts
    number: int = 1
    rejected: bool | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many comments one side stops for a label or by a rule, and what people said of them."""

    number: int
    precision: Proportion


@dataclass(frozen=True, slots=True)
class Difference:
    """How many comments both decide differently in one way, and what people said of them."""

    number: int = 0
    judged: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """Two policies on the same comments, and who is right where they differ and people judged."""

    comments: int
    judged: int
    live: Side
    shadow: Side
    stopped_for: Mapping[Label | ReasonKind, tuple[Stopped, Stopped]]
    differences: Mapping[Change, Difference]
    sign_test: SignTest

    @property
    def agreement(self) -> Proportion:
        """On how many of them both decide the same."""
        differ = sum(one.number for one in self.differences.values())
        return Proportion(self.comments - differ, self.comments)

    def only_one_stops(self, *, shadow: bool) -> Difference:
        """Return what one side stops and the other approves."""
        found = [one for one in self.differences.items() if _only_stops(one[0], shadow=shadow)]
        return Difference(
            *(
                sum(getattr(one, name) for _, one in found)
                for name in ("number", "judged", "rejected")
            )
        )


def scored_anew(live: Facts, scored: Facts) -> Facts:
    """Return what is known of a comment, with what another classifier says of its text."""
    return replace(
        live,
        classifier=scored.classifier,
        scores=scored.scores,
        failure=scored.failure,
        readable=scored.readable,
        language=scored.language,
        supported=scored.supported,
    )


def compare(live: Policy, shadow: Policy, all_: Iterable[Pair], judged: Iterable[Pair]) -> Beside:
    """Say what both do with all comments, and how that is with those that people judged."""
    found = _Comparing(_Counting(live), _Counting(shadow))
    for pair in all_:
        found.count(pair)
    for pair in judged:
        found.judge(pair)
    return found.result()


@dataclass(slots=True)
class _Counting:
    """What one side does, counted so far."""

    policy: Policy
    actions: Counter[Action] = field(default_factory=Counter)
    stopped: Counter[Label | ReasonKind] = field(default_factory=Counter)
    judged: Counter[tuple[Label | ReasonKind, bool]] = field(default_factory=Counter)
    found: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    """Of judged ones, whether it stops them and whether people rejected them."""

    def count(self, facts: Facts, number: int) -> Action:
        verdict = decide(facts, self.policy)
        self.actions[verdict.action] += number
        for what in _causes(verdict):
            self.stopped[what] += number
        return verdict.action

    def judge(self, facts: Facts, number: int, *, rejected: bool) -> Action:
        verdict = decide(facts, self.policy)
        self.found[_stops(verdict.action), rejected] += number
        for what in _causes(verdict):
            self.judged[what, rejected] += number
        return verdict.action

    def side(self) -> Side:
        caught, wrong, missed = (
            self.found[of] for of in ((True, True), (True, False), (False, True))
        )
        return Side(
            self.actions,
            self.stopped,
            precision=Proportion(caught, caught + wrong),
            recall=Proportion(caught, caught + missed),
        )

    def stopped_for(self, what: Label | ReasonKind) -> Stopped:
        right, wrong = self.judged[what, True], self.judged[what, False]
        return Stopped(self.stopped[what], Proportion(right, right + wrong))


@dataclass(slots=True)
class _Comparing:
    """Both sides, and how they differ, counted so far."""

    live: _Counting
    shadow: _Counting
    comments: int = 0
    judged: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    said: Counter[tuple[Change, bool]] = field(default_factory=Counter)

    def count(self, pair: Pair) -> None:
        now = self.live.count(pair.live, pair.number)
        then = self.shadow.count(pair.shadow, pair.number)
        self.comments += pair.number
        if now is not then:
            self.changes[now, then] += pair.number

    def judge(self, pair: Pair) -> None:
        rejected = bool(pair.rejected)
        now = self.live.judge(pair.live, pair.number, rejected=rejected)
        then = self.shadow.judge(pair.shadow, pair.number, rejected=rejected)
        self.judged += pair.number
        if now is not then:
            self.said[(now, then), rejected] += pair.number

    def result(self) -> Beside:
        right = Counter[bool]()
        for ((now, then), rejected), number in self.said.items():
            if _stops(now) is not _stops(then):
                right[_stops(then) is rejected] += number
        stopped_for = {
            what: (self.live.stopped_for(what), self.shadow.stopped_for(what))
            for what in (*Label, *KINDS.values(), ReasonKind.WORD_LIST)
        }
        return Beside(
            comments=self.comments,
            judged=self.judged,
            live=self.live.side(),
            shadow=self.shadow.side(),
            stopped_for={
                what: both for what, both in stopped_for.items() if any(one.number for one in both)
            },
            differences={
                change: self._difference(change) for change, _ in self.changes.most_common()
            },
            sign_test=SignTest(shadow=right[True], live=right[False]),
        )

    def _difference(self, change: Change) -> Difference:
        kept, rejected = self.said[change, False], self.said[change, True]
        return Difference(self.changes[change], kept + rejected, rejected)


def _stops(action: Action) -> bool:
    return action is not Action.APPROVE


def _only_stops(change: Change, *, shadow: bool) -> bool:
    now, then = map(_stops, change)
    return then and not now if shadow else now and not then


def _causes(verdict: Verdict) -> set[Label | ReasonKind]:
    """Return for which labels a comment is stopped, and by which kinds of rules."""
    if not _stops(verdict.action):
        return set()
    labels = (one.label for one in verdict.reasons if one.kind is ReasonKind.LABEL)
    rules = (one.kind for one in verdict.reasons if one.kind in OF_POLICIES)
    return {*filter(None, labels), *rules}
