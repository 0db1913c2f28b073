"""What is finished is forgotten after a while, and nothing else is."""

from datetime import timedelta

import pytest
from sqlalchemy import Table, func, select, update

from moderation.model.comments import Status
from moderation.model.events import DeliveryState
from moderation.model.jobs import JobState
from moderation.runtime import Runtime
from moderation.services import retention
from moderation.services.attempts import record_attempt
from moderation.services.endpoints import add_endpoint
from moderation.services.reading import get_comment
from moderation.services.retention import (
    ACTS_KEPT,
    DELIVERIES_KEPT,
    JOBS_KEPT,
    Forgotten,
    forget_finished,
)
from moderation.services.sending import claim_due
from moderation.services.setting_aside import skip
from moderation.services.undoing import undo_last
from moderation.storage.acts import acts
from moderation.storage.bulks import bulks
from moderation.storage.deliveries import attempts, deliveries
from moderation.storage.jobs import jobs
from moderation.storage.second_looks import second_looks
from moderation.storage.standings import standings
from moderation.storage.tables import metadata
from tests.factories import (
    Agora,
    FakeClock,
    classify_all,
    flagged_comment,
    submit,
)
from tests.sending import PUBLIC, TAKEN, decided

A_LITTLE = timedelta(minutes=5)


pytestmark = pytest.mark.usefixtures("time_is_held_now")


@pytest.mark.parametrize("table", [jobs, deliveries, acts, standings, second_looks, bulks], ids=str)
def test_to_remove_a_row_scans_no_table_for_what_refers_to_it(table: Table) -> None:
    referring = [
        (key.parent.table, key.parent)
        for other in metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table is table
    ]
    for other, column in referring:
        keys = [other.primary_key, *other.indexes]
        assert column in [next(iter(key.columns)) for key in keys], column


def count(runtime: Runtime, table: Table) -> int:
    with runtime.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_finished_jobs_are_forgotten_after_a_day_and_their_comments_stay(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    done = submit(runtime, agora.site_id, "done")
    classify_all(runtime)
    submit(runtime, agora.site_id, "waits")
    clock.moment += JOBS_KEPT - A_LITTLE
    assert forget_finished(runtime) == Forgotten(0, 0, 0)
    clock.moment += 2 * A_LITTLE
    assert forget_finished(runtime) == Forgotten(1, 0, 0)
    assert forget_finished(runtime) == Forgotten(0, 0, 0)
    view = get_comment(runtime, agora.site_id, done.comment_id)
    assert view.comment.status is Status.APPROVED
    assert view.decision is not None
    assert classify_all(runtime) == 1, "the one that still waited"


def test_cancelled_jobs_are_forgotten_too(runtime: Runtime, agora: Agora, clock: FakeClock) -> None:
    submit(runtime, agora.site_id, "c1", text="One.")
    submit(runtime, agora.site_id, "c1", text="Two.")
    clock.moment += JOBS_KEPT + A_LITTLE
    assert forget_finished(runtime).jobs == 1
    with runtime.reading() as connection:
        assert list(connection.execute(select(jobs.c.state)).scalars()) == [JobState.QUEUED]


def test_a_text_whose_job_is_forgotten_can_be_edited_and_judged_again(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    submit(runtime, agora.site_id, "c1", text="One.")
    classify_all(runtime)
    clock.moment += JOBS_KEPT + A_LITTLE
    forget_finished(runtime)
    assert not submit(runtime, agora.site_id, "c1", text="One.").changed
    assert submit(runtime, agora.site_id, "c1", text="Two.").revision == 2
    assert classify_all(runtime) == 1


def test_all_chunks_are_removed_with_the_rows_that_stay_in_between(
    runtime: Runtime, agora: Agora, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 3)
    for number in range(20):
        submit(runtime, agora.site_id, f"c{number}")
    with runtime.transaction() as connection:
        ids = list(connection.execute(select(jobs.c.id).order_by(jobs.c.id)).scalars())
        finished = [job_id for place, job_id in enumerate(ids) if place % 5]
        connection.execute(update(jobs).where(jobs.c.id.in_(finished)).values(state=JobState.DONE))
    clock.moment += JOBS_KEPT + A_LITTLE
    assert forget_finished(runtime).jobs == 16
    assert count(runtime, jobs) == 4


def test_much_of_one_kind_keeps_no_other_kind_waiting(
    runtime: Runtime, agora: Agora, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 1)
    monkeypatch.setattr(retention, "RUN_SECONDS", retention.PAUSE_SECONDS / 2)
    skip(runtime, agora.alice, flagged_comment(runtime, agora.site_id), seen=1)
    for number in range(3):
        submit(runtime, agora.site_id, f"c{number}")
    classify_all(runtime)
    clock.moment += JOBS_KEPT + A_LITTLE
    assert forget_finished(runtime) == Forgotten(jobs=1, deliveries=0, acts=1)


def test_deliveries_that_are_over_are_forgotten_after_thirty_days_with_their_attempts(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    decided(runtime, agora.site_id, "told", "untold")
    [claimed] = claim_due(runtime, limit=1)
    assert record_attempt(runtime, claimed, TAKEN)
    clock.moment += DELIVERIES_KEPT - A_LITTLE
    assert forget_finished(runtime).deliveries == 0
    clock.moment += 2 * A_LITTLE
    assert forget_finished(runtime).deliveries == 1
    assert count(runtime, attempts) == 0
    with runtime.reading() as connection:
        states = list(connection.execute(select(deliveries.c.state)).scalars())
    assert states == [DeliveryState.QUEUED]


def test_a_delivery_in_flight_is_kept_although_it_was_called_off(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    decided(runtime, agora.site_id, "told")
    [claimed] = claim_due(runtime, limit=1)
    clock.moment += DELIVERIES_KEPT + A_LITTLE
    with runtime.transaction() as connection:
        values = {"state": DeliveryState.CANCELLED, "lease_until": clock.moment + A_LITTLE}
        connection.execute(update(deliveries).values(values))
    assert forget_finished(runtime).deliveries == 0
    # Its sender died, and nobody has taken the lease away.
    clock.moment += 2 * A_LITTLE
    assert forget_finished(runtime).deliveries == 1
    assert not record_attempt(runtime, claimed, TAKEN)


def test_what_can_hardly_be_undone_any_more_is_forgotten_after_a_day(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    skip(runtime, agora.alice, flagged_comment(runtime, agora.site_id), seen=1)
    clock.moment += ACTS_KEPT - A_LITTLE
    assert forget_finished(runtime).acts == 0
    clock.moment += 2 * A_LITTLE
    assert forget_finished(runtime).acts == 1
    assert undo_last(runtime, agora.alice) is None
