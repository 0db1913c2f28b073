"""A decision's own policy version, applied to its stored facts, gives the very same decision."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st
from sqlalchemy import select

from moderation.model.circumstances import Circumstances
from moderation.model.classification import Facts, Outcome
from moderation.model.comments import Author, Thread
from moderation.model.decisions import OF_POLICIES, Action
from moderation.model.jobs import Lane
from moderation.model.labels import Label
from moderation.model.measures import TOO_FEW, Limit, Measure
from moderation.model.overrides import put
from moderation.model.places import Pattern, Place, PlaceKind
from moderation.model.policy import OtherLanguages, Override, Policy, Threshold, first_policy
from moderation.model.standings import Standing, Subject, SubjectKind
from moderation.model.verdicts import decide
from moderation.model.word_lists import WordList
from moderation.runtime import Runtime
from moderation.services import reproducing
from moderation.services.claiming import claim_batch
from moderation.services.recording import record
from moderation.services.reproducing import Reproduction, reproduce
from moderation.services.sites import change_site
from moderation.storage import (
    classifications,
    decisions,
    desk,
    jobs,
    replaying,
    reviews,
)
from tests.evidence import write_policy
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, LEASE, Agora, classify_all, submit
from tests.standings import give
from tests.stateful import profile

LINES = (0.2, 0.5, 0.8, 0.95, 1.0)
SECTIONS = ("Politics", "sports", "Économie_1%/", None)
PATTERNS = (
    *(Pattern(PlaceKind.SECTION, name) for name in ("*", "sp*t*", "POLITICS", "ÉCONOMIE_*")),
    # What LIKE would take for any character, or for several, is one here.
    *(Pattern(PlaceKind.SECTION, name) for name in ("sp_rts*", "*%*", "*/")),
    *(Pattern(PlaceKind.THREAD, name) for name in ("open", "h*d", "*_p*")),
)
numbers = st.sampled_from(LINES) | st.floats(0.0, 1.0)


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    low, high = sorted((draw(st.sampled_from(LINES)), draw(st.sampled_from(LINES))))
    return Threshold(
        flag=low if draw(st.booleans()) else None, reject=high if draw(st.booleans()) else None
    )


some_overrides = st.lists(
    st.builds(
        Override,
        st.sampled_from(PATTERNS),
        st.dictionaries(st.sampled_from(Label), thresholds(), min_size=1, max_size=2),
    ),
    max_size=3,
)


def with_overrides(policy: Policy, overrides: list[Override]) -> Policy:
    return reduce(put, overrides, policy)


TEXTS = (
    "Good morning, all of you.",
    "GOOD MORNING all of you",
    "Good evening.",
    "See https://a.example for more.",
    "See https://a.example, https://b.example and https://c.example for more.",
    "Long: " + "more and more. " * 20,
)


@st.composite
def some_limits(draw: st.DrawFn) -> dict[Measure, Limit]:
    found = {}
    for measure in draw(st.sets(st.sampled_from(Measure), max_size=3)):
        most = 300 if measure is Measure.LENGTH else 4
        actions = (Action.FLAG,) if measure in TOO_FEW else (Action.FLAG, Action.REJECT)
        found[measure] = Limit(draw(st.integers(1, most)), draw(st.sampled_from(actions)))
    return found


some_lists = st.lists(
    st.builds(
        WordList,
        st.sampled_from(("Greetings", "Others")),
        st.sampled_from((Action.FLAG, Action.REJECT)),
        st.sampled_from((("good morning",), ("even*", "morning"), ("/[0-9]/",), ("nothing",))),
    ),
    max_size=2,
    unique_by=lambda one: one.name,
).map(tuple)
some_policies = st.builds(
    with_overrides,
    st.builds(
        Policy,
        st.just(CLASSIFIER),
        st.dictionaries(st.sampled_from(Label), thresholds()),
        other_languages=st.sampled_from((OtherLanguages.FLAG, OtherLanguages.APPROVE)),
        limits=some_limits(),
        word_lists=some_lists,
    ),
    some_overrides,
)
some_facts = st.builds(
    Facts,
    st.sampled_from((CLASSIFIER, CLASSIFIER, CLASSIFIER, "compact@other")),
    st.fixed_dictionaries({}, optional=dict.fromkeys(Label, numbers))
    | st.fixed_dictionaries({label: numbers | st.just(float("nan")) for label in Label}),
    failure=st.sampled_from((None, None, None, "the classifier failed")),
    readable=st.sampled_from((True, True, True, False)),
    language=st.sampled_from(("en", "es", "und")),
    supported=st.sampled_from((True, True, False)),
)


@dataclass(frozen=True)
class Case:
    """What is known of a comment in the moment in which it is decided."""

    facts: Facts
    standing: Standing
    thread_held: bool
    text: str = TEXTS[0]


cases = st.builds(
    Case, some_facts, st.sampled_from(Standing), st.booleans(), st.sampled_from(TEXTS)
)


def prepare(runtime: Runtime, agora: Agora) -> None:
    for standing in Standing:
        if standing is not Standing.ORDINARY:
            give(runtime, agora, standing, Subject(SubjectKind.AUTHOR, standing))
    give(runtime, agora, Standing.HELD, Subject(SubjectKind.THREAD, "held"))


def decide_in_the_database(runtime: Runtime, agora: Agora, batch: dict[str, Case]) -> None:
    by_comment = {}
    for n, (external_id, case) in enumerate(batch.items()):
        submitted = submit(
            runtime,
            agora.site_id,
            external_id,
            text=case.text,
            author=Author(id=case.standing),
            thread=Thread("held" if case.thread_held else "open", section=SECTIONS[n % 4]),
        )
        by_comment[submitted.comment_id] = case
    with runtime.reading() as connection:
        wanted = select(jobs.jobs.c.id).where(jobs.jobs.c.comment_id.in_(by_comment))
        ids = list(connection.execute(wanted).scalars())
    held = claim_batch(runtime, Lane.BULK, ids, len(ids), LEASE).jobs
    assert record(runtime, [Outcome(j, by_comment[j.comment_id].facts) for j in held]).decided


def stored_facts(runtime: Runtime, agora: Agora) -> Iterator[tuple[Any, Facts, Policy]]:
    """Yield each stored decision with its stored facts and its own policy."""
    with runtime.reading() as connection:
        rows = replaying.automatic(connection, agora.site_id, None, 10_000)
        own = desk.policies_of(connection, {(agora.site_id, row.policy_version) for row in rows})
    for row in rows:
        yield row, classifications.facts_of(row), own[agora.site_id, row.policy_version]


def risks(runtime: Runtime) -> dict[Any, float]:
    with runtime.reading() as connection:
        rows = connection.execute(select(reviews.reviews))
        return {row.comment_id: row.risk for row in rows}


def meet_every_rule(runtime: Runtime, agora: Agora) -> None:
    """Decide the same comment of a new author twice, under limits that it is over."""
    limits = {one: Limit(1) for one in Measure}
    lists = (WordList("Any", Action.FLAG, ("more",)),)
    lines = {Label.INSULT: Threshold(0.5)}
    policy = Policy(CLASSIFIER, lines, limits=limits, word_lists=lists)
    write_policy(runtime, agora.site_id, policy)
    case = Case(Facts(CLASSIFIER, CIVIL, language="en"), Standing.ORDINARY, False, TEXTS[4])  # noqa: FBT003 - a thread that nobody holds
    for name in ("first", "again"):
        decide_in_the_database(runtime, agora, {name: case})


def reject_by_scores(runtime: Runtime, agora: Agora, *, cap: int) -> None:
    """Decide comments that scores would reject, of authors that may write as they like."""
    change_site(runtime, "agora", rejections_an_hour=cap)
    write_policy(runtime, agora.site_id, Policy(CLASSIFIER, {Label.INSULT: Threshold(0.5, 0.8)}))
    facts = Facts(CLASSIFIER, HOSTILE, language="en")
    usual = (Standing.ORDINARY, Standing.TRUSTED)
    batch = {f"by scores {one}": Case(facts, one, thread_held=False) for one in usual}
    decide_in_the_database(runtime, agora, batch)


def test_a_replayed_decision_is_the_one_that_was_made(runtime: Runtime, agora: Agora) -> None:
    prepare(runtime, agora)
    names = count()
    meet_every_rule(runtime, agora)

    @profile(20, phases=[Phase.generate])
    @given(some_policies, st.lists(cases, min_size=20, max_size=20))
    def try_all(policy: Policy, batch: list[Case]) -> None:
        write_policy(runtime, agora.site_id, policy)
        decide_in_the_database(runtime, agora, {f"c{next(names)}": case for case in batch})

    try_all()
    reject_by_scores(runtime, agora, cap=0)
    again = reproduce(runtime, agora.site_id)
    assert again.decisions >= 200
    assert again.other == ()
    waiting, found = risks(runtime), list(stored_facts(runtime, agora))
    for row, facts, policy in found:
        risk = decide(facts, policy).risk
        assert waiting.get(row.comment_id, risk) == risk
    assert {row.action for row, *_ in found} == {"approve", "flag", "reject"}
    assert {facts.place.section for _, facts, _ in found} == {
        Place(one).section for one in SECTIONS
    }
    seen = {replace(facts.circumstances, words=()) for _, facts, _ in found}
    both = (False, True)
    usual = {Circumstances(one, held) for one in Standing for held in both}
    spent = {Circumstances(one, spent=True) for one in (Standing.ORDINARY, Standing.TRUSTED)}
    assert seen >= usual | spent
    # Bans have no cap.
    assert not any(one.spent for one in seen if one.standing is Standing.BANNED)
    kinds = {reason["kind"] for row, *_ in found for reason in row.reasons}
    assert kinds >= OF_POLICIES


def test_an_edit_that_moves_a_comment_leaves_what_was_decided_before(
    runtime: Runtime, agora: Agora
) -> None:
    sports = Override(Pattern(PlaceKind.SECTION, "sports"), {Label.INSULT: Threshold(0.95)})
    write_policy(runtime, agora.site_id, put(first_policy(CLASSIFIER), sports))
    for text, section in (("First.", "Sports"), ("Second.", "News")):
        submit(runtime, agora.site_id, "c1", text=text, thread=Thread(section=section))
        classify_all(runtime, CIVIL | {Label.INSULT: 0.9})
    found = list(stored_facts(runtime, agora))
    assert [row.action for row, *_ in found] == ["approve", "flag"]
    assert [facts.place for _, facts, _ in found] == [Place("sports"), Place("news")]
    assert reproduce(runtime, agora.site_id) == Reproduction(2, ())


def test_a_decision_that_does_not_follow_is_found(runtime: Runtime, agora: Agora) -> None:
    for n, scores in enumerate((CIVIL, HOSTILE, CIVIL | {Label.INSULT: 0.79})):
        submit(runtime, agora.site_id, f"c{n}")
        classify_all(runtime, scores)
    with runtime.reading() as connection:
        rows = replaying.automatic(connection, agora.site_id, None, 3)
    assert reproduce(runtime, agora.site_id) == Reproduction(3, ())
    with runtime.transaction() as connection:
        table = classifications.classifications
        higher = table.update().where(table.c.comment_id == rows[1].comment_id)
        connection.execute(higher.values(insult=0.91))
        table = decisions.decisions
        other = table.update().where(table.c.id == rows[2].decision_id)
        connection.execute(other.values(action="flag"))
    assert reproduce(runtime, agora.site_id) == Reproduction(
        3, (rows[1].decision_id, rows[2].decision_id)
    )


def test_a_long_history_is_reproduced_in_parts(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reproducing, "CHUNK", 2)
    for n in range(4):
        submit(runtime, agora.site_id, f"c{n}")
    classify_all(runtime)
    assert reproduce(runtime, agora.site_id) == Reproduction(4, ())
    submit(runtime, agora.site_id, "c4")
    classify_all(runtime)
    assert reproduce(runtime, agora.site_id).decisions == 5
