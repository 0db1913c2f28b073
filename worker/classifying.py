"""Classifying a claim: the scores of its comments, whatever one of them does to the model."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from classifiers.interface import Classifier
from moderation.markup import as_read
from moderation.model.classification import Facts, Outcome
from moderation.model.errors import Transient
from moderation.model.jobs import ClaimedJob
from moderation.model.labels import Scores
from moderation.runtime import Runtime
from moderation.services import claiming
from moderation.services.claiming import Claim

log = structlog.get_logger()


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
    """Runs the classifier on claimed jobs."""

    runtime: Runtime
    classifier: Classifier
    lease: timedelta

    def batch(self, claim: Claim, jobs: Sequence[ClaimedJob]) -> list[Outcome]:
        """Classify jobs together; where that fails, one by one, so that mates are decided."""
        try:
            texts = [as_read(job.text, job.format) for job in jobs]
            scored = self.classifier.classify(texts, between=self._keeper(claim))
            return [self._outcome(*one) for one in zip(jobs, texts, scored, strict=True)]
        except Exception as error:  # noqa: BLE001 - a text may do anything to a model
            log.warning("batch_failed", size=len(jobs), error=type(error).__name__)
            return [outcome for job in jobs if (outcome := self.alone(claim, job)) is not None]

    def alone(self, claim: Claim, job: ClaimedJob) -> Outcome | None:
        """Classify one job; None where that failed and `retry` will have it again."""
        try:
            text = as_read(job.text, job.format)
            [scores] = self.classifier.classify([text], between=self._keeper(claim))
            return self._outcome(job, text, scores)
        except Exception as error:  # noqa: BLE001 - the last attempt leaves it to a person
            log.warning("comment_failed", job=str(job.id), error=type(error).__name__)
            claiming.release(self.runtime, job)
            return None

    def give_up(self, job: ClaimedJob) -> Outcome:
        """Return the outcome of a comment that no attempt could judge: a person does."""
        log.warning("quarantined", job=str(job.id), attempts=job.attempts - 1)
        failure = f"the classifier failed {job.attempts - 1} times on this comment"
        return Outcome(job, Facts(classifier=self.classifier.version, failure=failure))

    def _outcome(self, job: ClaimedJob, text: str, scores: Scores) -> Outcome:
        # Markup without words, such as a picture, says something that no classifier has seen.
        failure = None if text else "there are no words in its HTML"
        readable = self.classifier.can_read(text)
        return Outcome(job, Facts(self.classifier.version, scores, failure, readable))

    def _keeper(self, claim: Claim) -> LeaseKeeper:
        return LeaseKeeper(self.runtime, claim, self.lease, time.monotonic())
