"""Where another classifier shadows, what is decided is scored by it too, after all else."""

from datetime import timedelta

import pytest

from moderation.model.ids import CommentId
from moderation.model.jobs import JobState, Lane
from moderation.runtime import Runtime
from moderation.services import shadow_jobs as services
from moderation.services.erasure import erase
from moderation.services.shadow_reports import ShadowReport, read_report
from tests.factories import CIVIL, LEASE, NEXT, Agora, submit
from tests.integration.worker.test_lanes import Noting, store
from tests.shadows import (
    decide_live,
    score_for_shadows,
    see_both,
    shadow_jobs,
    shadow_of_a_draft,
    shadow_of_the_next,
)
from tests.statements import heard
from worker.drain import BULK_TURN, Drain
from worker.reading import Reader


def report(runtime: Runtime, agora: Agora) -> ShadowReport:
    found = read_report(runtime, agora.site_id)
    assert found is not None
    return found


def submit_some(runtime: Runtime, agora: Agora, number: int, name: str = "c") -> list[CommentId]:
    return [submit(runtime, agora.site_id, f"{name}{n}").comment_id for n in range(number)]


def test_each_comment_that_is_decided_gets_a_job_behind_all_that_waits(
    runtime: Runtime, agora: Agora
) -> None:
    before = submit(runtime, agora.site_id, "before").comment_id
    shadow_of_the_next(runtime, agora)
    after = submit(runtime, agora.site_id, "after").comment_id
    submit(runtime, agora.other_site_id, "elsewhere")
    long_ago = runtime.clock.now() - timedelta(days=30)
    submit(runtime, agora.site_id, "imported", created_at=long_ago)
    decide_live(runtime)
    assert shadow_jobs(runtime) == [after]
    score_for_shadows(runtime)
    assert shadow_jobs(runtime, JobState.DONE) == [after]
    assert before not in shadow_jobs(runtime, JobState.DONE)


def test_a_draft_for_the_same_scores_needs_none(runtime: Runtime, agora: Agora) -> None:
    see_both(runtime)
    shadow_of_a_draft(runtime, agora)
    submit_some(runtime, agora, 2)
    decide_live(runtime)
    assert shadow_jobs(runtime) == []


@pytest.mark.parametrize(
    ("start", "more"), [(None, 0), (shadow_of_a_draft, 0), (shadow_of_the_next, 2)]
)
def test_what_it_costs_a_batch_is_paid_by_sites_with_such_a_shadow_alone(
    runtime: Runtime,
    agora: Agora,
    start: object,
    more: int,
) -> None:
    see_both(runtime)
    counts = []
    for size in (1, 5):
        submit_some(runtime, agora, size, f"without {size}.")
        with heard(runtime) as without:
            decide_live(runtime)
        counts.append(len(without))
    assert counts[0] == counts[1]
    if callable(start):
        start(runtime, agora)
    for size in (1, 5):
        submit_some(runtime, agora, size, f"with {size}.")
        with heard(runtime) as said:
            decide_live(runtime)
        assert len(said) == counts[0] + more


def test_no_more_are_written_where_very_many_wait_and_those_left_out_are_counted(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow_of_the_next(runtime, agora)
    monkeypatch.setattr(services, "MOST_WAITING", 2)
    for number in range(4):
        submit(runtime, agora.site_id, f"c{number}")
        decide_live(runtime)
    assert len(shadow_jobs(runtime)) == 2
    found = report(runtime, agora)
    assert found.jobs is not None
    assert (found.decided, found.beside.comments) == (4, 0)
    assert (found.jobs.waiting, found.left_out) == (2, 2)
    score_for_shadows(runtime)
    submit(runtime, agora.site_id, "later")
    decide_live(runtime)
    found = report(runtime, agora)
    assert found.jobs is not None
    assert (found.decided, found.beside.comments) == (5, 2)
    assert (found.jobs.waiting, found.left_out) == (1, 2)


def test_what_is_edited_or_withdrawn_is_not_scored(runtime: Runtime, agora: Agora) -> None:
    shadow_of_the_next(runtime, agora)
    first, second = submit_some(runtime, agora, 2)
    decide_live(runtime)
    erase(runtime, agora.site_id, first)
    submit(runtime, agora.site_id, "c1", text="Another text.")
    assert shadow_jobs(runtime) == []
    decide_live(runtime)
    assert shadow_jobs(runtime) == [second]


def working(runtime: Runtime, *others: Noting, own: Noting | None = None) -> Drain:
    """Return a worker that has one classifier, and these beside it."""
    by_version = {one.version: one for one in others}
    reader = Reader(own or Noting(), of_version=by_version.get)
    return Drain(runtime, reader, LEASE, 20_000, lingers=False)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker look into the database for jobs of this moment too."""
    monkeypatch.setattr("moderation.services.claiming.OVERLOOKED", timedelta(0))


@pytest.mark.usefixtures("at_once")
def test_a_worker_that_has_the_classifier_scores_by_it(runtime: Runtime, agora: Agora) -> None:
    shadow_of_the_next(runtime, agora)
    submit_some(runtime, agora, 3)
    following = Noting(version=NEXT)
    worker = working(runtime, following)
    # A slow machine may need more than the second that one task takes.
    while sum(following.sizes) < 3:
        worker.classify()
    found = report(runtime, agora)
    assert (found.decided, found.beside.comments, found.left_out) == (3, 3, 0)
    assert sum(following.sizes) == 3


@pytest.mark.usefixtures("at_once")
def test_where_no_worker_has_it_the_site_is_told_until_one_has(
    runtime: Runtime, agora: Agora
) -> None:
    shadow_of_the_next(runtime, agora)
    submit_some(runtime, agora, 2)
    working(runtime).classify()
    found = report(runtime, agora)
    assert found.jobs is not None
    assert (found.decided, found.jobs.called_off, found.jobs.is_missing) == (2, 2, True)
    assert found.left_out == 2
    submit(runtime, agora.site_id, "after the restart")
    working(runtime, Noting(version=NEXT)).classify()
    found = report(runtime, agora)
    assert found.jobs is not None
    assert (found.beside.comments, found.jobs.is_missing) == (1, False)


@pytest.mark.usefixtures("at_once")
def test_a_live_comment_waits_for_one_batch_of_a_shadow_at_most(
    runtime: Runtime, agora: Agora
) -> None:
    shadow_of_the_next(runtime, agora)
    submit_some(runtime, agora, 300)
    decide_live(runtime, CIVIL)
    assert len(shadow_jobs(runtime)) == 300
    shadowing = Noting(version=NEXT)
    own = Noting()
    came_at: list[int] = []

    def come() -> None:
        if len(shadowing.batches) in (1, BULK_TURN // 2):
            came_at.append(len(shadowing.batches))
            runtime.broker.announce(Lane.LIVE, store(runtime, agora, Lane.LIVE, 1))

    shadowing.come = come
    own.come = lambda: decided_after.append(len(shadowing.batches))
    decided_after: list[int] = []
    drain = working(runtime, shadowing, own=own)
    while shadow_jobs(runtime):
        drain.classify()
    assert len(came_at) == len(decided_after) == 2
    # The batch in hand ends, and another may have its turn.
    assert all(at <= came + 2 for came, at in zip(came_at, decided_after, strict=True))
