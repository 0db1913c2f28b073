"""Builders for shadows: policies for two classifiers, and comments that both have scored."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from moderation.model.classification import Facts, Outcome
from moderation.model.ids import CommentId, SiteId
from moderation.model.jobs import JobState, Lane, Purpose
from moderation.model.labels import Label, Scores
from moderation.model.policy import Policy, Threshold
from moderation.model.shadows import Shadow
from moderation.runtime import Runtime
from moderation.services.claiming import claim_batch
from moderation.services.classifier_versions import saw_classifier
from moderation.services.recording import record
from moderation.services.shadows import Changed, start_shadow
from moderation.storage.jobs import jobs
from tests.evidence import write_policy
from tests.factories import CIVIL, CLASSIFIER, LEASE, NEXT, Agora, submit

INSULTING = {Label.INSULT: Threshold(flag=0.5)}
LOWER = {Label.INSULT: 0.5}


def see_both(runtime: Runtime) -> None:
    """Let workers have said that one classifier decides, and that another one is there."""
    saw_classifier(runtime, CLASSIFIER, list(CIVIL))
    saw_classifier(runtime, NEXT, list(CIVIL), decides=False)


def publish_ahead(
    runtime: Runtime,
    site_id: SiteId,
    thresholds: Mapping[Label, Threshold] = INSULTING,
    classifier: str = NEXT,
) -> Policy:
    """Put thresholds into force for a classifier that does not decide; what rejects is earned."""
    policy = Policy(classifier, thresholds)
    return replace(policy, version=write_policy(runtime, site_id, policy))


def shadow_of_a_draft(
    runtime: Runtime, agora: Agora, flags: Mapping[Label, float | None] | None = None
) -> Shadow:
    """Start a shadow that flags insults sooner, by the scores of the classifier that decides."""
    wanted = Changed("Too many insults.", flags=LOWER if flags is None else flags)
    return start_shadow(runtime, agora.olga, agora.site_id, wanted)


def shadow_of_the_next(
    runtime: Runtime, agora: Agora, thresholds: Mapping[Label, Threshold] = INSULTING
) -> Shadow:
    """Start a shadow by the scores of the next classifier."""
    see_both(runtime)
    publish_ahead(runtime, agora.site_id, thresholds)
    wanted = Changed("Is it better?", classifier=NEXT)
    return start_shadow(runtime, agora.olga, agora.site_id, wanted)


def decide_live(runtime: Runtime, scores: Scores = CIVIL, classifier: str = CLASSIFIER) -> None:
    """Decide what waits, and score nothing for shadows."""
    _work(runtime, Purpose.DECIDE, Facts(classifier, scores))


def score_for_shadows(runtime: Runtime, scores: Scores = CIVIL, classifier: str = NEXT) -> None:
    """Score what waits for shadows, as a worker that has the classifier."""
    _work(runtime, Purpose.SHADOW, Facts(classifier, scores))


def comment(runtime: Runtime, agora: Agora, name: str, live: float, shadow: float) -> CommentId:
    """Return a comment with these scores for insult by both classifiers."""
    made = submit(runtime, agora.site_id, name).comment_id
    decide_live(runtime, CIVIL | {Label.INSULT: live})
    score_for_shadows(runtime, CIVIL | {Label.INSULT: shadow})
    return made


def shadow_jobs(runtime: Runtime, state: JobState = JobState.QUEUED) -> list[CommentId]:
    """Return which comments have jobs for shadows in this state."""
    statement = select(jobs.c.comment_id).where(jobs.c.purpose == Purpose.SHADOW)
    with runtime.reading() as connection:
        found = connection.execute(statement.where(jobs.c.state == state).order_by(jobs.c.id))
        return list(found.scalars())


def _work(runtime: Runtime, purpose: Purpose, facts: Facts) -> None:
    fresh = (jobs.c.state == JobState.QUEUED, jobs.c.attempts == 0, jobs.c.purpose == purpose)
    with runtime.reading() as connection:
        ids = list(connection.execute(select(jobs.c.id).where(*fresh)).scalars())
    if ids:
        held = claim_batch(runtime, Lane.BULK, ids, len(ids), LEASE, fill=False).jobs
        record(runtime, [Outcome(job, facts) for job in held])
