"""`Idempotency-Key`: a request sent twice is done once."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from api.web import EXTENSION
from moderation.model.errors import IdempotencyMismatch, RequestInProgress, StorageUnavailable
from moderation.runtime import Runtime
from moderation.services import retention
from moderation.services.idempotency import Answer, Reservation, begin, finish, give_up
from moderation.services.intake import Intake
from moderation.storage import idempotency as stored
from moderation.storage.idempotency import idempotency
from tests.factories import Agora, classify_all
from tests.statements import heard

COMMENT = {"external_id": "c1", "text": "Good morning."}
ANSWER = Answer(202, {"id": "1"}, {"Location": "/1"})


def post(client: FlaskClient, key: str = "k1", **fields: object) -> TestResponse:
    return client.post("/v1/comments", json=COMMENT | fields, headers={"Idempotency-Key": key})


def pass_time(runtime: Runtime, delta: timedelta) -> None:
    """Make every key older, since PostgreSQL's clock cannot be held."""
    with runtime.transaction() as connection:
        moved = runtime.database_now(connection) - delta
        connection.execute(update(idempotency).values(created_at=moved))


def hold(runtime: Runtime, agora: Agora, body: bytes = b"a") -> Reservation:
    held = begin(runtime, agora.site_id, "k1", body)
    assert isinstance(held, Reservation)
    return held


def test_a_repeated_request_gets_the_first_answer(client: FlaskClient, runtime: Runtime) -> None:
    first = post(client)
    classify_all(runtime)
    second = post(client)
    assert (second.status_code, second.json) == (202, first.json)
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


def test_another_body_under_the_same_key_is_refused(client: FlaskClient) -> None:
    post(client)
    other = post(client, text="Good evening.")
    assert (other.status_code, other.json["code"]) == (422, "idempotency-mismatch")
    assert client.get("/v1/comments?external_id=c1").json["revision"] == 1


def test_another_address_under_the_same_key_is_refused(client: FlaskClient) -> None:
    post(client)
    batch = client.post(
        "/v1/comments/batch", json={"comments": [COMMENT]}, headers={"Idempotency-Key": "k1"}
    )
    assert batch.status_code == 422


def test_sites_do_not_share_keys(client: FlaskClient, other_client: FlaskClient) -> None:
    post(client)
    assert post(other_client, text="Good evening.").status_code == 202


def test_a_failed_request_lets_go_of_its_key(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("The database does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(Intake, "submit", fail)
        failed = post(client)
    assert (failed.status_code, failed.headers["Retry-After"]) == (503, "5")
    assert post(client).status_code == 202


def test_a_refused_request_may_be_corrected_under_its_key(client: FlaskClient) -> None:
    assert post(client, text="").status_code == 422
    assert post(client).status_code == 202


@pytest.mark.parametrize("key", ["", "with space", "x" * 256, "caf\u00e9"])
def test_a_malformed_key_is_refused(client: FlaskClient, key: str) -> None:
    assert post(client, key).status_code == 422


def test_a_second_request_during_the_first_is_told_to_wait(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner: list[TestResponse] = []
    submit = Intake.submit

    def submit_after_a_repetition(self: Intake, *args: Any) -> Any:  # noqa: ANN401 - of submit
        inner.append(post(client))
        return submit(self, *args)

    monkeypatch.setattr(Intake, "submit", submit_after_a_repetition)
    assert post(client).status_code == 202
    (second,) = inner
    assert (second.status_code, second.json["code"]) == (409, "request-in-progress")
    assert second.headers["Retry-After"] == "1"


def test_a_request_that_died_holds_its_key_for_a_minute(runtime: Runtime, agora: Agora) -> None:
    hold(runtime, agora)
    pass_time(runtime, timedelta(seconds=58))
    with pytest.raises(RequestInProgress):
        hold(runtime, agora)
    pass_time(runtime, timedelta(seconds=61))
    finish(runtime, hold(runtime, agora), ANSWER)
    assert begin(runtime, agora.site_id, "k1", b"a") == ANSWER


def test_a_request_that_revives_does_not_answer_for_its_successor(
    runtime: Runtime, agora: Agora
) -> None:
    first = hold(runtime, agora)
    pass_time(runtime, timedelta(seconds=61))
    hold(runtime, agora)
    finish(runtime, first, ANSWER)
    give_up(runtime, first)
    with pytest.raises(RequestInProgress):
        hold(runtime, agora)


def test_an_answer_is_kept_for_a_day(runtime: Runtime, agora: Agora) -> None:
    finish(runtime, hold(runtime, agora), ANSWER)
    pass_time(runtime, timedelta(hours=23, minutes=59))
    assert begin(runtime, agora.site_id, "k1", b"a") == ANSWER
    with pytest.raises(IdempotencyMismatch):
        hold(runtime, agora, b"b")
    pass_time(runtime, timedelta(hours=24, minutes=1))
    hold(runtime, agora, b"b")


def test_old_answers_are_forgotten_some_at_a_time(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    for key in "abc":
        held = begin(runtime, agora.site_id, key, b"a")
        assert isinstance(held, Reservation)
        finish(runtime, held, ANSWER)
    assert retention.forget_finished(runtime).answers == 0
    pass_time(runtime, timedelta(hours=25))
    finish(runtime, hold(runtime, agora), ANSWER)
    with heard(runtime) as said:
        assert retention.forget_finished(runtime).answers == 3
    assert sum("DELETE FROM idempotency" in one.text for one in said) == 2
    assert begin(runtime, agora.site_id, "k1", b"a") == ANSWER


def test_a_key_that_somebody_else_took_over_meanwhile_stays_theirs(
    runtime: Runtime, agora: Agora
) -> None:
    hold(runtime, agora)
    pass_time(runtime, timedelta(minutes=2))
    with ThreadPoolExecutor(1) as pool:
        with runtime.transaction() as connection:
            taken = (connection, agora.site_id, "k1")
            old = stored.get(*taken)
            assert old is not None
            later = pool.submit(begin, runtime, agora.site_id, "k1", b"a")
            wait([later], timeout=0.5)
            stored.remove(*taken)
            stored.add(*taken, old.body_digest, runtime.database_now(connection))
        with pytest.raises(RequestInProgress):
            later.result()


def test_the_key_is_let_go_after_any_error(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("canary")

    with monkeypatch.context() as patched:
        patched.setattr(Intake, "submit", break_down)
        broken = post(client)
    assert broken.status_code == 500
    assert "canary" not in broken.text
    assert post(client).status_code == 202


def test_a_batch_that_failed_for_a_moment_is_tried_again_and_not_repeated(
    app: Flask, client: FlaskClient
) -> None:
    body = {"comments": [{"external_id": "c1", "text": "Good morning."}]}
    headers = {"Idempotency-Key": "batch-1"}
    app.extensions[EXTENSION].intake.close()
    first = client.post("/v1/comments/batch", json=body, headers=headers)
    again = client.post("/v1/comments/batch", json=body, headers=headers)
    assert [one["status"] for one in first.get_json()["results"]] == [503]
    assert "Idempotency-Replayed" not in again.headers
