"""Limits and word lists of a policy, as `decide` applies them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.circumstances import Circumstances
from moderation.model.classification import Facts
from moderation.model.comments import Display, DisplayRules
from moderation.model.decisions import OF_POLICIES, Action, Reason, ReasonKind, display_of
from moderation.model.labels import Label
from moderation.model.measures import MOST, TOO_FEW, Limit, Measure
from moderation.model.policy import OtherLanguages, Policy, Threshold
from moderation.model.policy_rules import KINDS
from moderation.model.standings import Standing
from moderation.model.verdicts import HELD_RISK, decide
from moderation.model.word_lists import MOST_LISTS, WordList

CLASSIFIER = "compact@1"
FLAG, REJECT, APPROVE = Action.FLAG, Action.REJECT, Action.APPROVE
SEVERITY = {APPROVE: 0, FLAG: 1, REJECT: 2}
INSULTS = Policy(CLASSIFIER, {Label.INSULT: Threshold(flag=0.6, reject=0.9)})
SLURS = WordList("Slurs", FLAG, ("scum*", "vermin"))


def limited(measure: Measure, number: int, action: Action = FLAG) -> Policy:
    return replace(INSULTS, limits={measure: Limit(number, action)})


def listed(*lists: WordList) -> Policy:
    return replace(INSULTS, word_lists=lists)


def facts(insult: float = 0.1, *words: str, **counts: int) -> Facts:
    return Facts(
        CLASSIFIER,
        {Label.INSULT: insult},
        circumstances=Circumstances(words=words),
        counts={Measure(name): count for name, count in counts.items()},
    )


def by(standing: Standing, given_facts: Facts) -> Facts:
    known = replace(given_facts.circumstances, standing=standing)
    return replace(given_facts, circumstances=known)


@pytest.mark.parametrize("measure", Measure)
def test_a_limit_flags_from_its_number_on_and_first_time_authors_below_it(measure: Measure) -> None:
    over, within = (2, 3) if measure in TOO_FEW else (3, 2)
    policy = limited(measure, 3)
    verdict = decide(facts(**{measure: over}), policy)
    assert verdict.action is FLAG
    assert verdict.reasons == (Reason(KINDS[measure], detail=str(over)),)
    assert verdict.risk == HELD_RISK
    assert decide(facts(**{measure: within}), policy).action is APPROVE


def test_what_was_not_counted_is_over_no_limit() -> None:
    for measure in Measure:
        assert decide(facts(), limited(measure, 1)).action is APPROVE


@pytest.mark.parametrize(
    ("policy", "given_facts", "action", "kinds"),
    [
        (limited(Measure.LINKS, 3, REJECT), facts(links=3), REJECT, ["links"]),
        # A rule that rejects needs no score, and no language.
        (
            limited(Measure.LINKS, 3, REJECT),
            replace(facts(links=3), failure="the classifier failed"),
            REJECT,
            ["links"],
        ),
        (limited(Measure.LINKS, 3), facts(0.7, links=3), FLAG, ["links", "label"]),
        (limited(Measure.LINKS, 3), facts(0.95, links=3), REJECT, ["label"]),
        (
            limited(Measure.LINKS, 3),
            replace(facts(0.95, links=3), language="es", supported=False),
            FLAG,
            ["language", "links", "label"],
        ),
        (listed(SLURS), facts(0.1, "vermin"), FLAG, ["word-list"]),
        (listed(SLURS), facts(0.1, "hay"), APPROVE, []),
        (listed(replace(SLURS, action=REJECT)), facts(0.1, "scum*"), REJECT, ["word-list"]),
        # Trust lifts a limit's flag, alone or with that of a score, and no list's.
        (
            limited(Measure.LINKS, 3),
            by(Standing.TRUSTED, facts(0.65, links=3)),
            APPROVE,
            ["author-trusted", "links", "label"],
        ),
        (
            limited(Measure.APPROVALS, 1),
            by(Standing.TRUSTED, facts(approvals=0)),
            APPROVE,
            ["author-trusted", "first-time"],
        ),
        (
            limited(Measure.LINKS, 3),
            by(Standing.TRUSTED, facts(0.85, links=3)),
            FLAG,
            ["label"],
        ),
        (
            listed(SLURS),
            by(Standing.TRUSTED, facts(0.1, "vermin")),
            FLAG,
            ["word-list"],
        ),
        (
            limited(Measure.LINKS, 3, REJECT),
            by(Standing.TRUSTED, facts(links=3)),
            REJECT,
            ["links"],
        ),
        (limited(Measure.LINKS, 3), by(Standing.BANNED, facts(links=3)), REJECT, ["author-banned"]),
        (
            limited(Measure.LINKS, 3),
            by(Standing.HELD, facts(0.95, links=3)),
            FLAG,
            ["author-held", "links", "label"],
        ),
    ],
)
def test_rules_stand_between_people_and_scores(
    policy: Policy, given_facts: Facts, action: Action, kinds: list[str]
) -> None:
    verdict = decide(given_facts, policy)
    assert (verdict.action, [reason.kind for reason in verdict.reasons]) == (action, kinds)


def test_a_reason_names_the_list_and_what_was_found() -> None:
    many = WordList("Many", FLAG, tuple(f"word{n}" for n in range(9)))
    found = decide(facts(0.1, "vermin", "scum*", *many.entries), listed(SLURS, many)).reasons
    assert found == (
        Reason(ReasonKind.WORD_LIST, title="Slurs", detail="scum*, vermin"),
        Reason(ReasonKind.WORD_LIST, title="Many", detail="word0, word1, word2, word3, word4"),
    )


def test_limits_and_lists_hold_for_what_is_routed_too() -> None:
    seven = Policy("seven@1", {Label.INSULT: Threshold(flag=0.6)})
    policy = replace(
        limited(Measure.LINKS, 3),
        word_lists=(SLURS,),
        other_languages=OtherLanguages.ROUTE,
        route=seven,
    )
    routed = replace(facts(0.1, "vermin", links=3), classifier="seven@1", language="es")
    kinds = [reason.kind for reason in decide(routed, policy).reasons]
    assert kinds == [ReasonKind.WORD_LIST, ReasonKind.LINKS]
    assert policy.moved_to("seven@1").limits == policy.limits
    assert policy.moved_to("seven@1").word_lists == policy.word_lists


def test_first_time_authors_are_held_where_a_site_shows_what_is_flagged() -> None:
    shows = DisplayRules(while_flagged=Display.SHOW)
    for kind in OF_POLICIES:
        expected = Display.HOLD if kind is ReasonKind.FIRST_TIME else Display.SHOW
        assert display_of(shows, FLAG, [Reason(kind)]) is expected


@st.composite
def some_limits(draw: st.DrawFn) -> dict[Measure, Limit]:
    found = {}
    for measure in draw(st.sets(st.sampled_from(Measure))):
        actions = (FLAG,) if measure is Measure.APPROVALS else (FLAG, REJECT)
        found[measure] = Limit(draw(st.integers(1, 4)), draw(st.sampled_from(actions)))
    return found


some_lists = st.lists(
    st.builds(WordList, st.sampled_from("ab"), st.sampled_from((FLAG, REJECT)), st.just(("x",))),
    max_size=2,
    unique_by=lambda one: one.name,
).map(tuple)
some_facts = st.builds(
    Facts,
    st.sampled_from((CLASSIFIER, "other@1")),
    st.fixed_dictionaries({Label.INSULT: st.sampled_from((0.1, 0.65, 0.85, 0.95))}),
    failure=st.sampled_from((None, "failed")),
    supported=st.booleans(),
    circumstances=st.builds(
        Circumstances, st.sampled_from(Standing), st.booleans(), st.sampled_from(((), ("x",)))
    ),
    counts=st.dictionaries(st.sampled_from(Measure), st.integers(0, 5)),
)


@given(some_facts, some_limits(), some_lists)
def test_no_rule_makes_a_policy_milder(
    given_facts: Facts, limits: dict[Measure, Limit], lists: tuple[WordList, ...]
) -> None:
    with_rules = replace(INSULTS, limits=limits, word_lists=lists)
    plain, ruled = decide(given_facts, INSULTS), decide(given_facts, with_rules)
    assert SEVERITY[ruled.action] >= SEVERITY[plain.action]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({Measure.LINKS: (0, FLAG)}, "from 1 on"),
        ({Measure.LINKS: (1, APPROVE)}, "flags or rejects"),
        ({Measure.PACE: (MOST[Measure.PACE] + 1, FLAG)}, "higher than is counted"),
        ({Measure.APPROVALS: (1, REJECT)}, "stays new"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(
    limits: dict[Measure, tuple[int, Action]], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        replace(INSULTS, limits={one: Limit(*values) for one, values in limits.items()})


@pytest.mark.parametrize(
    ("name", "action", "entries", "said"),
    [
        ("", FLAG, ("x",), "has a name"),
        ("a\nb", FLAG, ("x",), "has a name"),
        ("a", APPROVE, ("x",), "flags or rejects"),
        ("a", FLAG, (), "1 to 1,000 entries"),
        ("a", FLAG, tuple(map(str, range(1001))), "1 to 1,000 entries"),
        ("a", FLAG, ("x" * 101,), "an entry has"),
        ("a", FLAG, ("x\ny",), "an entry has"),
        ("a", FLAG, (" x",), "an entry has"),
    ],
)
def test_a_word_list_that_makes_no_sense_is_refused(
    name: str, action: Action, entries: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        WordList(name, action, entries)


def test_there_are_few_lists_and_each_has_a_name_of_its_own() -> None:
    with pytest.raises(ValueError, match="same name"):
        listed(SLURS, SLURS)
    with pytest.raises(ValueError, match="at most 10"):
        listed(*(replace(SLURS, name=str(n)) for n in range(MOST_LISTS + 1)))
