"""Whatever is sent, the answer says what to do, and nothing is lost or half stored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from moderation.runtime import Runtime
from moderation.services.api_keys import add_key
from moderation.storage.comments import comments
from tests.applications import application
from tests.factories import make_agora
from tests.integration.api.conftest import client_with_key
from tests.runtimes import sqlite_runtime
from tests.stateful import profile

GOOD = {"external_id": "c1", "text": "Good morning."}


@dataclass(frozen=True)
class Bad:
    """One thing that is sent, and what is answered."""

    name: str
    status: int
    body: bytes
    pointer: str | None = None
    content_type: str = "application/json"


def field(name: str, value: object, pointer: str | None = None, label: str = "") -> Bad:
    """Send one wrong field among good ones."""
    body = json.dumps(GOOD | {name: value}).encode()
    return Bad(label or f"{name} {ascii(value)[:30]}", 422, body, pointer or f"/{name}")


def raw(name: str, status: int, body: str | bytes) -> Bad:
    return Bad(name, status, body.encode() if isinstance(body, str) else body)


TABLE = [
    raw("1 MB body", 413, json.dumps(GOOD | {"text": "x" * 1_000_000})),
    raw("deep JSON", 400, "[" * 100_000),
    raw("deep JSON in a field", 400, '{"text": ' + '{"a":' * 50_000),
    raw("lone surrogate", 400, '{"external_id": "c1", "text": "\\ud800"}'),
    raw("lone surrogate in a name", 400, '{"\\udfff": 1}'),
    raw("surrogate in raw bytes", 400, b'{"external_id": "c1", "text": "\xed\xa0\x80"}'),
    raw("bytes that are no UTF-8", 400, b'{"external_id": "c1", "text": "\xff"}'),
    raw("UTF-16", 400, json.dumps(GOOD).encode("utf-16")),
    raw("empty body", 400, ""),
    raw("half a document", 400, '{"external_id": "c1"'),
    raw("NaN", 400, '{"external_id": "c1", "text": NaN}'),
    raw("control character in a string", 400, '{"external_id": "c1", "text": "a\nb"}'),
    raw("a list", 422, "[]"),
    raw("a number of 5,000 digits", 400, "1" * 5000),
    raw("null", 422, "null"),
    raw("nothing given", 422, "{}"),
    Bad("form", 415, b"external_id=c1&text=Hi", content_type="application/x-www-form-urlencoded"),
    Bad("plain text", 415, json.dumps(GOOD).encode(), content_type="text/plain"),
    Bad("no content type", 415, json.dumps(GOOD).encode(), content_type=""),
    field("text", "\0", label="NUL"),
    field("text", "", label="empty text"),
    field("text", "x" * 20_001, label="20,001 characters"),
    field("text", "\U0001f600" * 20_001, label="20,001 characters that take four bytes"),
    field("text", None),
    field("text", 1),
    field("text", {"__type__": "datetime"}),
    field("external_id", ""),
    field("external_id", "x" * 256),
    field("external_id", "a\0"),
    field("external_id", 1),
    field("unknown", 1),
    field("site_id", "x"),
    field("status", "approved"),
    field("a/b~c", 1, "/a~1b~0c"),
    field("format", "markdown"),
    field("created_at", "2026-11-02T08:00:00"),
    field("created_at", "2026-11-02"),
    field("created_at", "yesterday"),
    field("created_at", 1_700_000_000),
    field("created_at", "1700000000"),
    field("created_at", "2026-13-02T08:00:00Z"),
    field("created_at", "2026-11-02T08:00:00+99:99"),
    field("edited_at", "0001-01-01T00:00:00+14:00"),
    field("edited_at", "9999-12-31T23:59:59-14:00"),
    field("url", "javascript:alert(1)"),
    field("url", "https://example.org/\0"),
    field("url", "https://" + "x" * 2048),
    field("language", "not a language"),
    field("language", "en\n"),
    field("user_agent", "x" * 1001),
    field("parent_external_id", ""),
    field("author", None),
    field("author", []),
    field("author", {"name": "a\0"}, "/author/name"),
    field("author", {"id": 7}, "/author/id"),
    field("author", {"ip": "1.2.3"}, "/author/ip"),
    field("author", {"ip": "\0"}, "/author/ip"),
    field("author", {"email": "a@example.org"}, "/author/email"),
    field("author", {"email_digest": "a@example.org"}, "/author/email_digest"),
    field("author", {"url": "x" * 2049}, "/author/url"),
    field("author", {"ip_digest": "0"}, "/author/ip_digest"),
    field("thread", {"url": "data:text/html,x"}, "/thread/url"),
    field("thread", {"title": "x" * 1001}, "/thread/title"),
    field("metadata", {"a": {}}, "/metadata/a"),
    field("metadata", {"a": "\0"}, "/metadata/a"),
    field("metadata", {"a\0": 1}),
    field("metadata", {"": 1}),
    field("metadata", {"a": 10**400}, "/metadata/a"),
    field("metadata", {str(n): n for n in range(21)}),
    field("metadata", {"a": "x" * 2048}),
    field("metadata", []),
    field("perspective_scores", []),
    field("perspective_scores", {"TOXICTY": 0.5}, "/perspective_scores/TOXICTY"),
    field("perspective_scores", {"SPAM": 0.5}, "/perspective_scores/SPAM"),
    field("perspective_scores", {"TOXICITY": 1.01}, "/perspective_scores/TOXICITY"),
    field("perspective_scores", {"TOXICITY": -0.1}, "/perspective_scores/TOXICITY"),
    field("perspective_scores", {"TOXICITY": "0.5"}, "/perspective_scores/TOXICITY"),
    field("perspective_scores", {"TOXICITY": True}, "/perspective_scores/TOXICITY"),
    field("perspective_scores", {"TOXICITY": None}, "/perspective_scores/TOXICITY"),
    raw("infinity", 422, '{"external_id": "c1", "text": "a", "metadata": {"a": 1e999}}'),
]


def count(runtime: Runtime) -> int:
    with runtime.reading() as connection:
        return connection.execute(select(func.count()).select_from(comments)).scalar_one()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, valkey_url: str) -> Iterator[Runtime]:
    """Yield one runtime for the whole table: what is refused reaches no database."""
    with sqlite_runtime(tmp_path_factory.mktemp("table"), redis_url=valkey_url) as made:
        make_agora(made)
        yield made


@pytest.fixture(scope="module")
def one_client(running: Runtime) -> Iterator[FlaskClient]:
    with application(running) as made:
        yield client_with_key(made, add_key(running, "agora", "tests"))


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: bad.name)
def test_bad_input_is_told_what_to_do(one_client: FlaskClient, running: Runtime, bad: Bad) -> None:
    before = count(running)
    answer = one_client.post("/v1/comments", data=bad.body, content_type=bad.content_type)
    assert answer.status_code == bad.status, answer.text
    assert answer.content_type == "application/problem+json"
    problem = answer.json
    assert problem["status"] == bad.status
    assert len(problem["detail"]) > 20
    if bad.pointer is not None:
        assert any(e["pointer"].startswith(bad.pointer) for e in problem["errors"]), problem
    assert count(running) == before
    good = {"external_id": bad.name, "text": "Good morning."}
    assert one_client.post("/v1/comments", json=good).status_code == 202


@pytest.mark.parametrize(("size", "status"), [(200, 202), (1_000_000, 413)])
def test_a_body_in_chunks_is_measured_too(one_client: FlaskClient, size: int, status: int) -> None:
    body = json.dumps({"external_id": "chunks", "text": "x"}).encode() + b" " * size
    answer = one_client.post(
        "/v1/comments",
        input_stream=BytesIO(body),
        content_type="application/json",
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    )
    assert answer.status_code == status, answer.text


def test_a_refusal_does_not_repeat_what_was_sent(client: FlaskClient) -> None:
    body = GOOD | {"text": "canary" * 4000, "created_at": "canary", "metadata": {"a": ["canary"]}}
    answer = client.post("/v1/comments", json=body)
    assert answer.status_code == 422
    assert "canary" not in answer.text


def test_a_refusal_names_at_most_twenty_places(client: FlaskClient) -> None:
    answer = client.post("/v1/comments", json=GOOD | {"x" * 300 + str(n): n for n in range(500)})
    assert len(answer.json["errors"]) == 20
    assert len(answer.data) < 10_000


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["external_id", "text", "author", "thread", "url", "created_at", "language", "metadata"]
shaped = st.dictionaries(st.sampled_from([*FIELDS, "format", "extra"]), anything)
fuzz = profile(60)


@fuzz
@given(body=st.binary(max_size=200) | shaped.map(lambda value: json.dumps(value).encode()))
def test_no_body_breaks_the_server(client: FlaskClient, body: bytes) -> None:
    for path in ("/v1/comments", "/v1/comments/batch"):
        answer = client.post(path, data=body, content_type="application/json")
        assert answer.status_code in {200, 202, 400, 409, 422}, answer.text


@fuzz
@given(text=st.text(min_size=1, max_size=300))
def test_every_text_is_stored_as_sent_or_refused(
    client: FlaskClient, runtime: Runtime, text: str
) -> None:
    answer = client.post("/v1/comments", json={"external_id": "fuzz", "text": text})
    refused = "\0" in text
    assert answer.status_code == 422 if refused else answer.status_code in {200, 202}
    if not refused:
        with runtime.reading() as connection:
            assert connection.execute(select(comments.c.text)).scalar_one() == text


@fuzz
@given(header=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=80))
def test_no_header_breaks_the_server(client: FlaskClient, header: str) -> None:
    for name in ("Authorization", "Prefer", "Idempotency-Key", "Content-Type", "Accept"):
        sent = {name: header} if "wait" not in header else {}
        answer = client.post("/v1/comments", json=GOOD, headers=sent)
        assert answer.status_code < 500, answer.text
