"""A site posts comments."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from moderation.broker import lane_key
from moderation.model.comments import Author, Thread
from moderation.model.ids import CommentId
from moderation.model.jobs import Lane
from moderation.runtime import Runtime
from moderation.services.reading import get_comment
from moderation.services.sites import disable_site
from moderation.storage.comments import comments
from tests.factories import Agora, classify_all, flagged_comment

FULL = {
    "external_id": "c1",
    "text": "Good morning.",
    "format": "html",
    "author": {
        "id": "u1",
        "name": "Ana",
        "role": "subscriber",
        "created_at": "2020-02-29T00:00:00Z",
        "email_digest": "ab" * 32,
        "url": "my page",
        "ip": "2001:DB8::1",
    },
    "thread": {
        "id": "t1",
        "url": "https://example.org/news",
        "title": "News",
        "section": "City",
    },
    "url": "https://example.org/news#c1",
    "parent_external_id": "c0",
    "created_at": "2026-11-02T10:00:00.5+02:00",
    "edited_at": "2026-11-02T08:30:00Z",
    "language": "pt-BR",
    "user_agent": "Mozilla/5.0",
    "metadata": {"paid": True, "score": 1.5, "tag": "a", "nothing": None, "count": 3},
}


def post(client: FlaskClient, text: str = "Good morning.", **fields: object) -> TestResponse:
    return client.post("/v1/comments", json={"external_id": "c1", "text": text, **fields})


def test_a_new_comment_is_accepted_and_found_where_the_answer_says(client: FlaskClient) -> None:
    accepted = post(client)
    assert accepted.status_code == 202
    assert accepted.json["status"] == "pending"
    assert accepted.json["display"] == "hold"
    found = client.get(accepted.headers["Location"])
    assert (found.status_code, found.json) == (200, accepted.json)


def test_every_field_is_stored(client: FlaskClient, runtime: Runtime, agora: Agora) -> None:
    answer = client.post("/v1/comments", json=FULL)
    comment = get_comment(runtime, agora.site_id, CommentId(UUID(answer.json["id"]))).comment
    digest = comment.author.ip_digest
    assert comment.author == Author(
        "u1", "Ana", "subscriber", datetime(2020, 2, 29, tzinfo=UTC), "ab" * 32, "my page", digest
    )
    assert comment.thread == Thread("t1", "https://example.org/news", "News", "City")
    assert comment.created_at == datetime(2026, 11, 2, 8, 0, 0, 500_000, tzinfo=UTC)
    assert (comment.language, comment.parent_external_id) == ("pt-BR", "c0")
    with runtime.reading() as connection:
        stored = connection.execute(select(comments)).one()
    assert stored.metadata == FULL["metadata"]
    assert (stored.user_agent, stored.url) == ("Mozilla/5.0", "https://example.org/news#c1")


def test_an_address_is_stored_as_the_same_digest_however_it_is_written(
    client: FlaskClient, other_client: FlaskClient, runtime: Runtime
) -> None:
    post(client, external_id="a", author={"ip": "2001:DB8:0::1"})
    post(client, external_id="b", author={"ip": "2001:db8::1"})
    post(other_client, external_id="a", author={"ip": "2001:db8::1"})
    with runtime.reading() as connection:
        rows = connection.execute(select(comments.c.site_id, comments.c.author_ip_digest))
        digests = {(row.site_id, row.author_ip_digest) for row in rows}
    assert len(digests) == 2
    assert len({digest for _, digest in digests}) == 2
    assert not any("2001" in digest for _, digest in digests)


def test_the_same_comment_again_is_the_same_comment(client: FlaskClient) -> None:
    first, second = post(client), post(client)
    assert (second.status_code, second.json) == (200, first.json)
    assert second.headers["Location"] == first.headers["Location"]


def test_another_text_is_a_new_revision(client: FlaskClient, runtime: Runtime) -> None:
    first = post(client)
    classify_all(runtime)
    second = post(client, "Good evening.")
    assert second.status_code == 202
    assert second.json["id"] == first.json["id"]
    assert (second.json["revision"], second.json["status"]) == (2, "pending")
    assert second.json["decision"] is None


def test_an_older_text_is_refused(client: FlaskClient) -> None:
    post(client, "New.", edited_at="2026-11-02T12:00:00Z")
    late = post(client, "Old.", edited_at="2026-11-02T11:00:00Z")
    assert (late.status_code, late.json["code"]) == (409, "stale-revision")


def test_an_exact_text_is_kept(client: FlaskClient, runtime: Runtime, agora: Agora) -> None:
    text = "  e\u0301 \U0001f469\u200d\U0001f467 \u202eright\r\n\t\u0001 "
    answer = post(client, text)
    comment = get_comment(runtime, agora.site_id, CommentId(UUID(answer.json["id"]))).comment
    assert comment.text == text


def test_a_text_may_have_20000_characters_however_they_are_written(client: FlaskClient) -> None:
    assert post(client, "\U0001f600" * 20_000).status_code == 202


def test_the_answer_does_not_hold_the_text(client: FlaskClient, runtime: Runtime) -> None:
    post(client, "canary-text", author={"name": "canary-name", "ip": "192.0.2.1"})
    classify_all(runtime)
    answer = client.get("/v1/comments?external_id=c1")
    assert "canary" not in answer.text
    assert answer.json["status"] == "approved"


def test_a_comment_is_accepted_while_redis_is_away(client: FlaskClient, runtime: Runtime) -> None:
    runtime.broker.redis.close()
    runtime.broker.redis.connection_pool.connection_kwargs["port"] = 1
    assert post(client).status_code == 202
    assert classify_all(runtime) == 1


def test_the_job_is_announced_on_the_live_lane(client: FlaskClient, runtime: Runtime) -> None:
    post(client)
    assert runtime.broker.redis.blmpop(5, 1, lane_key(Lane.LIVE), direction="LEFT") is not None


def test_scores_and_reasons_tell_why_a_comment_was_flagged(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    flagged_comment(runtime, agora.site_id)
    found = client.get("/v1/comments?external_id=c1").json
    assert (found["status"], found["display"]) == ("flagged", "hold")
    assert found["scores"]["insult"] == pytest.approx(0.9)
    decision = found["decision"]
    assert (decision["action"], decision["source"], decision["by"]) == ("flag", "automation", None)
    assert (decision["policy_version"], decision["classifier"]) == (1, "compact@test")
    assert {"kind": "label", "label": "insult", "score": 0.9, "threshold": 0.8} in decision[
        "reasons"
    ]


def test_a_disabled_site_posts_nothing(client: FlaskClient, runtime: Runtime) -> None:
    disable_site(runtime, "agora")
    assert post(client).status_code == 401
