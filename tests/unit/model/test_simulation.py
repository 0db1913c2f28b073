"""Where policies change their mind, and what follows from classes of comments."""

from dataclasses import replace
from math import inf, nextafter

import pytest

from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.ladders import limits_of
from moderation.model.measures import Limit, Measure
from moderation.model.policy import OtherLanguages, Policy, Threshold
from moderation.model.simulation import (
    Comparison,
    FactClass,
    changed_lines,
    lines_of,
)
from moderation.model.verdicts import TRUSTED_RISK, risk_above

APPROVE, FLAG, REJECT = Action
LIVE = Policy("c@1", {Label.INSULT: Threshold(0.8, 0.95), Label.THREAT: Threshold(0.5)})
DRAFT = Policy("c@1", {Label.INSULT: Threshold(0.6), Label.THREAT: Threshold(0.5)})


def found(number: int, insult: float, rejected: bool | None = None) -> FactClass:  # noqa: FBT001 - what people said
    facts = Facts("c@1", {Label.INSULT: insult, Label.THREAT: 0.0}, language="en")
    return FactClass((int(insult * 100), 0, None, "c@1"), facts, number, "politics", rejected)


CLASSES = [found(1000, 0.1), found(50, 0.7), found(20, 0.85), found(5, 0.97)]
JUDGED = [
    found(2, 0.1, rejected=True),
    found(3, 0.7, rejected=True),
    found(4, 0.7, rejected=False),
    found(12, 0.85, rejected=True),
    found(8, 0.85, rejected=False),
]


@pytest.mark.parametrize("thousandths", range(1, 1000, 7))
def test_trust_ends_at_the_very_score_from_which_it_lifts_no_flag(thousandths: int) -> None:
    line = thousandths / 1000
    _, end = lines_of([Policy("c@1", {Label.INSULT: Threshold(line)})])[Label.INSULT]
    assert risk_above(line, end) >= TRUSTED_RISK
    assert risk_above(line, nextafter(end, -inf)) < TRUSTED_RISK


def test_the_lines_of_several_policies_are_all_of_theirs_and_of_their_routes() -> None:
    route = DRAFT.moved_to("r@1")
    routing = Policy("c@1", {}, 2, OtherLanguages.ROUTE, route)
    lines = lines_of([LIVE, routing])
    assert lines[Label.INSULT] == (0.6, 0.8, 0.9, 0.95)
    assert lines[Label.THREAT] == (0.5,), "no trust lifts a threat"


def test_limits_of_several_policies_are_all_of_theirs_and_change_no_line() -> None:
    limited = replace(LIVE, limits={Measure.LINKS: Limit(3), Measure.APPROVALS: Limit(1)})
    other = replace(DRAFT, limits={Measure.LINKS: Limit(2, Action.REJECT)})
    limits = limits_of([limited, other])
    assert (limits[Measure.LINKS], limits[Measure.APPROVALS]) == ((2, 3), (1,))
    assert changed_lines(LIVE, limited) == lines_of([LIVE])
    assert changed_lines(LIVE, other) == changed_lines(LIVE, DRAFT)


def test_the_lines_that_a_draft_changes_are_its_own_or_those_that_it_drops() -> None:
    assert changed_lines(LIVE, DRAFT) == {Label.INSULT: (0.6,)}
    assert changed_lines(DRAFT, Policy("c@1", {Label.THREAT: Threshold(0.5)})) == {
        Label.INSULT: (0.6,)
    }
    assert set(changed_lines(LIVE, LIVE)) == {Label.INSULT, Label.THREAT}


def test_two_policies_are_counted_side_by_side() -> None:
    live, draft = Comparison(LIVE, DRAFT).sides(CLASSES, JUDGED)
    assert draft is not None
    assert (live.actions[APPROVE], live.flagged, live.rejected) == (1050, 20, 5)
    assert (draft.actions[APPROVE], draft.flagged, draft.rejected) == (1000, 75, 0)
    assert (live.over, draft.over) == ({Label.INSULT: 25}, {Label.INSULT: 75})
    assert (live.precision.many, live.precision.of) == (12, 20)
    assert (live.recall.many, live.recall.of, live.missed) == (12, 17, 5)
    assert (draft.precision.many, draft.precision.of) == (15, 27)
    assert (draft.recall.many, draft.recall.of, draft.missed) == (15, 17, 2)


def test_what_flips_is_counted_with_what_people_judged_of_it() -> None:
    flips = Comparison(LIVE, DRAFT).flips(CLASSES, JUDGED)
    assert [(flip.change, flip.number, flip.judged) for flip in flips] == [
        ((APPROVE, FLAG), 50, 7),
        ((REJECT, FLAG), 5, 0),
    ]
    assert flips[0].keys == {(70, 0, None, "c@1")}
    assert Comparison(LIVE, None).flips(CLASSES, JUDGED) == ()


def test_what_is_kept_is_counted_by_language_and_section() -> None:
    [share] = Comparison(LIVE, DRAFT).by_section(CLASSES)
    assert (share.name, share.live, share.draft) == ("politics", 25, 75)
    [share] = Comparison(LIVE, DRAFT).by_language(CLASSES)
    assert (share.name, share.live, share.draft) == ("en", 25, 75)
