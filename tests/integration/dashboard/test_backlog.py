"""Moderators read on the queue how long comments wait for the classifier."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from moderation.runtime import Runtime
from moderation.services import backlog
from moderation.storage.jobs import jobs
from tests.factories import Agora, submit
from tests.integration.dashboard.conftest import Browser

STANDS_STILL = "2 comments wait for the classifier. None was decided in the last minute"


@pytest.fixture(autouse=True)
def _look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "KEPT_SECONDS", -1.0)


def let_them_wait(runtime: Runtime, agora: Agora) -> None:
    for external_id in ("c1", "c2"):
        submit(runtime, agora.site_id, external_id)
    with runtime.transaction() as connection:
        ago = runtime.database_now(connection) - timedelta(minutes=5)
        connection.execute(update(jobs).values(created_at=ago))


def test_nothing_is_said_of_a_wait_where_there_is_none(alice: Browser) -> None:
    assert '<p class="backlog" id="backlog" hidden></p>' in alice.get("/queue").text
    told = alice.get("/queue/count").json
    assert told is not None
    assert (told["waiting"], told["backlog"]) == (0, "")


def test_the_page_says_that_comments_wait_and_nobody_decides(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    let_them_wait(runtime, agora)
    assert f'<p class="backlog" id="backlog">{STANDS_STILL}' in alice.get("/queue").text


def test_an_open_page_learns_of_a_wait_and_of_its_end(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    before = alice.get("/queue/count").headers["ETag"]
    let_them_wait(runtime, agora)
    told = alice.get("/queue/count", **{"If-None-Match": before})
    assert told.json is not None
    assert told.json["backlog"].startswith(STANDS_STILL)
    alice.get("/queue/count", 304, **{"If-None-Match": told.headers["ETag"]})
    with runtime.transaction() as connection:
        connection.execute(update(jobs).values(state="cancelled"))
    assert alice.get("/queue/count").headers["ETag"] == before
