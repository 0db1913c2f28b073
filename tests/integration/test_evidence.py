"""A label rejects by itself where people decided enough on what it would reject."""

from collections.abc import Mapping

import pytest
from sqlalchemy import update

from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.evidence import Evidence
from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS, OtherLanguages, Policy, Threshold
from moderation.runtime import Runtime
from moderation.services.audit_sampling import change_audit
from moderation.services.auditing import judge
from moderation.services.classifier_versions import saw_classifier
from moderation.services.moderating import decide_comment, undo
from moderation.services.publishing import set_other_languages
from moderation.services.rejecting import read_evidence
from moderation.services.tuning import Draft, Look, publish, roll_back
from moderation.storage.classifications import classifications
from tests.evidence import NEARLY_ALWAYS, SURELY, decided, write_policy
from tests.factories import CIVIL, CLASSIFIER, NEXT, Agora, classify_all, submit

REJECTING = {**FIRST_THRESHOLDS, Label.INSULT: Threshold(0.8, 0.95)}


def try_to_publish(
    runtime: Runtime,
    agora: Agora,
    lines: Mapping[Label, Threshold] = REJECTING,
    seen: int = 1,
    classifier: str | None = None,
) -> Policy:
    draft = Draft(lines, "let it", seen, classifier=classifier)
    return publish(runtime, agora.olga, agora.site_id, draft)


def from_095(runtime: Runtime, agora: Agora) -> Evidence:
    look = Look(draft=Draft(REJECTING, "", 1))
    return read_evidence(runtime, agora.olga, agora.site_id, look)[Label.INSULT]


def numbers(runtime: Runtime, agora: Agora) -> tuple[int, int]:
    found = from_095(runtime, agora).rejected
    return found.many, found.of


def test_without_decisions_nothing_rejects_by_itself(runtime: Runtime, agora: Agora) -> None:
    with pytest.raises(InvalidInput, match=r"insult from 0\.95: 0 decided comments, 200 "):
        try_to_publish(runtime, agora)
    decided(runtime, agora.alice, 199, 0)
    with pytest.raises(InvalidInput, match="199 decided comments"):
        try_to_publish(runtime, agora)
    decided(runtime, agora.alice, 1, 0)
    assert try_to_publish(runtime, agora).thresholds[Label.INSULT].reject == 0.95


def test_what_people_often_approve_is_not_rejected_without_them(
    runtime: Runtime, agora: Agora
) -> None:
    decided(runtime, agora.alice, 190, 10)
    with pytest.raises(InvalidInput, match=r"at least 91 %, 95 % are needed"):
        try_to_publish(runtime, agora)


def test_a_line_that_is_raised_or_removed_needs_nothing(runtime: Runtime, agora: Agora) -> None:
    write_policy(runtime, agora.site_id, Policy(CLASSIFIER, REJECTING))
    higher = {**REJECTING, Label.INSULT: Threshold(0.8, 0.96)}
    for seen, lines in enumerate((REJECTING, higher, FIRST_THRESHOLDS), 2):
        try_to_publish(runtime, agora, lines, seen)
    # Nobody decided anything since, so going back is to be earned as well.
    for version in (2, 4):
        with pytest.raises(InvalidInput, match="insult from"):
            roll_back(runtime, agora.olga, agora.site_id, version, 5)
    assert roll_back(runtime, agora.olga, agora.site_id, 1, 5).version == 6


def test_a_policy_in_force_is_changed_in_other_ways(runtime: Runtime, agora: Agora) -> None:
    write_policy(runtime, agora.site_id, Policy(CLASSIFIER, REJECTING))
    changed = set_other_languages(runtime, "agora", OtherLanguages.APPROVE)
    assert changed.thresholds == REJECTING


def test_another_classifier_earns_it_by_its_own_scores(runtime: Runtime, agora: Agora) -> None:
    decided(runtime, agora.alice, *NEARLY_ALWAYS)
    try_to_publish(runtime, agora)
    saw_classifier(runtime, NEXT, list(CIVIL))
    with pytest.raises(InvalidInput, match="0 decided comments"):
        try_to_publish(runtime, agora, seen=2, classifier=NEXT)
    with runtime.transaction() as connection:
        connection.execute(update(classifications).values(classifier=NEXT))
    assert try_to_publish(runtime, agora, seen=2, classifier=NEXT).classifier == NEXT


@pytest.mark.usefixtures("agora")
def test_a_route_earns_it_too(runtime: Runtime) -> None:
    route = Policy("seven@1", {Label.INSULT: Threshold(0.8, 0.95)})
    with pytest.raises(InvalidInput, match="0 decided comments"):
        set_other_languages(runtime, "agora", OtherLanguages.ROUTE, route)


def test_only_decisions_that_stand_on_what_could_be_judged_count(
    runtime: Runtime, agora: Agora
) -> None:
    below, odd = CIVIL | {Label.INSULT: 0.94}, CIVIL | {Label.INSULT: float("nan")}
    for scores in (below, odd):
        decided(runtime, agora.alice, 1, 1, scores)
    assert numbers(runtime, agora) == (0, 0)
    first, *_ = decided(runtime, agora.alice, 3, 1)
    assert numbers(runtime, agora) == (3, 4)
    made = decide_comment(runtime, agora.olga, first, Action.APPROVE, seen=2)
    assert numbers(runtime, agora) == (2, 4)
    undo(runtime, agora.olga, made.id)
    assert numbers(runtime, agora) == (3, 4)
    for unfit in ({"failure": "it crashed"}, {"readable": False}, {"supported": False}):
        with runtime.transaction() as connection:
            usual = {"failure": None, "readable": True, "supported": True}
            connection.execute(update(classifications).values(**usual | unfit))
        assert numbers(runtime, agora) == (0, 0)


def test_what_the_audit_kept_counts_as_approved(runtime: Runtime, agora: Agora) -> None:
    write_policy(runtime, agora.site_id, Policy(CLASSIFIER, {Label.INSULT: Threshold()}))
    change_audit(runtime, "agora", 1.0)
    ids = [submit(runtime, agora.site_id, f"c{n}").comment_id for n in range(3)]
    classify_all(runtime, SURELY)
    for comment_id, action in zip(ids, (Action.APPROVE, Action.REJECT), strict=False):
        judge(runtime, agora.alice, comment_id, action, seen=1)
    assert numbers(runtime, agora) == (1, 2)
    decide_comment(runtime, agora.olga, ids[0], Action.REJECT, seen=1)
    assert numbers(runtime, agora) == (2, 2)


def test_decisions_at_another_site_say_nothing(runtime: Runtime, agora: Agora) -> None:
    decided(runtime, agora.mallory, 2, 0)
    assert numbers(runtime, agora) == (0, 0)
