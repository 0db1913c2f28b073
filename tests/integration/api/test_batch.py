"""Many comments in one request, each with its own result."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from tests.factories import Agora, submit


def comment(external_id: str, text: str = "Good morning.", **fields: object) -> dict[str, Any]:
    return {"external_id": external_id, "text": text, **fields}


def post(client: FlaskClient, *comments: object) -> TestResponse:
    return client.post("/v1/comments/batch", json={"comments": comments})


def statuses(answer: TestResponse) -> list[int]:
    return [result["status"] for result in answer.json["results"]]


def test_a_hundred_comments_are_accepted(client: FlaskClient) -> None:
    answer = post(client, *(comment(f"c{n}") for n in range(100)))
    assert answer.status_code == 200
    assert statuses(answer) == [202] * 100
    ids = [result["comment"]["external_id"] for result in answer.json["results"]]
    assert ids == [f"c{n}" for n in range(100)]


def test_a_refused_comment_does_not_hold_up_the_others(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    erased = submit(runtime, agora.site_id, "gone").comment_id
    erase(runtime, agora.site_id, CommentId(erased))
    post(client, comment("edited", "New.", edited_at="2026-11-02T12:00:00Z"))
    answer = post(
        client,
        comment("first"),
        comment("second", ""),
        comment("gone"),
        comment("edited", "Old.", edited_at="2026-11-02T11:00:00Z"),
        "no comment",
        comment("last"),
    )
    assert statuses(answer) == [202, 422, 410, 409, 422, 202]
    problem = answer.json["results"][1]["problem"]
    assert problem["code"] == "invalid-input"
    assert problem["errors"][0]["pointer"] == "/text"
    assert client.get("/v1/comments?external_id=last").status_code == 200


def test_one_comment_several_times_is_taken_in_order(client: FlaskClient) -> None:
    answer = post(client, comment("c1", "a"), comment("c1", "b"), comment("c1", "b"))
    assert statuses(answer) == [202, 202, 200]
    assert client.get("/v1/comments?external_id=c1").json["revision"] == 2


def test_an_empty_batch_is_refused(client: FlaskClient) -> None:
    assert post(client).status_code == 422


def test_a_batch_of_more_than_a_hundred_is_refused_whole(client: FlaskClient) -> None:
    answer = post(client, *(comment(f"c{n}") for n in range(101)))
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/comments")
    assert client.get("/v1/comments?external_id=c0").status_code == 404


def test_a_batch_may_be_larger_than_one_comment(client: FlaskClient) -> None:
    assert statuses(post(client, *(comment(f"c{n}", "x" * 20_000) for n in range(30)))) == (
        [202] * 30
    )


def test_a_batch_beyond_four_mebibytes_is_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/comments/batch", data=b" " * (4 * 1024 * 1024 + 1), json=None)
    assert answer.status_code == 415
    answer = client.post(
        "/v1/comments/batch",
        data=b" " * (4 * 1024 * 1024 + 1),
        content_type="application/json",
    )
    assert (answer.status_code, answer.json["code"]) == (413, "too-large")


def test_a_batch_may_be_repeated_under_its_key(client: FlaskClient) -> None:
    def send() -> TestResponse:
        return client.post(
            "/v1/comments/batch",
            json={"comments": [comment("c1"), comment("c2", "")]},
            headers={"Idempotency-Key": "k1"},
        )

    first, second = send(), send()
    assert second.json == first.json
    assert statuses(second) == [202, 422]
    assert second.headers["Idempotency-Replayed"] == "true"
