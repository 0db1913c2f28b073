"""Claims, leases and tokens in any order on the real storage, beside a model of dictionaries."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import func, select

from moderation.model.classification import Facts, Outcome
from moderation.model.comments import NewComment, Status
from moderation.model.decisions import Action, Source
from moderation.model.errors import Erased
from moderation.model.ids import JobId
from moderation.model.jobs import ClaimedJob, JobState, Lane
from moderation.runtime import Runtime
from moderation.services import claiming
from moderation.services.claiming import FORGOTTEN, MAX_ATTEMPTS, OVERLOOKED, Claim
from moderation.services.erasure import erase
from moderation.services.intake import Intake
from moderation.services.moderating import decide_comment
from moderation.services.recording import record
from moderation.storage.comments import comments
from moderation.storage.decisions import decisions
from moderation.storage.jobs import jobs
from tests import stateful
from tests.factories import CIVIL, CLASSIFIER, LEASE, FakeClock, make_agora
from tests.integration.claims_model import ExpectedComment, Model

NUMBERS = st.integers(0, 4)
PLACES = st.integers(0, 30)
LANES = st.sampled_from(Lane)


class Lanes(dict[Lane, list[JobId]]):
    """Redis: what intake announced and nobody popped yet."""

    def announce(self, lane: Lane, job_ids: Sequence[JobId]) -> None:
        self.setdefault(lane, []).extend(job_ids)

    def pop_ids(self, lane: Lane, count: int) -> list[JobId]:
        waiting = self.setdefault(lane, [])
        popped, self[lane] = waiting[:count], waiting[count:]
        return popped


class Claims(RuleBasedStateMachine):
    """Everything that happens to a job, by workers that may stop between any two steps."""

    def __init__(self, runtime: Runtime, clock: FakeClock) -> None:
        super().__init__()
        self.runtime, self.clock = runtime, clock
        stateful.empty(runtime)
        self.agora = make_agora(runtime)
        self.lanes = Lanes()
        self.intake = Intake(runtime, self.lanes)  # type: ignore[arg-type]
        self.model = Model()
        self.claims: list[Claim] = []

    # What sites and people do.

    @rule(number=NUMBERS, text=st.integers(0, 2), lane=LANES)
    def submit(self, number: int, text: int, lane: Lane) -> None:
        new = NewComment(f"c{number}", f"Text {text} of comment {number}.")
        known = self.model.comments.get(number)
        self.clock.pass_time(milliseconds=1)
        if known and known.erased:
            with pytest.raises(Erased):
                self.intake.submit(self.agora.site_id, new, lane)
            return
        submitted = self.intake.submit(self.agora.site_id, new, lane)
        assert submitted.changed == (known is None or known.text != new.text)
        if known is None:
            known = self.model.comments[number] = ExpectedComment(submitted.comment_id, new.text)
        elif submitted.changed:
            known.revise(new.text)
        if submitted.changed:
            self.model.add_job(self.lanes[lane][-1], known, lane, self.clock.now())

    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        if (known := self.model.comments.get(number)) and not known.erased:
            erase(self.runtime, self.agora.site_id, known.comment_id)
            self.model.cancel(known)
            known.status = Status.ERASED

    @rule(number=NUMBERS, action=st.sampled_from([Action.APPROVE, Action.REJECT]))
    def person_decides(self, number: int, action: Action) -> None:
        if (known := self.model.comments.get(number)) and not known.erased:
            [[seen]] = self._rows(
                select(comments.c.sequence).where(comments.c.id == known.comment_id)
            )
            decide_comment(self.runtime, self.agora.alice, known.comment_id, action, seen=seen)
            self.model.cancel(known)
            known.status, known.by_person = action.status, True

    # What workers do. Any of them may be slow: its claim is used at any later time, or never.

    @rule(lane=LANES, size=st.integers(1, 4))
    def claim(self, lane: Lane, size: int) -> None:
        self._claim(lane, self.lanes.pop_ids(lane, size), size)

    def _claim(self, lane: Lane, popped: list[JobId], size: int) -> Claim:
        claim = claiming.claim_batch(self.runtime, lane, popped, size, LEASE)
        taken, fresh, now = {job.id for job in claim.jobs}, self.model.fresh(), self.clock.now()
        waited = FORGOTTEN if len(popped) >= size else OVERLOOKED
        overlooked = self.model.fresh_before(now - waited, [lane])
        assert fresh & set(popped) <= taken <= fresh & set(popped) | overlooked
        assert overlooked <= taken or len(taken) >= size
        self.model.claimed(claim, now + LEASE)
        self.claims += [claim] if claim.jobs else []
        return claim

    @rule()
    def retry(self) -> None:
        self._retry()

    def _retry(self) -> Claim:
        claim = claiming.claim_expired(self.runtime, LEASE)
        now = self.clock.now()
        expired = {job_id: self.model.jobs[job_id] for job_id in self.model.expired(now)}
        assert len(claim.jobs) == min(1, len(expired))
        for job in claim.jobs:
            assert expired[job.id].lease_until == min(e.lease_until for e in expired.values())
        self.model.claimed(claim, now + LEASE)
        self.claims += [claim] if claim.jobs else []
        return claim

    @precondition(lambda self: self.claims)
    @rule(place=PLACES, part=st.integers(1, 4))
    def record(self, place: int, part: int) -> None:
        self._record(self._at(place).jobs[:part])

    def _record(self, claimed: Sequence[ClaimedJob]) -> None:
        outcomes = [Outcome(job, self._facts(job)) for job in claimed]
        assert record(self.runtime, outcomes).decided == self.model.decided(claimed)

    def _facts(self, job: ClaimedJob) -> Facts:
        if job.attempts > MAX_ATTEMPTS:
            return Facts(classifier=CLASSIFIER, failure="the classifier failed")
        return Facts(classifier=CLASSIFIER, scores=CIVIL)

    @precondition(lambda self: self.claims)
    @rule(place=PLACES, which=st.integers(0, 3))
    def fail(self, place: int, which: int) -> None:
        claim = self._at(place)
        job = claim.jobs[which % len(claim.jobs)]
        claiming.release(self.runtime, job)
        self.model.released(job, self.clock.now())

    @precondition(lambda self: self.claims)
    @rule(place=PLACES)
    def renew(self, place: int) -> None:
        claim = self._at(place)
        claiming.renew(self.runtime, claim.token, LEASE)
        self.model.renewed(claim, self.clock.now() + LEASE)

    @precondition(lambda self: self.claims)
    @rule(place=PLACES, begun=st.integers(0, 2))
    def hand_back(self, place: int, begun: int) -> None:
        claim = self._at(place)
        # A batch that is cut, or a classifier that is away, for which `retry` may have claimed too.
        if rest := claim.jobs[begun:]:
            claiming.hand_back(self.runtime, claim.token, [job.id for job in rest])
            self.model.handed_back(rest, self.clock.now())
            self.lanes.announce(rest[0].lane, [job.id for job in rest])

    def _at(self, place: int) -> Claim:
        """Return a claim; the last one most easily, an old one to see it fenced off."""
        return self.claims[-1 - place % len(self.claims)]

    # What goes wrong.

    @rule()
    def redis_forgets(self) -> None:
        self.lanes.clear()

    @precondition(lambda self: self.model.jobs)
    @rule(place=PLACES, lane=LANES)
    def message_comes_again(self, place: int, lane: Lane) -> None:
        job_ids = list(self.model.jobs)
        self.lanes.announce(lane, [job_ids[place % len(job_ids)]])

    @rule(seconds=st.sampled_from([1, 3, 31, 31, 31, 700]))
    def time_passes(self, seconds: int) -> None:
        self.clock.pass_time(seconds=seconds)

    @precondition(lambda self: self.claims)
    @rule(times=st.integers(1, 6))
    def workers_keep_dying(self, times: int) -> None:
        for _ in range(times):
            self.clock.pass_time(seconds=31)
            self._retry()

    @rule(minutes=st.sampled_from([-60, -5, 60]))
    def clock_jumps(self, minutes: int) -> None:
        self.clock.pass_time(minutes=minutes)

    # What always holds.

    @invariant()
    def jobs_are_as_expected(self) -> None:
        j = jobs.c
        rows = self._rows(select(j.id, j.state, j.attempts, j.token, j.lease_until))
        found = {row.id: tuple(row[1:]) for row in rows}
        assert found == {job_id: job.row() for job_id, job in self.model.jobs.items()}
        assert all(job.runs <= MAX_ATTEMPTS for job in self.model.jobs.values())

    @invariant()
    def each_comment_has_one_unfinished_job_or_one_effective_decision(self) -> None:
        rows = {row.id: row for row in self._rows(_COMMENTS)}
        assert set(rows) == {known.comment_id for known in self.model.comments.values()}
        for known in self.model.comments.values():
            row = rows[known.comment_id]
            waits = known.status is Status.PENDING
            assert (row.revision, row.status) == (known.revision, known.status)
            assert row.unfinished == int(waits)
            decided = not waits and not known.erased
            # A person may decide before or after the classifier, or instead of it.
            assert row.automatic <= 1
            assert row.automatic == int(decided) or known.by_person or known.erased

    @invariant()
    def sweeping_sees_what_waits(self) -> None:
        now = self.clock.now()
        overlooked = bool(self.model.fresh_before(now - OVERLOOKED))
        assert claiming.work_waits(self.runtime) == (overlooked, bool(self.model.expired(now)))

    def teardown(self) -> None:
        """Whatever happened, and without Redis, all is decided within three leases."""
        self.intake.close()
        self._leave_jumps_behind()
        for _ in range(3):
            self.clock.pass_time(seconds=31)
            for lane in Lane:
                self._record(self._claim(lane, [], 100).jobs)
            while (claim := self._retry()).jobs:
                self._record(claim.jobs)
        assert not self._rows(select(comments.c.id).where(comments.c.status == Status.PENDING))
        self.jobs_are_as_expected()
        self.each_comment_has_one_unfinished_job_or_one_effective_decision()

    def _leave_jumps_behind(self) -> None:
        # What was written before a jump back is young for as long as the jump was far.
        written = [job.created_at for job in self.model.jobs.values()]
        leases = [job.lease_until - LEASE for job in self.model.jobs.values() if job.lease_until]
        self.clock.moment = max([self.clock.moment, *written, *leases])

    def _rows(self, statement: Any) -> Sequence[Any]:  # noqa: ANN401 - a SELECT
        with self.runtime.reading() as connection:
            return connection.execute(statement).all()


_of_revision = (
    select(func.count())
    .where(decisions.c.comment_id == comments.c.id, decisions.c.revision == comments.c.revision)
    .where(decisions.c.source == Source.AUTOMATION)
)
_unfinished = select(func.count()).where(
    jobs.c.comment_id == comments.c.id, jobs.c.state == JobState.QUEUED
)
_COMMENTS = select(
    comments.c.id,
    comments.c.revision,
    comments.c.status,
    _unfinished.scalar_subquery().label("unfinished"),
    _of_revision.scalar_subquery().label("automatic"),
)


@pytest.mark.usefixtures("time_is_held")
def test_whatever_happens_each_comment_is_decided_exactly_once(
    runtime: Runtime, clock: FakeClock
) -> None:
    stateful.run(lambda: Claims(runtime, clock), examples=40, steps=50)
