"""Counting by classes gives what `decide` says of each comment, whatever the policies."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import isfinite, nan, nextafter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from moderation.model.classification import Facts, Outcome
from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action, ReasonKind
from moderation.model.ids import CommentId
from moderation.model.jobs import Lane
from moderation.model.labels import Label
from moderation.model.measures import Measure
from moderation.model.places import folded
from moderation.model.policy import OtherLanguages, Policy, Threshold
from moderation.model.simulation import Comparison, changed_lines, lines_of
from moderation.model.standings import Standing
from moderation.model.verdicts import decide
from moderation.model.word_lists import WordList
from moderation.runtime import Runtime
from moderation.services.claiming import claim_batch
from moderation.services.moderating import decide_comment, undo
from moderation.services.recording import record
from moderation.services.simulating import SHOWN, Simulation, period_of, simulate
from moderation.services.sites import change_site
from moderation.storage import classifications, comments, jobs, simulated_comments
from moderation.storage.simulation import Replayed
from tests.evidence import write_policy
from tests.factories import CLASSIFIER, LEASE, Agora, classify_all, submit
from tests.integration.test_replay import (
    LINES,
    SECTIONS,
    TEXTS,
    Case,
    prepare,
    some_facts,
    some_limits,
    some_overrides,
    thresholds,
    with_overrides,
)

OTHER = "compact@other"
"""The classifier that comments in other languages are routed to."""

SCORED = [label for label in Label if label is not Label.SEXUAL_EXPLICIT]
FEW = (Label.TOXICITY, Label.THREAT, Label.INSULT)

edges = st.sampled_from(
    [
        nextafter(line, towards) if towards is not None else line
        for half in LINES
        for line in (half, half + 0.5 * (1 - half), (1 + half) / 2)
        for towards in (None, 0.0, 1.0)
    ]
)

WRITTEN = {name and folded(name): name for name in SECTIONS}
"""How the site writes a section that a place names in folded letters."""

KINDS_OF = {one: ReasonKind(one) for one in Measure if one is not Measure.APPROVALS}
KINDS_OF[Measure.APPROVALS] = ReasonKind.FIRST_TIME
LISTS = (
    WordList("Mornings", Action.FLAG, ("morning", "nothing")),
    WordList("Evenings", Action.REJECT, ("even*",)),
)


def policies(lines: st.SearchStrategy[dict[Label, Threshold]]) -> st.SearchStrategy[Policy]:
    others = st.sampled_from((OtherLanguages.FLAG, OtherLanguages.APPROVE))
    rules = {"limits": st.just({}) | some_limits(), "word_lists": mostly((), LISTS)}
    unrouted = st.builds(Policy, st.just(CLASSIFIER), lines, other_languages=others, **rules)
    route, by_route = st.builds(Policy, st.just(OTHER), lines), st.just(OtherLanguages.ROUTE)
    routed = st.builds(
        Policy, st.just(CLASSIFIER), lines, other_languages=by_route, route=route, **rules
    )
    return st.builds(with_overrides, unrouted | routed, some_overrides)


def pairs(some: st.SearchStrategy[Policy]) -> st.SearchStrategy[tuple[Policy, Policy]]:
    """Return pairs of policies, some of which give the same places thresholds of their own."""
    return st.tuples(some, some) | st.builds(with_places_of, some, some)


def with_places_of(live: Policy, other: Policy) -> tuple[Policy, Policy]:
    changed = (
        replace(one, thresholds=other.thresholds or one.thresholds) for one in live.overrides
    )
    return live, replace(other, overrides=tuple(changed))


def mostly(usual: Any, unusual: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - whatever is drawn
    return st.sampled_from((usual, usual, usual, unusual))


scores = st.fixed_dictionaries(
    {label: edges | st.just(0.01) if label in FEW else st.just(0.01) for label in SCORED}
)
some_lines = st.dictionaries(st.sampled_from(FEW), thresholds(), max_size=2)
usual_facts = st.builds(
    Facts,
    mostly(CLASSIFIER, OTHER),
    scores | st.just(dict.fromkeys(SCORED, 0.01)),
    failure=mostly(None, "the classifier failed"),
    readable=mostly(True, False),  # noqa: FBT003 - drawn
    language=st.sampled_from(("en", "es")),
    supported=mostly(True, False),  # noqa: FBT003 - drawn
)
odd_facts = some_facts | st.builds(
    Facts,
    st.just(CLASSIFIER),
    st.fixed_dictionaries({label: st.sampled_from((0.9, nan, 0.01)) for label in FEW}),
)


@dataclass(frozen=True)
class Kind:
    """What is stored and asked for."""

    facts: st.SearchStrategy[Facts]
    policies: st.SearchStrategy[Policy]
    standings: st.SearchStrategy[Standing]


KINDS = {
    "as a classifier scores": Kind(
        usual_facts, policies(some_lines), mostly(Standing.ORDINARY, Standing.TRUSTED)
    ),
    "whatever can be stored": Kind(
        odd_facts,
        policies(st.dictionaries(st.sampled_from(Label), thresholds()))
        | policies(some_lines)
        | st.builds(Policy, st.just("compact@older"), some_lines),
        st.sampled_from(Standing),
    ),
}


@dataclass(frozen=True)
class Stored:
    """A comment as it is stored, and what people say of it: whether they rejected it."""

    facts: Facts
    comment_id: CommentId
    rejected: bool | None


def store(runtime: Runtime, agora: Agora, batch: dict[str, Case]) -> list[CommentId]:
    """Decide these comments, and let people decide on some of them, and take some of it back."""
    by_comment = {}
    for n, (external_id, case) in enumerate(batch.items()):
        submitted = submit(
            runtime,
            agora.site_id,
            external_id,
            text=case.text,
            author=Author(id=case.standing if case.standing is not Standing.ORDINARY else None),
            thread=Thread(id="held" if case.thread_held else "open", section=SECTIONS[n % 4]),
        )
        by_comment[submitted.comment_id] = case.facts
    with runtime.reading() as connection:
        wanted = select(jobs.jobs.c.id).where(jobs.jobs.c.comment_id.in_(by_comment))
        ids = list(connection.execute(wanted).scalars())
    held = claim_batch(runtime, Lane.BULK, ids, len(ids), LEASE).jobs
    outcomes = [
        Outcome(job, facts, CLASSIFIER if facts.classifier == OTHER else None)
        for job in held
        for facts in [by_comment[job.comment_id]]
    ]
    assert record(runtime, outcomes).decided
    return list(by_comment)


def judge(runtime: Runtime, agora: Agora, ids: Sequence[CommentId]) -> dict[CommentId, bool]:
    """Reject one, approve one, change one's mind, take one back, and take a second one back."""
    plans = {0: "R", 1: "A", 2: "AR", 3: "Ru", 4: "RAu", 5: "AuR"}
    said: dict[CommentId, bool] = {}
    for n, plan in plans.items():
        standing: list[bool] = []
        made = None
        for step in plan:
            with runtime.reading() as connection:
                comment = comments.by_id(connection, ids[n])
            assert comment is not None
            if step == "u":
                assert made is not None
                undo(runtime, agora.olga, made.id)
                standing.pop()
            else:
                action = Action.REJECT if step == "R" else Action.APPROVE
                seen = comment.sequence
                made = decide_comment(runtime, agora.olga, ids[n], action, seen=seen)
                standing.append(step == "R")
        if standing:
            said[ids[n]] = standing[-1]
    return said


def read(runtime: Runtime, agora: Agora, said: dict[CommentId, bool]) -> list[Stored]:
    table = classifications.classifications
    theirs = (table.c.judged_for == CLASSIFIER) & (table.c.site_id == agora.site_id)
    with runtime.reading() as connection:
        return [
            Stored(classifications.facts_of(row), row.comment_id, said.get(row.comment_id))
            for row in connection.execute(select(table).where(theirs))
        ]


def simulated(runtime: Runtime, agora: Agora, live: Policy, draft: Policy) -> Simulation:
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        period = period_of(connection, Replayed(agora.site_id, CLASSIFIER), None, now)
        return simulate(connection, agora.olga, period, Comparison(live, draft))


def check(found: Simulation, live: Policy, draft: Policy, stored: list[Stored]) -> None:
    change = {
        one.comment_id: (decide(one.facts, live).action, decide(one.facts, draft).action)
        for one in stored
    }
    assert found.comments == len(stored)
    assert found.draft is not None
    for which, (side, policy) in enumerate(((found.live, live), (found.draft, draft))):
        actions = Counter(both[which] for both in change.values())
        assert {action: side.actions.get(action, 0) for action in Action} == {
            action: actions[action] for action in Action
        }
        assert side.over == Counter(each for one in stored for each in over(one.facts, policy))
        check_judged(side, [(change[one.comment_id][which], one.rejected) for one in stored])
    flips = {flips.flip.change: flips for flips in found.flips}
    expected = Counter(both for both in change.values() if both[0] is not both[1])
    assert {one: flips[one].flip.number for one in flips} == expected
    for both, one in flips.items():
        ids = {each for each, its in change.items() if its == both}
        shown = [near.listed.comment.id for near in one.nearest]
        assert set(shown) <= ids
        assert len(shown) == min(len(ids), SHOWN)
        judged = [each for each in stored if each.comment_id in ids and each.rejected is not None]
        assert one.flip.judged == len(judged)
        check_order(shown, ids, stored, changed_lines(live, draft))
    for shares, name in ((found.by_language, "language"), (found.by_section, "section")):
        for share in shares:
            of = [one for one in stored if named(one, name) == share.name]
            kept = [[both is not Action.APPROVE for both in change[one.comment_id]] for one in of]
            assert (share.live, share.draft) == tuple(map(sum, zip(*kept, strict=True)))


def check_judged(side: Any, found: list[tuple[Action, bool | None]]) -> None:  # noqa: ANN401 - of a policy
    caught = [rejected for action, rejected in found if action is not Action.APPROVE]
    assert side.precision.many == caught.count(True)
    assert side.precision.of == caught.count(True) + caught.count(False)
    assert side.recall.of == [rejected for _, rejected in found].count(True)
    assert side.recall.many == caught.count(True)


def check_order(
    shown: list[CommentId],
    ids: set[CommentId],
    stored: list[Stored],
    to: Any,  # noqa: ANN401 - lines
) -> None:
    """Who is shown is nearer to a line than who is not, and the nearest come first."""

    def distance(facts: Facts) -> float:
        found = [
            abs(facts.scores[label] - line)
            for label, several in to.items()
            for line in several
            if isfinite(facts.scores.get(label, nan))
        ]
        return min([9.0, *found])

    far = {one.comment_id: distance(one.facts) for one in stored if one.comment_id in ids}
    assert [far[one] for one in shown] == sorted(far.values())[: len(shown)]


def over(facts: Facts, policy: Policy) -> Iterator[Label | ReasonKind]:
    for measure, limit in policy.limits.items():
        count = facts.counts.get(measure)
        below = measure is Measure.APPROVALS
        if count is not None and (count < limit.number if below else count >= limit.number):
            yield KINDS_OF[measure]
    if any(set(one.entries) & set(facts.circumstances.words) for one in policy.word_lists):
        yield ReasonKind.WORD_LIST
    judging = policy.for_scores_of(facts.classifier).at(facts.place)
    for label, threshold in judging.thresholds.items():
        score = facts.scores.get(label, nan)
        if threshold.lowest is not None and isfinite(score) and score >= threshold.lowest:
            yield label


def named(one: Stored, name: str) -> str | None:
    return one.facts.language if name == "language" else WRITTEN[one.facts.place.section]


@pytest.mark.parametrize("kind", KINDS)
def test_classes_say_what_decide_says_of_each_comment(
    runtime: Runtime, agora: Agora, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Close to a line is looked first, also where as few flip as here.
    monkeypatch.setattr(simulated_comments, "MANY", 1)
    prepare(runtime, agora)
    # Some are decided while the cap is reached.
    rejecting = Policy(CLASSIFIER, {Label.INSULT: Threshold(0.5, 0.8)}, word_lists=LISTS)
    write_policy(runtime, agora.site_id, rejecting)
    change_site(runtime, "agora", rejections_an_hour=10)
    of = KINDS[kind]
    held, texts = mostly(False, True), st.sampled_from(TEXTS)  # noqa: FBT003 - drawn
    some_cases = st.builds(Case, of.facts, of.standings, held, texts)
    names, said = count(), dict[CommentId, bool]()

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(some_cases, min_size=20, max_size=20),
        st.lists(pairs(of.policies), min_size=6, max_size=6),
    )
    def try_all(batch: list[Case], pairs: list[tuple[Policy, Policy]]) -> None:
        ids = store(runtime, agora, {f"c{next(names)}": case for case in batch})
        said.update(judge(runtime, agora, ids))
        stored = read(runtime, agora, said)
        for live, draft in pairs:
            check(simulated(runtime, agora, live, draft), live, draft, stored)
            assert lines_of([live, draft]) == lines_of([draft, live])

    try_all()
    assert len(said) >= 40


def test_a_comment_that_moved_counts_where_it_was_decided(runtime: Runtime, agora: Agora) -> None:
    submitted = submit(runtime, agora.site_id, thread=Thread(id="t", section="Sport"))
    classify_all(runtime, {Label.INSULT: 0.9})
    with runtime.transaction() as connection:
        moved = comments.comments.update().where(comments.comments.c.id == submitted.comment_id)
        connection.execute(moved.values(thread_section="News"))
    policy = Policy(CLASSIFIER, {Label.INSULT: Threshold(0.5)})
    found = simulated(runtime, agora, policy, policy)
    assert [share.name for share in found.by_section] == ["sport"]
