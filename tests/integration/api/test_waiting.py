"""`Prefer: wait=N`: an answer with the decision, if it is there in time."""

import threading
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.v1.waiting import EXTENSION
from moderation.runtime import Runtime
from moderation.services import reading
from moderation.services.reading import CommentView, get_comment
from tests.factories import classify_all
from tests.integration.worker.test_drain import Scripted, drain

COMMENT = {"external_id": "c1", "text": "Good morning."}


def post(client: FlaskClient, prefer: str) -> TestResponse:
    return client.post("/v1/comments", json=COMMENT, headers={"Prefer": prefer})


def test_a_decision_in_time_is_in_the_answer(client: FlaskClient, runtime: Runtime) -> None:
    def classify() -> None:
        while not classify_all(runtime):
            time.sleep(0.01)

    worker = threading.Thread(target=classify)
    worker.start()
    answer = post(client, "respond-async, Wait=10; of=mine")
    worker.join()
    assert (answer.status_code, answer.json["status"]) == (200, "approved")
    assert answer.headers["Preference-Applied"] == "wait=10"


def test_a_new_comment_is_looked_at_when_somebody_tells_of_it(
    client: FlaskClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def look(*given: Any) -> CommentView:  # noqa: ANN401 - as `get_comment` is called
        looks.append("look")
        return get_comment(*given)

    monkeypatch.setattr(reading, "get_comment", look)
    for name in ("SHORTEST_PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(reading, name, 60.0)
    worker = threading.Timer(0.3, drain(runtime, Scripted()).classify)
    worker.start()
    assert post(client, "wait=10").json["status"] == "approved"
    worker.join()
    assert looks == ["look"]
    # What is known already may be decided: it is looked at first, and nobody waits.
    assert post(client, "wait=10").json["status"] == "approved"
    assert looks == ["look"] * 2


def test_without_a_decision_in_time_the_comment_is_still_accepted(client: FlaskClient) -> None:
    began = time.monotonic()
    answer = post(client, "wait=1")
    assert 0.9 < time.monotonic() - began < 5
    assert (answer.status_code, answer.json["status"]) == (202, "pending")
    assert answer.headers["Preference-Applied"] == "wait=1"


@pytest.mark.parametrize("prefer", ["wait=0", "wait=-1", "wait=x", "wait", "", "wait=1.5", ";=,"])
def test_a_senseless_preference_is_ignored(client: FlaskClient, prefer: str) -> None:
    answer = post(client, prefer)
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


def test_where_too_many_wait_the_next_is_answered_at_once(app: Flask, client: FlaskClient) -> None:
    seats = app.extensions[EXTENSION]
    taken = 0
    while seats.take():
        taken += 1
    began = time.monotonic()
    answer = post(client, "wait=10")
    assert time.monotonic() - began < 5
    assert (answer.status_code, taken) == (202, 4)
    assert "Preference-Applied" not in answer.headers
    for _ in range(taken):
        seats.leave()


def test_a_seat_is_given_back(app: Flask, client: FlaskClient) -> None:
    for _ in range(6):
        assert "Preference-Applied" in post(client, "wait=1").headers
        classify_all_of(app)


def classify_all_of(app: Flask) -> None:
    classify_all(app.extensions["copydesk"].runtime)
