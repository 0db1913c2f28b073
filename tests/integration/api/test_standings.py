"""A site sets the standing of its authors and threads itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from moderation.model.comments import Status
from moderation.runtime import Runtime
from moderation.services.standings import history_of
from tests.factories import Agora
from tests.standings import DEBATE, TROLL, decided

AUTHOR, THREAD = {"id": TROLL.id}, {"id": DEBATE.id}
ORDINARY = {"standing": "ordinary", "reason": None, "ends_at": None, "set_at": None, "by": None}
LONG_AGO, LATER = "2020-01-01T00:00:00Z", "2199-01-01T00:00:00Z"


def put(client: FlaskClient, of: str, query: dict[str, str], **body: object) -> Any:  # noqa: ANN401 - a response
    return client.put(f"/v1/{of}/standing", query_string=query, json=body)


def test_a_ban_is_set_seen_obeyed_and_taken_back(
    client: FlaskClient, other_client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    assert client.get("/v1/authors/standing", query_string=AUTHOR).json == ORDINARY
    set_now = put(client, "authors", AUTHOR, standing="banned", reason="spam", ends_at=LATER)
    assert set_now.status_code == 200
    assert set_now.json == client.get("/v1/authors/standing", query_string=AUTHOR).json
    assert set_now.json["standing"] == "banned"
    assert set_now.json["ends_at"] == "2199-01-01T00:00:00+00:00"
    assert datetime.now(UTC) - datetime.fromisoformat(set_now.json["set_at"]) < timedelta(hours=1)
    assert other_client.get("/v1/authors/standing", query_string=AUTHOR).json == ORDINARY
    comment = decided(runtime, agora.site_id, "c1").comment
    reasons = client.get(f"/v1/comments/{comment.id}").json["decision"]["reasons"]
    assert (comment.status, reasons) == (Status.REJECTED, [{"kind": "author-banned"}])
    assert put(client, "authors", AUTHOR, standing="ordinary").json == ORDINARY
    assert decided(runtime, agora.site_id, "c2").comment.status is Status.APPROVED


def test_a_thread_is_held_and_released(client: FlaskClient, runtime: Runtime, agora: Agora) -> None:
    assert put(client, "threads", THREAD, standing="held").json["standing"] == "held"
    held = decided(runtime, agora.site_id, "c1").comment
    body = client.get(f"/v1/comments/{held.id}").json
    assert (body["status"], body["display"]) == ("flagged", "hold")
    assert body["decision"]["reasons"] == [{"kind": "thread-held"}]
    put(client, "threads", THREAD, standing="ordinary")
    assert decided(runtime, agora.site_id, "c2").comment.status is Status.APPROVED


def test_to_forget_leaves_nothing_of_the_sites_own_author(
    client: FlaskClient, other_client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    put(client, "authors", AUTHOR, standing="banned")
    assert other_client.delete("/v1/authors/standing", query_string=AUTHOR).status_code == 204
    assert history_of(runtime, agora.site_id, TROLL).changes
    for _ in range(2):
        assert client.delete("/v1/authors/standing", query_string=AUTHOR).status_code == 204
    assert history_of(runtime, agora.site_id, TROLL).changes == ()


@pytest.mark.parametrize("name", ["a/b?c=d&é 😀", "https://example.org/user#1", "a b ", "%2F"])
def test_any_id_can_be_named(client: FlaskClient, name: str) -> None:
    put(client, "authors", {"id": name}, standing="trusted")
    found = client.get("/v1/authors/standing", query_string={"id": name}).json
    assert found["standing"] == "trusted"


@pytest.mark.parametrize(
    ("of", "query", "body", "pointer"),
    [
        ("authors", {}, {"standing": "banned"}, "/id"),
        ("authors", {"id": ""}, {"standing": "banned"}, "/id"),
        ("authors", {"id": "x" * 256}, {"standing": "banned"}, "/id"),
        ("authors", {"id": "a\0"}, {"standing": "banned"}, "/id"),
        ("authors", {"name": "x"}, {"standing": "banned"}, "/id"),
        ("authors", AUTHOR, {}, "/standing"),
        ("authors", AUTHOR, {"standing": "shunned"}, "/standing"),
        ("authors", AUTHOR, {"standing": "banned", "until": LATER}, "/until"),
        ("authors", AUTHOR, {"standing": "banned", "reason": "x" * 501}, "/reason"),
        ("authors", AUTHOR, {"standing": "banned", "reason": "a\0"}, "/reason"),
        ("authors", AUTHOR, {"standing": "banned", "ends_at": LONG_AGO}, "/ends_at"),
        ("authors", AUTHOR, {"standing": "banned", "ends_at": "2199-01-01"}, "/ends_at"),
        ("authors", AUTHOR, {"standing": "banned", "ends_at": 86400}, "/ends_at"),
        ("threads", THREAD, {"standing": "banned"}, "/standing"),
        ("threads", THREAD, {"standing": "trusted"}, "/standing"),
    ],
)
def test_what_cannot_be_set_is_pointed_at(
    client: FlaskClient, of: str, query: dict[str, str], body: dict[str, object], pointer: str
) -> None:
    answer = put(client, of, query, **body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert "shunned" not in answer.text


def test_what_is_no_json_is_refused(client: FlaskClient) -> None:
    path = "/v1/authors/standing?id=x"
    assert client.put(path, data=b"{", content_type="application/json").status_code == 400
    assert client.put(path, data=b"standing=banned").status_code == 415
