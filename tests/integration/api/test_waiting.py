"""`Prefer: wait=N`: an answer with the decision, if it is there in time."""

import threading
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.v1.waiting import EXTENSION
from moderation.runtime import Runtime
from tests.factories import classify_all

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
