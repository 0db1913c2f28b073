"""A site reads the feed on after a backup was restored, as the docs say."""

import re
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import text

from moderation.runtime import Runtime
from tests.factories import HOSTILE, Agora, classify_all, submit

DOCS = Path(__file__).parents[3] / "docs"
CURSOR = 5_000
"""A site had read so far, of a feed whose backup ends before."""


def documented() -> str:
    """Return the statement with which the docs move the feed on, the same for each database."""
    found = {
        statement
        for page in ("operations.md", "deploying.md")
        for statement in re.findall(r"UPDATE sites [^\"'`]+", (DOCS / page).read_text())
    }
    (only,) = found
    return only


def told(client: FlaskClient, after: int) -> list[str]:
    answer = client.get("/v1/decisions", query_string={"after": after})
    assert answer.status_code == 200
    return [decision["external_id"] for decision in answer.json["decisions"]]


def decide(runtime: Runtime, agora: Agora, name: str) -> None:
    submit(runtime, agora.site_id, name)
    classify_all(runtime, HOSTILE)


def test_a_site_that_had_read_beyond_the_backup_misses_nothing_new(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    decide(runtime, agora, "before")
    decide(runtime, agora, "without the statement")
    assert told(client, CURSOR) == []
    with runtime.transaction() as connection:
        connection.execute(text(documented()))
    decide(runtime, agora, "after")
    decide(runtime, agora, "later")
    assert told(client, CURSOR) == ["after", "later"]
    assert told(client, 0) == ["before", "without the statement", "after", "later"]
