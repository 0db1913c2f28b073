"""What claims, leases and tokens should come to, as a dictionary beside the real storage."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moderation.model.comments import Status
from moderation.model.ids import CommentId, JobId
from moderation.model.jobs import ClaimedJob, JobState, Lane
from moderation.services.claiming import MAX_ATTEMPTS, MAX_LEASE, MAX_PAUSE, Claim


@dataclass
class ExpectedJob:
    """One job as the storage should have it; `runs` counts how often a classifier got it."""

    comment: "ExpectedComment"
    lane: Lane
    created_at: datetime
    state: JobState = JobState.QUEUED
    attempts: int = 0
    token: UUID | None = None
    lease_until: datetime | None = None
    runs: int = 0

    @property
    def is_fresh(self) -> bool:
        return self.state is JobState.QUEUED and self.attempts == 0

    def is_expired(self, now: datetime) -> bool:
        waits = self.state is JobState.QUEUED and self.attempts > 0 and self.lease_until is not None
        return waits and not now < self.lease_until <= now + MAX_LEASE

    def end(self, state: JobState) -> None:
        self.state, self.token, self.lease_until = state, None, None

    def row(self) -> tuple[Any, ...]:
        return (self.state, self.attempts, self.token, self.lease_until)


@dataclass
class ExpectedComment:
    """One comment at its current revision."""

    comment_id: CommentId
    text: str
    revision: int = 1
    status: Status = Status.PENDING
    by_person: bool = False
    """Whether a person decided on the current revision."""

    @property
    def erased(self) -> bool:
        return self.status is Status.ERASED

    def revise(self, text: str) -> None:
        self.text, self.status, self.by_person = text, Status.PENDING, False
        self.revision += 1


@dataclass
class Model:
    """All comments by their number, and all jobs that ever were."""

    comments: dict[int, ExpectedComment] = field(default_factory=dict)
    jobs: dict[JobId, ExpectedJob] = field(default_factory=dict)

    def add_job(
        self, job_id: JobId, comment: ExpectedComment, lane: Lane, created_at: datetime
    ) -> None:
        self.cancel(comment)
        self.jobs[job_id] = ExpectedJob(comment, lane, created_at)

    def cancel(self, comment: ExpectedComment) -> None:
        for job in self.jobs.values():
            if job.comment is comment and job.state is JobState.QUEUED:
                job.end(JobState.CANCELLED)

    def fresh(self) -> set[JobId]:
        return {job_id for job_id, job in self.jobs.items() if job.is_fresh}

    def fresh_before(self, moment: datetime, lanes: Collection[Lane] = tuple(Lane)) -> set[JobId]:
        return {
            job_id
            for job_id in self.fresh()
            if self.jobs[job_id].lane in lanes and self.jobs[job_id].created_at < moment
        }

    def expired(self, now: datetime) -> set[JobId]:
        return {job_id for job_id, job in self.jobs.items() if job.is_expired(now)}

    def claimed(self, claim: Claim, until: datetime) -> None:
        for taken in claim.jobs:
            job = self.jobs[taken.id]
            job.attempts += 1
            job.runs += job.attempts <= MAX_ATTEMPTS
            job.token, job.lease_until = claim.token, until
            assert (taken.attempts, taken.text) == (job.attempts, job.comment.text)

    def held(self, claimed: Iterable[ClaimedJob]) -> list[ExpectedJob]:
        """Return those of these jobs that are still held under the token they were claimed with."""
        found = [(self.jobs[one.id], one.token) for one in claimed]
        return [job for job, token in found if job.token == token]

    def renewed(self, claim: Claim, until: datetime) -> None:
        for job in self.held(claim.jobs):
            job.lease_until = until

    def released(self, failed: ClaimedJob, now: datetime) -> None:
        for job in self.held([failed]):
            pause = min(timedelta(seconds=2**failed.attempts), MAX_PAUSE)
            job.token, job.lease_until = None, now + pause

    def handed_back(self, jobs: Sequence[ClaimedJob], now: datetime) -> None:
        for job in self.held(jobs):
            job.token, job.lease_until = None, now
            job.attempts -= 1
            job.runs -= 1

    def decided(self, jobs: Sequence[ClaimedJob]) -> int:
        """Note what a recording should do; return how many comments it decides."""
        valid = self.held(jobs)
        for job in valid:
            job.end(JobState.DONE)
            gave_up = job.attempts > MAX_ATTEMPTS
            job.comment.status = Status.FLAGGED if gave_up else Status.APPROVED
        return len(valid)
