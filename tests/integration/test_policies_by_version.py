"""Each comment is judged by the thresholds that are for the classifier version of its scores."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from moderation.model.classification import Facts, Outcome
from moderation.model.decisions import Decision, ReasonKind
from moderation.model.ids import CommentId, JobId
from moderation.model.jobs import ClaimedJob, Lane
from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS, OtherLanguages, Policy, Threshold
from moderation.runtime import Runtime
from moderation.services.claiming import claim_batch
from moderation.services.classifier_versions import saw_classifier
from moderation.services.publishing import (
    Publication,
    history_of,
    put_into_force,
    set_other_languages,
)
from moderation.services.reading import get_comment
from moderation.services.recording import record
from moderation.storage.jobs import jobs
from tests.factories import CIVIL, CLASSIFIER, LEASE, NEXT, Agora, submit
from tests.integration.worker.test_drain import Scripted, push_all
from worker.drain import Drain
from worker.reading import Reader

BETWEEN = CIVIL | {Label.INSULT: 0.6}
"""Approved by the first thresholds, flagged by the stricter ones."""
STRICT = {**FIRST_THRESHOLDS, Label.INSULT: Threshold(flag=0.5)}
ROUTE = Policy("seven@1", STRICT)


def publish(runtime: Runtime, agora: Agora, policy: Policy) -> int:
    with runtime.transaction() as connection:
        history = history_of(connection, agora.site_id)
        number = history[0].policy.version + 1
        publication = Publication(replace(policy, version=number), "because")
        put_into_force(runtime, connection, history, publication)
    return number


def claim(
    runtime: Runtime, agora: Agora, *names: str, running: str = CLASSIFIER
) -> list[ClaimedJob]:
    """Submit comments and claim their jobs, in their order, as a worker of this version."""
    ids = [submit(runtime, agora.site_id, name).comment_id for name in names]
    with runtime.reading() as connection:
        found = connection.execute(select(jobs.c.id).where(jobs.c.comment_id.in_(ids)))
        job_ids = [JobId(row.id) for row in found]
    held = claim_batch(runtime, Lane.BULK, job_ids, len(job_ids), LEASE, running=running).jobs
    return sorted(held, key=lambda job: ids.index(job.comment_id))


def decision(runtime: Runtime, agora: Agora, comment_id: CommentId) -> Decision:
    found = get_comment(runtime, agora.site_id, comment_id).decision
    assert found is not None
    return found


def judged(runtime: Runtime, agora: Agora, *outcomes: Outcome) -> list[tuple[str, int | None]]:
    """Record outcomes together; return what was decided, and by which policy."""
    record(runtime, outcomes)
    made = [decision(runtime, agora, outcome.job.comment_id) for outcome in outcomes]
    return [(one.action, one.policy_version) for one in made]


def test_two_versions_in_one_batch_are_judged_by_their_own(runtime: Runtime, agora: Agora) -> None:
    ahead = publish(runtime, agora, Policy(NEXT, STRICT))
    old, new = claim(runtime, agora, "old", "new")
    outcomes = [Outcome(old, Facts(CLASSIFIER, BETWEEN)), Outcome(new, Facts(NEXT, BETWEEN))]
    assert judged(runtime, agora, *outcomes) == [("approve", 1), ("flag", ahead)]
    reason = decision(runtime, agora, new.comment_id).reasons[0]
    assert (reason.kind, reason.threshold) == (ReasonKind.LABEL, 0.5)


def test_a_version_without_thresholds_is_flagged_by_the_newest(
    runtime: Runtime, agora: Agora
) -> None:
    newest = publish(runtime, agora, Policy(CLASSIFIER, STRICT))
    [job] = claim(runtime, agora, "c1")
    assert judged(runtime, agora, Outcome(job, Facts(NEXT, CIVIL))) == [("flag", newest)]
    reason = decision(runtime, agora, job.comment_id).reasons[0]
    assert reason.kind is ReasonKind.OTHER_CLASSIFIER


def test_going_back_needs_nothing_published(runtime: Runtime, agora: Agora) -> None:
    publish(runtime, agora, Policy(NEXT, STRICT))
    publish(runtime, agora, Policy(NEXT, STRICT))
    [job] = claim(runtime, agora, "c1")
    assert judged(runtime, agora, Outcome(job, Facts(CLASSIFIER, BETWEEN))) == [("approve", 1)]


def test_a_routed_comment_is_judged_by_the_policy_that_routed_it(
    runtime: Runtime, agora: Agora
) -> None:
    routing = Policy(CLASSIFIER, FIRST_THRESHOLDS, 0, OtherLanguages.ROUTE, ROUTE)
    routed_by = publish(runtime, agora, routing)
    # One day that classifier decided everything here, and somebody may mean it to again.
    own = publish(runtime, agora, Policy(ROUTE.classifier, FIRST_THRESHOLDS))
    routed, direct = claim(runtime, agora, "routed", "direct")
    facts = Facts(ROUTE.classifier, BETWEEN, language="es")
    outcomes = [Outcome(routed, facts, routed_by=CLASSIFIER), Outcome(direct, facts)]
    assert judged(runtime, agora, *outcomes) == [("flag", routed_by), ("approve", own)]


def test_a_worker_routes_as_the_policy_for_its_own_version_says(
    runtime: Runtime, agora: Agora
) -> None:
    publish(runtime, agora, Policy(CLASSIFIER, STRICT, 0, OtherLanguages.ROUTE, ROUTE))
    publish(runtime, agora, Policy(NEXT, STRICT))
    [routing] = claim(runtime, agora, "c1")
    [keeping] = claim(runtime, agora, "c2", running=NEXT)
    [unknown] = claim(runtime, agora, "c3", running="compact@unheard")
    assert [job.route for job in (routing, keeping, unknown)] == [ROUTE.classifier, None, None]


@pytest.mark.parametrize("first", [CLASSIFIER, NEXT])
def test_workers_of_two_versions_decide_side_by_side(
    runtime: Runtime, agora: Agora, first: str
) -> None:
    ahead = publish(runtime, agora, Policy(NEXT, STRICT))
    second = NEXT if first == CLASSIFIER else CLASSIFIER
    found = {}
    for turn, version in enumerate((first, second, first)):
        comment_id = submit(runtime, agora.site_id, f"c{turn}").comment_id
        push_all(runtime)
        Drain(runtime, Reader(Scripted(version=version)), LEASE, 20_000, lingers=False).classify()
        made = decision(runtime, agora, comment_id)
        found[turn] = (made.action, made.classifier, made.policy_version)
    numbers = {CLASSIFIER: 1, NEXT: ahead}
    assert list(found.values()) == [
        ("approve", version, numbers[version]) for version in (first, second, first)
    ]


def test_who_only_scores_history_is_not_the_one_that_decides(
    runtime: Runtime, agora: Agora
) -> None:
    saw_classifier(runtime, CLASSIFIER, list(CIVIL))
    saw_classifier(runtime, NEXT, list(CIVIL), decides=False)
    publish(runtime, agora, Policy(NEXT, STRICT))
    changed = set_other_languages(runtime, "agora", OtherLanguages.APPROVE)
    assert (changed.classifier, changed.version) == (CLASSIFIER, 3)
    saw_classifier(runtime, NEXT, list(CIVIL))
    changed = set_other_languages(runtime, "agora", OtherLanguages.APPROVE)
    assert (changed.classifier, changed.thresholds) == (NEXT, STRICT)
