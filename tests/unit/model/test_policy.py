"""decide() as a table."""

from dataclasses import replace
from math import isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.circumstances import Circumstances
from moderation.model.classification import Facts
from moderation.model.comments import Display, DisplayRules
from moderation.model.decisions import Action, Reason, ReasonKind, display_of
from moderation.model.labels import Label
from moderation.model.policy import OtherLanguages, Policy, Threshold, first_policy
from moderation.model.rules import reasons_to
from moderation.model.standings import Standing
from moderation.model.verdicts import HELD_RISK, UNREAD_RISK, UNSCORED_RISK, decide
from moderation.model.word_lists import WordList

TRUSTED, HELD, BANNED = Standing.TRUSTED, Standing.HELD, Standing.BANNED
CLASSIFIER = "compact@1"
CALM = dict.fromkeys(first_policy(CLASSIFIER).thresholds, 0.1)


def policy(**thresholds: Threshold) -> Policy:
    return Policy(CLASSIFIER, {Label(name): value for name, value in thresholds.items()})


def facts(**scores: float) -> Facts:
    return Facts(CLASSIFIER, {Label(name): score for name, score in scores.items()})


INSULT = policy(insult=Threshold(flag=0.8, reject=0.95))

LENIENT = replace(INSULT, other_languages=OtherLanguages.APPROVE)
SEVEN = Policy("seven@1", {Label.INSULT: Threshold(flag=0.375)})
LISTED = replace(INSULT, word_lists=(WordList("Rude", Action.REJECT, ("scum",)),))
ROUTED = replace(INSULT, other_languages=OtherLanguages.ROUTE, route=SEVEN)


def spanish(insult: float) -> Facts:
    return replace(facts(insult=insult), language="es", supported=False)


def facts_of_seven(insult: float) -> Facts:
    return Facts("seven@1", {Label.INSULT: insult}, language="es")


GRAVE = policy(insult=Threshold(flag=0.8), threat=Threshold(flag=0.7))


def by(standing: Standing, given: Facts, *, thread_held: bool = False) -> Facts:
    return replace(given, circumstances=Circumstances(standing, thread_held))


def spent(given: Facts) -> Facts:
    return replace(given, circumstances=replace(given.circumstances, spent=True))


def found(given: Facts) -> Facts:
    return replace(given, circumstances=replace(given.circumstances, words=("scum",)))


def held_thread(given: Facts) -> Facts:
    return replace(given, circumstances=Circumstances(thread_held=True))


@pytest.mark.parametrize(
    ("given_policy", "given_facts", "action", "risk"),
    [
        pytest.param(INSULT, facts(insult=0.79), Action.APPROVE, 0.0, id="below the line"),
        pytest.param(INSULT, facts(insult=0.8), Action.FLAG, 0.0, id="on the line"),
        pytest.param(INSULT, facts(insult=0.9), Action.FLAG, 0.5, id="halfway above it"),
        pytest.param(INSULT, facts(insult=0.96), Action.REJECT, 0.2, id="over the second line"),
        pytest.param(INSULT, facts(threat=0.9), Action.FLAG, UNSCORED_RISK, id="not scored"),
        pytest.param(
            INSULT, facts(insult=float("nan")), Action.FLAG, UNSCORED_RISK, id="no number"
        ),
        pytest.param(
            policy(insult=Threshold(), threat=Threshold(flag=0.5)),
            facts(insult=1.0, threat=0.1),
            Action.APPROVE,
            0.0,
            id="a label without a line counts for nothing",
        ),
        pytest.param(
            INSULT,
            Facts(CLASSIFIER, failure="it crashed"),
            Action.FLAG,
            UNSCORED_RISK,
            id="the classifier failed",
        ),
        pytest.param(
            INSULT,
            Facts("other@1", {Label.INSULT: 0.0}),
            Action.FLAG,
            UNSCORED_RISK,
            id="another classifier's scores",
        ),
        pytest.param(
            INSULT,
            Facts(CLASSIFIER, {Label.INSULT: 0.0}, readable=False),
            Action.FLAG,
            UNREAD_RISK,
            id="a script that it cannot read",
        ),
        pytest.param(INSULT, spanish(0.0), Action.FLAG, UNREAD_RISK, id="an unsupported language"),
        pytest.param(INSULT, spanish(0.96), Action.FLAG, 0.8, id="which rejects nothing"),
        pytest.param(LENIENT, spanish(0.0), Action.APPROVE, 0.0, id="one that is approved"),
        pytest.param(LENIENT, spanish(0.9), Action.FLAG, 0.5, id="but not over the line"),
        pytest.param(LENIENT, spanish(0.96), Action.FLAG, 0.8, id="and rejects nothing either"),
        pytest.param(ROUTED, spanish(0.0), Action.FLAG, UNREAD_RISK, id="one that is not routed"),
        pytest.param(
            ROUTED, facts_of_seven(insult=0.5), Action.FLAG, 0.2, id="one that was, over its line"
        ),
        pytest.param(ROUTED, facts_of_seven(insult=0.3), Action.APPROVE, 0.0, id="and below it"),
        pytest.param(
            LENIENT,
            facts_of_seven(insult=0.0),
            Action.FLAG,
            UNSCORED_RISK,
            id="one that was routed before the policy changed",
        ),
        pytest.param(
            policy(insult=Threshold(flag=1.0)), facts(insult=1.0), Action.FLAG, 1.0, id="line at 1"
        ),
        pytest.param(
            INSULT, by(BANNED, facts(insult=0.0)), Action.REJECT, UNSCORED_RISK, id="banned, civil"
        ),
        pytest.param(
            INSULT, by(BANNED, facts()), Action.REJECT, UNSCORED_RISK, id="banned, not scored"
        ),
        pytest.param(
            INSULT,
            by(BANNED, facts(insult=0.0), thread_held=True),
            Action.REJECT,
            UNSCORED_RISK,
            id="banned, in a held thread",
        ),
        pytest.param(INSULT, by(HELD, facts(insult=0.0)), Action.FLAG, HELD_RISK, id="held, civil"),
        pytest.param(
            INSULT, by(HELD, facts(insult=0.94)), Action.FLAG, 0.7, id="held, and it presses more"
        ),
        pytest.param(
            INSULT, by(HELD, facts(insult=0.99)), Action.FLAG, 0.95, id="held, over the second line"
        ),
        pytest.param(
            INSULT, by(HELD, facts()), Action.FLAG, UNSCORED_RISK, id="held, and not scored"
        ),
        pytest.param(
            INSULT, held_thread(facts(insult=0.0)), Action.FLAG, HELD_RISK, id="in a held thread"
        ),
        pytest.param(
            INSULT,
            by(TRUSTED, facts(insult=0.0), thread_held=True),
            Action.FLAG,
            HELD_RISK,
            id="in a held thread, whoever is trusted",
        ),
        pytest.param(INSULT, by(TRUSTED, facts(insult=0.89)), Action.APPROVE, 0.0, id="trusted"),
        pytest.param(
            INSULT, by(TRUSTED, facts(insult=0.9)), Action.FLAG, 0.5, id="trusted, but too far over"
        ),
        pytest.param(
            INSULT, by(TRUSTED, facts(insult=0.96)), Action.REJECT, 0.2, id="nor is a rejection"
        ),
        pytest.param(
            policy(insult=Threshold(reject=0.9)),
            by(TRUSTED, replace(facts(insult=0.91), supported=False, language="es")),
            Action.FLAG,
            UNREAD_RISK,
            id="nor what could not be judged",
        ),
        pytest.param(
            INSULT, by(TRUSTED, facts()), Action.FLAG, UNSCORED_RISK, id="nor what has no score"
        ),
        pytest.param(
            replace(policy(insult=Threshold(reject=0.9)), other_languages=OtherLanguages.APPROVE),
            by(TRUSTED, replace(facts(insult=0.91), supported=False, language="es")),
            Action.FLAG,
            0.1,
            id="nor what would be rejected in a language that it knows",
        ),
        pytest.param(INSULT, spent(facts(insult=0.96)), Action.FLAG, 0.8, id="beyond the cap"),
        pytest.param(INSULT, spent(facts(insult=0.79)), Action.APPROVE, 0.0, id="which lifts none"),
        pytest.param(
            INSULT, spent(by(BANNED, facts())), Action.REJECT, UNSCORED_RISK, id="but bans go on"
        ),
        pytest.param(
            LISTED, spent(found(facts())), Action.FLAG, UNSCORED_RISK, id="rules reject no more"
        ),
        pytest.param(
            LISTED, spent(found(facts(insult=0.0))), Action.FLAG, HELD_RISK, id="and wait as others"
        ),
        pytest.param(
            policy(insult=Threshold(reject=0.9)),
            spent(by(TRUSTED, facts(insult=0.95))),
            Action.FLAG,
            0.5,
            id="beyond the cap, trusted, without a line to flag",
        ),
        pytest.param(
            GRAVE,
            by(TRUSTED, facts(insult=0.81, threat=0.71)),
            Action.FLAG,
            1 / 20,
            id="nor a threat",
        ),
    ],
)
def test_a_policy_decides(
    given_policy: Policy, given_facts: Facts, action: Action, risk: float
) -> None:
    verdict = decide(given_facts, given_policy)
    assert (verdict.action, verdict.risk) == (action, pytest.approx(risk))


@pytest.mark.parametrize(
    ("given_facts", "kinds"),
    [
        (by(BANNED, facts(insult=0.9)), [ReasonKind.AUTHOR_BANNED]),
        (by(HELD, facts(insult=0.0)), [ReasonKind.AUTHOR_HELD]),
        (
            by(HELD, facts(insult=0.9), thread_held=True),
            [ReasonKind.AUTHOR_HELD, ReasonKind.THREAD_HELD, ReasonKind.LABEL],
        ),
        (by(TRUSTED, facts(insult=0.85)), [ReasonKind.AUTHOR_TRUSTED, ReasonKind.LABEL]),
        (by(TRUSTED, facts(insult=0.0)), []),
        (spent(facts(insult=0.96)), [ReasonKind.CAP, ReasonKind.LABEL]),
        (spent(facts(insult=0.9)), [ReasonKind.LABEL]),
    ],
)
def test_a_rule_says_what_it_did_and_what_the_scores_said(
    given_facts: Facts, kinds: list[ReasonKind]
) -> None:
    assert [reason.kind for reason in decide(given_facts, INSULT).reasons] == kinds


def test_every_standing_but_the_ordinary_has_a_rule() -> None:
    seen = [reasons_to(action, Circumstances(one)) for one in Standing for action in Action]
    kinds = {reason.kind for reasons in seen for reason in reasons}
    assert len(kinds) == len(Standing) - 1


def test_what_is_held_is_shown_nowhere_before_a_person_has_seen_it() -> None:
    showing = DisplayRules(while_flagged=Display.SHOW)
    hiding = DisplayRules(while_flagged=Display.HIDE)
    held, scored = Reason(ReasonKind.AUTHOR_HELD), Reason(ReasonKind.LABEL)
    assert display_of(showing, Action.FLAG, [scored, Reason(ReasonKind.CAP)]) is Display.HOLD
    assert display_of(showing, Action.FLAG, [scored]) is Display.SHOW
    assert display_of(showing, Action.FLAG, [scored, held]) is Display.HOLD
    assert display_of(hiding, Action.FLAG, [held]) is Display.HIDE
    assert display_of(showing, Action.APPROVE, [held]) is Display.SHOW


def test_the_reason_names_label_score_and_threshold() -> None:
    [reason] = decide(facts(insult=0.9), INSULT).reasons
    assert reason.kind is ReasonKind.LABEL
    assert (reason.label, reason.score, reason.threshold) == (Label.INSULT, 0.9, 0.8)


@pytest.mark.parametrize(("language", "named"), [("es", "Spanish"), ("und", "not one that we can")])
def test_the_reason_names_the_language(language: str, named: str) -> None:
    [reason] = decide(replace(spanish(0.0), language=language), INSULT).reasons
    assert reason.kind is ReasonKind.LANGUAGE
    assert (reason.detail or "").startswith(f"language not supported: {named}")


def test_a_route_needs_thresholds_of_its_own() -> None:
    with pytest.raises(ValueError, match="thresholds of its own"):
        replace(INSULT, other_languages=OtherLanguages.ROUTE)
    with pytest.raises(ValueError, match="thresholds of its own"):
        replace(ROUTED, other_languages=OtherLanguages.FLAG)


def test_a_route_leads_to_another_classifier_and_ends_where_that_one_judges_all() -> None:
    with pytest.raises(ValueError, match="another classifier"):
        replace(ROUTED, classifier=SEVEN.classifier)
    moved = ROUTED.moved_to(SEVEN.classifier)
    assert (moved.other_languages, moved.route) == (OtherLanguages.FLAG, None)
    assert moved.thresholds == ROUTED.thresholds
    assert ROUTED.moved_to("else@1") == replace(ROUTED, classifier="else@1")


def test_approving_other_languages_approves_no_letters_that_nobody_read() -> None:
    approving = replace(INSULT, other_languages=OtherLanguages.APPROVE)
    unread = replace(spanish(0.0), readable=False)
    assert decide(spanish(0.0), approving).action is Action.APPROVE
    assert decide(unread, approving).action is Action.FLAG


def test_obscenity_alone_does_not_flag_at_first() -> None:
    scores = CALM | {Label.OBSCENE: 0.99}
    assert decide(Facts(CLASSIFIER, scores), first_policy(CLASSIFIER)).action is Action.APPROVE


def test_a_new_site_rejects_nothing_by_itself() -> None:
    scores = dict.fromkeys(Label, 1.0)
    assert decide(Facts(CLASSIFIER, scores), first_policy(CLASSIFIER)).action is Action.FLAG


@pytest.mark.parametrize("value", [0.0, -0.1, 1.1, float("nan")])
def test_a_threshold_outside_its_range_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Threshold(flag=value)


def test_rejecting_below_the_flag_line_is_refused() -> None:
    with pytest.raises(ValueError, match="below"):
        Threshold(flag=0.8, reject=0.7)


lines = st.none() | st.floats(0.01, 1.0)
scores = st.dictionaries(st.sampled_from(Label), st.floats(allow_nan=True))


@given(st.dictionaries(st.sampled_from(Label), lines), scores, st.none() | st.just("failed"))
def test_deciding_is_total_and_approves_only_what_is_scored_below_every_line(
    flags: dict[Label, float | None], given_scores: dict[Label, float], failure: str | None
) -> None:
    chosen = Policy(CLASSIFIER, {label: Threshold(flag=line) for label, line in flags.items()})
    verdict = decide(Facts(CLASSIFIER, given_scores, failure), chosen)
    # What is no number, minus infinity too, is no score.
    calm = all(
        isfinite(score := given_scores.get(label, nan)) and score < line
        for label, line in flags.items()
        if line is not None
    )
    assert (verdict.action is Action.APPROVE) == (calm and failure is None)


def test_a_first_policy_asks_for_no_label_that_its_classifier_does_not_score() -> None:
    policy = first_policy(CLASSIFIER, {Label.TOXICITY, Label.OBSCENE})
    assert set(policy.thresholds) == {Label.TOXICITY, Label.OBSCENE}
    facts = Facts(CLASSIFIER, {Label.TOXICITY: 0.1, Label.OBSCENE: 0.1})
    assert decide(facts, policy).action is Action.APPROVE


@pytest.mark.parametrize("label", [Label.OBSCENE, Label.SEXUAL_EXPLICIT])
def test_a_first_policy_never_approves_for_want_of_lines(label: Label) -> None:
    policy = first_policy(CLASSIFIER, {label})
    assert decide(Facts(CLASSIFIER, {label: 0.1}), policy).action is Action.FLAG
