"""Classifying a claim: the scores of its comments, whatever one of them does to the model."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from classifiers.cleaning import cleaned
from moderation.model.classification import Facts, Outcome
from moderation.model.errors import ClassifierFailed, ClassifierUnavailable, Transient
from moderation.model.jobs import ClaimedJob, Purpose
from moderation.model.labels import Scores
from moderation.runtime import Runtime
from moderation.services import claiming
from moderation.services.claiming import Claim
from worker.explaining import explained
from worker.heads import Heads
from worker.reading import Read, Reader

log = structlog.get_logger()

UNKNOWN = "unknown"
"""The version of a classifier that was never there to say it."""


@dataclass(slots=True)
class LeaseKeeper:
    """Renews a claim's lease between tensor calls, whenever a third of it is used up."""

    runtime: Runtime
    claim: Claim
    lease: timedelta
    renewed: float

    def __call__(self) -> None:
        """Renew the lease if it is time to."""
        if time.monotonic() - self.renewed > self.lease.total_seconds() / 3:
            self._renew()

    def _renew(self) -> None:
        self.renewed = time.monotonic()
        try:
            claiming.renew(self.runtime, self.claim.token, self.lease)
        except Transient as error:
            # No fault of the comment's; if the lease runs out meanwhile, the token fences us.
            log.warning("lease_not_renewed", error=type(error).__name__)


@dataclass(frozen=True, slots=True)
class ClaimClassifier:
    """Runs the reader's classifiers on claimed jobs."""

    runtime: Runtime
    reader: Reader
    lease: timedelta
    heads: Heads | None = None

    def batch(self, claim: Claim, jobs: Sequence[ClaimedJob]) -> list[Outcome]:
        """Classify jobs together; where that fails, one by one, so that mates are decided.

        Raises ClassifierUnavailable where the classifier is away; nobody has tried them then. What
        is for a version that nobody here has is called off.
        """
        try:
            return self._judge(claim, jobs)
        except ClassifierUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a text may do anything to a model
            log.warning("batch_failed", size=len(jobs), **_described(error))
            return [outcome for job in jobs if (outcome := self._mate(claim, job)) is not None]

    def alone(self, claim: Claim, job: ClaimedJob) -> Outcome | None:
        """Classify one job; None where it is called off, or failed and `retry` will have it again.

        Raises ClassifierUnavailable where the classifier is away; nobody has tried it then.
        """
        try:
            return next(iter(self._judge(claim, [job])), None)
        except ClassifierUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the last attempt leaves it to a person
            self._release(job, error)
            return None

    def _mate(self, claim: Claim, job: ClaimedJob) -> Outcome | None:
        """Classify one job out of a batch that failed."""
        try:
            return self.alone(claim, job)
        except ClassifierUnavailable as error:
            # It was among those at which the classifier went away, and may be why.
            self._release(job, error)
            return None

    def _release(self, job: ClaimedJob, error: Exception) -> None:
        log.warning("comment_failed", job=str(job.id), **_described(error))
        claiming.release(self.runtime, job)

    def give_up(self, job: ClaimedJob) -> Outcome:
        """Return the outcome of a comment that no attempt could judge: a person decides then."""
        log.warning("quarantined", job=str(job.id), attempts=job.attempts - 1)
        return self._unjudged(
            job, f"the classifier failed {job.attempts - 1} times on this comment"
        )

    def waited_in_vain(self, job: ClaimedJob) -> Outcome:
        """Return the outcome of a comment whose classifier stays away: a person judges it."""
        return self._unjudged(job, "the classifier was away for too long")

    def _unjudged(self, job: ClaimedJob, failure: str) -> Outcome:
        version = self._version() if job.purpose is Purpose.DECIDE else job.classifier
        return Outcome(job, Facts(classifier=version, failure=failure))

    def _version(self) -> str:
        try:
            return self.reader.classifier.version
        except ClassifierUnavailable:
            return UNKNOWN

    def _judge(self, claim: Claim, jobs: Sequence[ClaimedJob]) -> list[Outcome]:
        if jobs[0].purpose is Purpose.EXPLAIN:
            keeper = self._keeper(claim)
            return [explained(self.runtime, self.reader.classifier, job, keeper) for job in jobs]
        by_judge: defaultdict[str, list[tuple[ClaimedJob, Read]]] = defaultdict(list)
        foreign = []
        for job in jobs:
            if read := self._read(job):
                by_judge[read.judge.version].append((job, read))
            else:
                foreign.append(job)
        if foreign:
            self._call_off(foreign)
        made = {
            job.id: self._outcome(job, read, scores)
            for together in by_judge.values()
            for (job, read), scores in zip(together, self._scores(claim, together), strict=True)
        }
        return [made[job.id] for job in jobs if job.id in made]

    def _outcome(self, job: ClaimedJob, read: Read, scores: Scores) -> Outcome:
        if self.heads is None or job.head is None:
            number = None
        else:
            scores, number = self.heads.add(job.head, read, scores)
        # Word lists are for what is decided; a history of a million texts needs none of it.
        plain = cleaned(read.text) if job.purpose is Purpose.DECIDE else None
        return Outcome(job, read.facts(scores), read.routed_by, head=number, cleaned=plain)

    def _read(self, job: ClaimedJob) -> Read | None:
        if job.purpose is Purpose.DECIDE:
            return self.reader.read(job)
        return self.reader.read_for(job.classifier, job)

    def _scores(self, claim: Claim, together: Sequence[tuple[ClaimedJob, Read]]) -> list[Scores]:
        texts = [read.text for _, read in together]
        return together[0][1].judge.classify(texts, between=self._keeper(claim))

    def _call_off(self, jobs: Sequence[ClaimedJob]) -> None:
        versions = sorted({job.classifier for job in jobs})
        log.warning("no_such_classifier", versions=versions, jobs=len(jobs))
        claiming.call_off(self.runtime, jobs)

    def _keeper(self, claim: Claim) -> LeaseKeeper:
        return LeaseKeeper(self.runtime, claim, self.lease, time.monotonic())


def _described(error: Exception) -> dict[str, str]:
    """Return what a log may say of an error: the words of one that is not ours may hold a text."""
    ours = isinstance(error, ClassifierFailed | ClassifierUnavailable)
    return {"error": type(error).__name__} | ({"reason": str(error)} if ours else {})
