"""Draining: claim jobs, classify them, record what was decided, for about a second."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

import structlog

from moderation.broker import Task, WaitFailed
from moderation.model.classification import Outcome
from moderation.model.errors import ClassifierUnavailable, Transient
from moderation.model.ids import JobId
from moderation.model.jobs import ClaimedJob, Lane
from moderation.runtime import Runtime
from moderation.services import claiming
from moderation.services.claiming import MAX_ATTEMPTS, OVERLOOKED, PATIENCE, Claim
from moderation.services.recording import Recorded, record
from worker.classifying import ClaimClassifier
from worker.heads import Heads
from worker.pace import MAX_BATCH, Pace, cut
from worker.reading import Reader

log = structlog.get_logger()

LOOP_SECONDS = 1.0
"""How long one task goes on: a restart waits at most this and one batch."""

BULK_TURN = 8
"""One batch in so many is the bulk lane's, so that an import advances under any live load."""

EXPLAIN_TURN = BULK_TURN // 2
"""Midway between those, one comment is explained."""

LOOK_SECONDS = OVERLOOKED.total_seconds() / 4
"""While Redis hands jobs out, how often a lane's oldest are looked for in the database as well."""

RECORD_PAUSE_SECONDS = 0.2
"""Between attempts to record while the database is away: what was classified is not wasted."""


def _paces() -> dict[Lane, Pace]:
    """Return one for each lane: history may be scored by a classifier that is many times slower."""
    # To explain a comment takes many passes, and no decision shall wait for more than one of them.
    return {Lane.LIVE: Pace(), Lane.BULK: Pace(), Lane.EXPLAIN: Pace(most=1)}


@dataclass(slots=True)
class Drain:
    """One process's way through the jobs; `batch_characters` bounds one run of the classifier.

    Where the classifier is away, it raises ClassifierUnavailable and holds nothing: jobs wait in
    the database as if nobody had tried them, and after PATIENCE they are for people.

    One that does not linger ends as soon as nothing waits.
    """

    runtime: Runtime
    reader: Reader
    lease: timedelta
    batch_characters: int
    lingers: bool = True
    paces: dict[Lane, Pace] = field(default_factory=_paces)
    batches: int = 0
    looked: dict[Lane, float] = field(default_factory=dict)
    heads: Heads | None = None

    def classify(self) -> None:
        """Work off the lanes for a second, and what comes meanwhile; then ring, to go on.

        So each process waits on Redis when there is nothing to do, and is called once a second.
        """
        # The bell first: whatever arrives from here on rings anew and is not overlooked.
        self.runtime.broker.silence(Task.CLASSIFY)
        self._check_classifier()
        began = time.monotonic()
        until = began + LOOP_SECONDS
        for lane in Lane:
            # What a process is first called for goes before its first look into the database.
            self.looked.setdefault(lane, began)
        while time.monotonic() < until:
            if not self._batch(until) and not (self.lingers and self._linger(until)):
                return
        # A call that waits already is as good; else there would be more of them each second.
        self.runtime.broker.ring(Task.CLASSIFY, most=1)

    def retry(self) -> None:
        """Work off jobs whose lease ran out, one at a time; ring if there is more to do."""
        self.runtime.broker.silence(Task.RETRY)
        self._check_classifier()
        until = time.monotonic() + LOOP_SECONDS
        while time.monotonic() < until:
            running = self.reader.classifier.version
            claim = claiming.claim_expired(self.runtime, self.lease, running=running)
            if not claim.jobs:
                return
            self._solo(claim)
        self.runtime.broker.ring(Task.RETRY)

    def _check_classifier(self) -> None:
        """Find out whether the classifier is there, before anything is claimed for it."""
        try:
            self.reader.classifier.classify([])
        except ClassifierUnavailable as error:
            # Also this long itself: an import that waits for its turn is in no hurry.
            if error.seconds >= PATIENCE.total_seconds():
                self._give_up_overdue()
            raise

    def _give_up_overdue(self) -> None:
        until = time.monotonic() + LOOP_SECONDS
        while time.monotonic() < until:
            claim = claiming.claim_overdue(self.runtime, PATIENCE, MAX_BATCH, self.lease)
            if not claim.jobs:
                return
            self._record([self._classifier().waited_in_vain(job) for job in claim.jobs])

    def _batch(self, until: float) -> bool:
        # Asked once at the most, and only where Redis has nothing for a lane.
        overlooked = cache(lambda: claiming.overlooked_lanes(self.runtime))
        for lane in self._next_lanes():
            size = self.paces[lane].size
            popped = self.runtime.broker.pop(lane, size)
            if not popped and lane not in overlooked():
                continue
            claim = self._claim(lane, popped, size, fill=self._looks(lane, popped))
            if claim.jobs:
                self._work(claim, until)
                return True
        return False

    def _linger(self, until: float) -> bool:
        """Work on what comes until the second is over; False where nobody can wait on Redis.

        Whoever waits has a comment at once, where a call takes two milliseconds, and calls would be
        a quarter of what two processes and the database spend on 40 comments a second. What waits
        in the database alone was looked for just before; other lanes have little else.
        """
        while (left := until - time.monotonic()) > 0:
            size = self.paces[Lane.LIVE].size
            try:
                came = self.runtime.broker.await_ids(Lane.LIVE, size, left)
            except WaitFailed as error:
                log.warning("wait_failed", error=str(error))
                return False
            if came and (claim := self._claim(Lane.LIVE, came, size, fill=False)).jobs:
                self._work(claim, until)
        return True

    def _next_lanes(self) -> list[Lane]:
        turn = (self.batches + 1) % BULK_TURN
        first = {0: Lane.BULK, EXPLAIN_TURN: Lane.EXPLAIN}.get(turn, Lane.LIVE)
        return sorted(Lane, key=lambda lane: lane is not first)

    def _looks(self, lane: Lane, popped: Sequence[JobId]) -> bool:
        """Say whether a lane's oldest jobs are looked for in the database too."""
        now = time.monotonic()
        if popped and now - self.looked[lane] < LOOK_SECONDS:
            return False
        self.looked[lane] = now
        return True

    def _claim(self, lane: Lane, popped: Sequence[JobId], size: int, *, fill: bool) -> Claim:
        if len(popped) == size:
            # There is probably more than this process can do soon: wake one more.
            self.runtime.broker.ring(Task.CLASSIFY)
        running = self.reader.classifier.version
        return claiming.claim_batch(
            self.runtime, lane, popped, size, self.lease, running=running, fill=fill
        )

    def _work(self, claim: Claim, until: float) -> None:
        self.batches += 1
        parts = cut(claim.jobs, self.batch_characters)
        # The first part in any case; another one only where it is begun in time to end in time.
        for done, part in enumerate(parts):
            if done and time.monotonic() > until:
                self._hand_back(claim, [job for late in parts[done:] for job in late])
                return
            started = time.monotonic()
            try:
                outcomes = self._classifier().batch(claim, part)
            except ClassifierUnavailable:
                self._undo(claim, [job for late in parts[done:] for job in late])
                raise
            if outcomes:
                self.paces[part[0].lane].took(len(part), time.monotonic() - started)
            self._record(outcomes)

    def _hand_back(self, claim: Claim, jobs: Sequence[ClaimedJob]) -> None:
        self._undo(claim, jobs)
        self.runtime.broker.push_back(jobs[0].lane, [job.id for job in jobs])
        self.runtime.broker.ring(Task.CLASSIFY)

    def _undo(self, claim: Claim, jobs: Sequence[ClaimedJob]) -> None:
        claiming.hand_back(self.runtime, claim.token, [job.id for job in jobs])

    def _solo(self, claim: Claim) -> None:
        job = claim.jobs[0]
        if job.attempts > MAX_ATTEMPTS:
            self._record([self._classifier().give_up(job)])
            return
        try:
            outcome = self._classifier().alone(claim, job)
        except ClassifierUnavailable:
            self._undo(claim, [job])
            raise
        self._record([outcome] if outcome else [])

    def _classifier(self) -> ClaimClassifier:
        return ClaimClassifier(self.runtime, self.reader, self.lease, self.heads)

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        recorded = self._record_while_leased(outcomes)
        self.runtime.broker.wake([outcome.job.comment_id for outcome in outcomes])
        if recorded.deliveries:
            self.runtime.broker.ring(Task.DELIVER)

    def _record_while_leased(self, outcomes: Sequence[Outcome]) -> Recorded:
        """Record; while the database is away try again, as long as the lease may still hold."""
        deadline = time.monotonic() + self.lease.total_seconds() / 2
        while True:
            try:
                return record(self.runtime, outcomes)
            except Transient:
                if time.monotonic() > deadline:
                    raise
                time.sleep(RECORD_PAUSE_SECONDS)
