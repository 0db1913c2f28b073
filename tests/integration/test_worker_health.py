"""What waits for a worker that makes no progress, and what excuses it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from moderation.broker import Task
from moderation.judging import judge, judge_all
from moderation.model.errors import InvalidInput
from moderation.runtime import Runtime
from moderation.services.endpoints import add_endpoint
from moderation.services.worker_health import MOST_SWEEPS, Finding, find
from moderation.storage.deliveries import deliveries
from moderation.storage.jobs import jobs
from tests.factories import Agora, submit
from tests.sending import PUBLIC, decided

NOTHING = Finding(stuck=False, reason="there is nothing to do")


def ago(runtime: Runtime, table: object, seconds: float, **values: object) -> None:
    """Let something have waited for so long."""
    with runtime.transaction() as connection:
        then = runtime.database_now(connection) - timedelta(seconds=seconds)
        moments = {name: then for name, value in values.items() if value is ...}
        connection.execute(update(table).values(**{**values, **moments}))  # type: ignore[arg-type]


def test_nobody_is_stuck_where_nothing_waits(runtime: Runtime, agora: Agora) -> None:
    del agora
    assert [find(runtime, name) for name in ("classify", "retry", "deliveries")] == [NOTHING] * 3


def test_comments_that_came_just_now_are_on_their_way(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id)
    assert find(runtime, "classify") == NOTHING
    ago(runtime, jobs, 11, created_at=...)
    assert find(runtime, "classify") == Finding(stuck=True, reason="comments wait")
    assert find(runtime, "retry") == NOTHING


def test_leases_that_ran_out_are_for_retry(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id)
    ago(runtime, jobs, 5, created_at=..., attempts=1, lease_until=...)
    assert find(runtime, "retry") == NOTHING
    ago(runtime, jobs, 11, lease_until=...)
    assert find(runtime, "retry").stuck
    assert find(runtime, "classify") == NOTHING


def test_webhooks_that_are_due_are_for_deliveries(runtime: Runtime, agora: Agora) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    decided(runtime, agora.site_id, "c1")
    assert find(runtime, "deliveries") == NOTHING
    ago(runtime, deliveries, 11, next_attempt_at=...)
    assert find(runtime, "deliveries") == Finding(stuck=True, reason="webhooks wait")


def test_so_are_calls_to_look_for_forgotten_work(runtime: Runtime) -> None:
    for _ in range(MOST_SWEEPS):
        runtime.broker.celery.send_task(Task.SWEEP.value)
    assert find(runtime, "deliveries").reason == "nobody looks for forgotten work"


def test_a_worker_at_rest_is_called_now_and_then_and_not_more_often(runtime: Runtime) -> None:
    for _ in range(3):
        runtime.broker.call_now_and_then(Task.RETRY, 15)
        runtime.broker.silence(Task.RETRY)
    assert runtime.broker.waiting_calls(Task.RETRY) == 1


def test_only_workers_are_judged(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no worker valkey"):
        judge_all(tmp_path, ["valkey"], end=False)
    [judgement] = judge_all(tmp_path, [], end=False)
    assert not judgement.well


def test_a_probe_that_knows_nothing_blames_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_SECRET_KEY", "short")
    assert judge(tmp_path, "classify", end=True).well
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "progress").write_text("not a folder")
    judgement = judge(tmp_path / "elsewhere", "classify", end=True)
    assert judgement.well
    assert "cannot be written" in judgement.words
