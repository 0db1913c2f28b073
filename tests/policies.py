"""Policies of all kinds, for properties that hold of each."""

from contextlib import suppress

from hypothesis import strategies as st

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.measures import MOST, Limit, Measure
from moderation.model.places import Pattern, PlaceKind, check_patterns
from moderation.model.policy import OtherLanguages, Override, Policy, Threshold
from moderation.model.rule_documents import ACTIONS
from moderation.model.word_lists import WordList

lines = st.none() | st.floats(0.0, 1.0, exclude_min=True)


@st.composite
def a_threshold(draw: st.DrawFn) -> Threshold:
    flag, reject = draw(lines), draw(lines)
    if flag is not None and reject is not None:
        flag, reject = min(flag, reject), max(flag, reject)
    return Threshold(flag, reject)


thresholds = st.dictionaries(st.sampled_from(Label), a_threshold())


@st.composite
def a_limit(draw: st.DrawFn, measure: Measure) -> Limit:
    action = Action.FLAG if measure is Measure.APPROVALS else draw(st.sampled_from(ACTIONS))
    return Limit(draw(st.integers(1, MOST[measure])), action)


limits = st.sets(st.sampled_from(Measure)).flatmap(
    lambda measures: st.fixed_dictionaries({one: a_limit(one) for one in measures})
)

printable = st.text(min_size=1, max_size=20).filter(
    lambda text: text.isprintable() and text == text.strip()
)
word_lists = st.lists(
    st.builds(
        WordList,
        printable,
        st.sampled_from(ACTIONS),
        st.lists(printable, min_size=1, max_size=4, unique=True).map(tuple),
    ),
    max_size=3,
    unique_by=lambda one: one.name,
).map(tuple)


patterns = st.builds(Pattern, st.sampled_from(PlaceKind), printable)


def apart(overrides: list[Override]) -> bool:
    """Say whether each names something that none before it does."""
    with suppress(ValueError):
        check_patterns([one.pattern for one in overrides])
        return True
    return False


overrides = (
    st.lists(
        st.builds(
            Override,
            patterns,
            st.dictionaries(st.sampled_from(Label), a_threshold(), min_size=1, max_size=2),
        ),
        max_size=3,
    )
    .filter(apart)
    .map(tuple)
)


@st.composite
def a_policy(draw: st.DrawFn) -> Policy:
    action = draw(st.sampled_from(OtherLanguages))
    route = Policy("seven@1", draw(thresholds)) if action is OtherLanguages.ROUTE else None
    return Policy(
        classifier="compact@1",
        thresholds=draw(thresholds),
        version=7,
        other_languages=action,
        route=route,
        overrides=draw(overrides),
        limits=draw(limits),
        word_lists=draw(word_lists),
    )
