"""How many comments a worker takes at once."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from moderation.model.comments import Format
from moderation.model.ids import CommentId, JobId, SiteId
from moderation.model.jobs import ClaimedJob, Lane, Purpose
from worker.pace import MAX_BATCH, Pace, cut


def job(length: int) -> ClaimedJob:
    return ClaimedJob(
        id=JobId(uuid4()),
        token=uuid4(),
        comment_id=CommentId(uuid4()),
        site_id=SiteId(uuid4()),
        revision=1,
        classifier="compact",
        purpose=Purpose.DECIDE,
        lane=Lane.LIVE,
        attempts=1,
        text="x" * length,
        format=Format.PLAIN,
        said_language=None,
        site_language="en",
        route=None,
    )


def paced(seconds_per_comment: float) -> Pace:
    pace = Pace()
    for _ in range(50):
        pace.took(1, seconds_per_comment)
    return pace


def test_a_fast_classifier_gets_full_batches() -> None:
    assert paced(0.001).size == MAX_BATCH


def test_a_slow_classifier_gets_what_it_does_in_half_a_second() -> None:
    assert paced(0.13).size == 4


def test_a_classifier_slower_than_that_gets_one() -> None:
    assert paced(5).size == 1


@given(st.lists(st.integers(0, 300), min_size=1, max_size=40))
def test_batches_hold_every_job_once_and_in_order(lengths: list[int]) -> None:
    jobs = [job(length) for length in lengths]
    assert [one for batch in cut(jobs, 500) for one in batch] == jobs


@given(st.lists(st.integers(0, 900), min_size=1, max_size=40))
def test_a_batch_stays_within_its_characters_or_is_one_long_text(lengths: list[int]) -> None:
    for batch in cut([job(length) for length in lengths], 500):
        assert len(batch) == 1 or sum(len(one.text) for one in batch) <= 500
