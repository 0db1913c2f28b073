"""Probes and metrics."""

import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from moderation.runtime import Runtime, make_runtime
from moderation.services import backlog
from moderation.storage.comments import comments
from moderation.storage.jobs import jobs
from tests.applications import application
from tests.factories import Agora, flagged_comment, submit
from tests.servers import free_port


@pytest.fixture
def nobody(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_process_is_alive(nobody: FlaskClient) -> None:
    assert nobody.get("/health/live").json == {"status": "ok"}


def test_it_is_ready_when_the_database_answers(nobody: FlaskClient) -> None:
    answer = nobody.get("/health/ready")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ok", "database": "ok", "redis": "ok"},
    )


def test_it_is_ready_without_redis(runtime: Runtime) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    settings = type(runtime.settings)(**{**runtime.settings.model_dump(), "redis_url": url})
    with application(make_runtime(settings)) as app:
        began = time.monotonic()
        answer = app.test_client().get("/health/ready")
    assert (answer.status_code, answer.json["redis"]) == (200, "down")
    assert time.monotonic() - began < 5


def test_it_is_not_ready_without_a_database(runtime: Runtime) -> None:
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    settings = runtime.settings.model_copy(update={"database_url": url})
    with application(make_runtime(settings)) as app:
        client = app.test_client()
        answer, metrics = client.get("/health/ready"), client.get("/metrics")
    assert (answer.status_code, answer.json["database"]) == (503, "down")
    assert (metrics.status_code, metrics.json["code"]) == (503, "storage-unavailable")
    assert metrics.headers["Retry-After"] == "5"


def test_it_is_not_ready_before_the_schema_is_migrated(
    nobody: FlaskClient, runtime: Runtime
) -> None:
    with runtime.transaction() as connection:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("DELETE FROM alembic_version"))
    answer = nobody.get("/health/ready")
    assert (answer.status_code, answer.json["database"]) == (503, "schema is behind")
    with runtime.transaction() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    assert before != "0001"
    assert nobody.get("/health/ready").status_code == 503
    with runtime.transaction() as connection:
        # A newer version migrates first, and this one works on until it is stopped.
        connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    assert nobody.get("/health/ready").status_code == 200


def test_the_age_of_an_edited_comment_is_that_of_its_edit(
    nobody: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id, "c1", text="One.")
    with runtime.transaction() as connection:
        ago = runtime.database_now(connection) - timedelta(days=300)
        connection.execute(update(comments).values(received_at=ago))
        connection.execute(update(jobs).values(created_at=ago))
    assert oldest_pending(nobody) > 100_000
    submit(runtime, agora.site_id, "c1", text="Two.")
    assert oldest_pending(nobody) < 60


def test_a_comment_that_has_lost_its_job_raises_the_alarm_too(
    nobody: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id, "c1")
    with runtime.transaction() as connection:
        ago = runtime.database_now(connection) - timedelta(days=1)
        connection.execute(update(comments).values(received_at=ago))
        connection.execute(update(jobs).values(state="cancelled"))
    assert oldest_pending(nobody) > 80_000


def oldest_pending(nobody: FlaskClient) -> float:
    lines = nobody.get("/metrics").text.splitlines()
    [line] = [line for line in lines if line.startswith("copydesk_oldest_pending_seconds")]
    return float(line.split()[1])


def test_metrics_say_how_long_the_wait_is(
    nobody: FlaskClient, runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "KEPT_SECONDS", -1.0)
    assert 'copydesk_wait_seconds{lane="live"} 0.0' in nobody.get("/metrics").text
    submit(runtime, agora.site_id, "c1")
    with runtime.transaction() as connection:
        ago = runtime.database_now(connection) - timedelta(minutes=5)
        connection.execute(update(jobs).values(created_at=ago))
    lines = nobody.get("/metrics").text.splitlines()
    assert 'copydesk_wait_seconds{lane="bulk"} +Inf' in lines
    assert 'copydesk_wait_seconds{lane="live"} 0.0' in lines


def test_metrics_count_what_waits(nobody: FlaskClient, runtime: Runtime, agora: Agora) -> None:
    flagged_comment(runtime, agora.site_id, "c1")
    submit(runtime, agora.site_id, "c2", text="canary")
    submit(runtime, agora.other_site_id, "c3")
    answer = nobody.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    values = dict(
        line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
    )
    assert values["copydesk_pending_comments"] == "2"
    assert 0 <= float(values["copydesk_oldest_pending_seconds"]) < 60
    assert values["copydesk_open_reviews"] == "1"
    assert values['copydesk_lane_jobs{lane="live"}'] == "0"
    assert values['copydesk_lane_jobs{lane="bulk"}'] == "2"
    assert (values["copydesk_running_jobs"], values["copydesk_retried_jobs"]) == ("0", "0")
    assert "canary" not in answer.text
    assert "agora" not in answer.text


def test_metrics_tell_first_attempts_from_later_ones(
    nobody: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    submitted = [submit(runtime, agora.site_id, f"c{n}") for n in range(4)]
    with runtime.transaction() as connection:
        for attempts, each in enumerate(submitted):
            connection.execute(
                update(jobs)
                .where(jobs.c.comment_id == each.comment_id)
                .values(attempts=attempts, lease_until=runtime.database_now(connection))
            )
    lines = nobody.get("/metrics").text.splitlines()
    assert 'copydesk_lane_jobs{lane="bulk"} 1' in lines
    assert "copydesk_running_jobs 1" in lines
    assert "copydesk_retried_jobs 2" in lines


def test_an_empty_installation_has_metrics(nobody: FlaskClient) -> None:
    assert "copydesk_oldest_pending_seconds 0.0" in nobody.get("/metrics").text
