"""Whatever fails, Coral is told in time to hold the comment."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import make_url, text

from api.bodies import MAX_BYTES
from api.compat.asking import EXTENSION as ASKING
from moderation.runtime import Runtime, make_runtime
from moderation.services.coral import connect
from moderation.settings import Settings
from moderation.storage.comments import comments
from tests import coral
from tests.applications import application
from tests.coral import PUBLISHED, Obeyed
from tests.factories import CIVIL, INSULT, classify_all, make_agora
from tests.installation import wait_until
from tests.integration.coral.conftest import ADDRESS, Post, deciding, held, obeyed, poster
from tests.runtimes import sqlite_runtime
from tests.servers import free_port
from tests.stateful import profile

HURRIED = "/coral/agora?timeout=500"

fuzz = profile(40)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
shaped = st.fixed_dictionaries(
    {name: st.just(value) | anything for name, value in coral.message(INSULT).items()}
)


def entered(runtime: Runtime) -> int:
    with runtime.reading() as connection:
        return len(connection.execute(comments.select()).all())


@contextmanager
def hanging(runtime: Runtime) -> Iterator[None]:
    """Let nobody write, and let everybody wait for it."""
    if runtime.database.is_sqlite:
        file = make_url(runtime.settings.database_url).database or ""
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with runtime.transaction() as connection:
        connection.execute(text("LOCK TABLE comments"))
        yield


def test_a_database_that_hangs_delays_no_answer_and_loses_no_comment(
    post: Post, runtime: Runtime
) -> None:
    with hanging(runtime):
        # It still hangs when this is said. When exactly is for the tests of deadlines.
        assert held(post(INSULT, HURRIED)) == "late"
    wait_until(lambda: entered(runtime) == 1)
    # And what nobody decides in time is decided once, when somebody does.
    assert held(post(INSULT, HURRIED)) == "late"
    assert classify_all(runtime, CIVIL) == 1
    assert obeyed(post(INSULT)) == Obeyed(PUBLISHED)


def test_a_database_that_is_away_holds_the_comment(settings: Settings) -> None:
    nowhere = (
        "sqlite:////nowhere/copydesk.sqlite3"
        if settings.database_url.startswith("sqlite")
        else f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    )
    with application(make_runtime(settings.model_copy(update={"database_url": nowhere}))) as app:
        assert held(poster(app.test_client())(INSULT)) == "storage-unavailable"


@pytest.fixture(scope="module")
def other_runtime(tmp_path_factory: pytest.TempPathFactory, valkey_url: str) -> Iterator[Runtime]:
    """Yield what will do for all that storage has no part in."""
    with sqlite_runtime(tmp_path_factory.mktemp("coral"), redis_url=valkey_url) as runtime:
        make_agora(runtime)
        connect(runtime, "agora", coral.SECRET)
        yield runtime


@pytest.fixture(scope="module")
def other_app(other_runtime: Runtime) -> Iterator[Flask]:
    """Yield an application; what comes there is decided."""
    with application(other_runtime) as made, deciding(other_runtime, CIVIL):
        yield made


def test_more_than_may_wait_are_held_at_once_and_decided_all_the_same(
    other_app: Flask, other_runtime: Runtime
) -> None:
    post = poster(other_app.test_client())
    places = other_app.extensions[ASKING]
    taken = sum(places.acquire(blocking=False) for _ in range(100))
    before = entered(other_runtime)
    assert held(post("A flood of these.")) == "scoring-unavailable"
    assert entered(other_runtime) == before + 1
    for _ in range(taken):
        places.release()
    assert obeyed(post("A flood of these.")) == Obeyed(PUBLISHED)
    # Each that waited gave its place back.
    assert sum(places.acquire(blocking=False) for _ in range(100)) == taken
    for _ in range(taken):
        places.release()


@pytest.mark.usefixtures("other_app")
def test_redis_is_not_needed(other_runtime: Runtime) -> None:
    away = SecretStr(f"redis://127.0.0.1:{free_port()}/0")
    settings = other_runtime.settings.model_copy(update={"redis_url": away})
    with application(make_runtime(settings)) as app:
        assert obeyed(poster(app.test_client())("Without Redis.")) == Obeyed(PUBLISHED)


def test_an_error_that_nobody_foresaw_holds_the_comment(
    other_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("api.compat.coral.moderate.to_new", break_down)
    assert held(poster(other_app.test_client())(INSULT)) == "error"


@pytest.mark.parametrize(
    ("size", "chunked"), [(300_000, False), (MAX_BYTES, True), (5_000_000, True)]
)
def test_a_body_that_is_too_large_is_held_unread(
    other_app: Flask, size: int, *, chunked: bool
) -> None:
    body = coral.written(coral.message("x" * size))
    length = {"content_length": None, "input_stream": None} if chunked else {}
    signed = coral.headers(body, coral.SECRET)
    answer = other_app.test_client().post(ADDRESS, data=body, headers=signed, **length)  # type: ignore[arg-type]
    assert held(answer) == "too-long"


def test_a_stroke_too_many_in_the_address_changes_nothing(other_app: Flask) -> None:
    post = poster(other_app.test_client())
    assert obeyed(post(INSULT, ADDRESS.replace("?", "/?"))) == Obeyed(PUBLISHED)


@fuzz
@given(body=st.binary(max_size=200) | shaped.map(lambda value: json.dumps(value).encode()))
def test_no_body_breaks_the_server(other_app: Flask, body: bytes) -> None:
    signed = coral.headers(body, coral.SECRET)
    answer = other_app.test_client().post(ADDRESS, data=body, headers=signed)
    assert obeyed(answer).status in {PUBLISHED, "PREMOD"}
    assert answer.headers.get("Copydesk-Reason") in {None, "malformed", "no-text", "too-long"}


@fuzz
@given(
    header=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=200),
    query=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
    name=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60),
)
def test_nothing_else_that_is_sent_does(
    other_app: Flask, header: str, query: str, name: str
) -> None:
    answer = other_app.test_client().post(
        f"/coral/agora{name}".replace("?", "").replace("#", ""),
        # The first of a name counts: a slow machine may take its time.
        query_string=f"timeout=10000&{query}",
        data=coral.written(coral.message(INSULT)),
        headers={"X-Coral-Signature": header},
    )
    assert held(answer) == "not-signed"
