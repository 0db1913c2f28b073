"""A site asks what became of its comments, and withdraws them."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from api.v1.comment_resource import CommentResource
from api.v1.list_decisions import DecisionPage
from moderation.model.comments import Display
from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment
from moderation.storage.classifications import classifications
from moderation.storage.sites import sites
from tests.factories import HOSTILE, Agora, classify_all, flagged_comment, mark_words, submit


def feed(client: FlaskClient, **query: object) -> dict[str, Any]:
    answer = client.get("/v1/decisions", query_string=query)
    assert answer.status_code == 200
    return dict(answer.json)


def test_a_comment_is_found_by_either_id(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    name = "a/b?c=d&\u00e9 \U0001f600"
    comment_id = submit(runtime, agora.site_id, name).comment_id
    by_name = client.get("/v1/comments", query_string={"external_id": name})
    by_id = client.get(f"/v1/comments/{comment_id}")
    assert by_name.json == by_id.json
    assert by_name.headers["Content-Location"] == f"/v1/comments/{comment_id}"
    assert by_id.json["links"] == {"self": f"/v1/comments/{comment_id}"}


def test_a_comment_has_the_documented_shape(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide_comment(
        runtime, agora.alice, comment_id, Action.REJECT, seen=1, words=Words(note="rude")
    )
    answer = client.get(f"/v1/comments/{comment_id}").json
    CommentResource.model_validate(answer, extra="forbid")
    assert (answer["status"], answer["display"]) == ("rejected", "hide")
    assert (answer["decision"]["source"], answer["decision"]["by"]) == ("moderator", "Alice")


def test_display_follows_what_the_site_chose(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id)
    with runtime.transaction() as connection:
        connection.execute(
            sites.update()
            .where(sites.c.id == agora.site_id)
            .values(while_pending=Display.SHOW, while_flagged=Display.HIDE)
        )
    assert client.get("/v1/comments?external_id=c1").json["display"] == "show"
    classify_all(runtime, HOSTILE)
    assert client.get("/v1/comments?external_id=c1").json["display"] == "hide"


def test_an_answer_says_which_language_the_text_counted_as(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id, language="en")
    assert client.get("/v1/comments?external_id=c1").json["judged_language"] is None
    classify_all(runtime)
    with runtime.transaction() as connection:
        connection.execute(classifications.update().values(language="es"))
    assert client.get("/v1/comments?external_id=c1").json["judged_language"] == "es"


def test_an_answer_marks_the_words_that_raised_the_scores(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    path = f"/v1/comments/{flagged_comment(runtime, agora.site_id)}"
    assert client.get(path).json["explanation"] is None
    mark_words(runtime, [Mark(11, 16, Label.INSULT, 0.99)])
    answer = client.get(path).json
    CommentResource.model_validate(answer, extra="forbid")
    mark = {"start": 11, "end": 16, "label": "insult", "weight": 0.99}
    assert answer["explanation"] == {"approximate": True, "marks": [mark]}
    mark_words(runtime, [])
    assert client.get(path).json["explanation"] == {"approximate": True, "marks": []}


@pytest.mark.parametrize("path", [f"/v1/comments/{UUID(int=7)}", "/v1/comments?external_id=none"])
def test_an_unknown_comment_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def test_other_sites_comments_do_not_exist(
    client: FlaskClient, other_client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    assert other_client.get(f"/v1/comments/{comment_id}").status_code == 404
    assert other_client.get("/v1/comments?external_id=c1").status_code == 404
    assert other_client.delete(f"/v1/comments/{comment_id}").status_code == 404
    assert feed(other_client)["decisions"] == []
    assert client.get(f"/v1/comments/{comment_id}").status_code == 200


def test_a_withdrawn_comment_is_gone_for_good(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    path = f"/v1/comments/{flagged_comment(runtime, agora.site_id)}"
    withdrawn = client.delete(path)
    assert (withdrawn.status_code, withdrawn.data) == (204, b"")
    for answer in (
        client.delete(path),
        client.get(path),
        client.get("/v1/comments?external_id=c1"),
        client.post("/v1/comments", json={"external_id": "c1", "text": "Again."}),
    ):
        assert (answer.status_code, answer.json["code"]) == (410, "erased")


def test_decisions_are_listed_in_order_and_none_twice(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    submitted = [submit(runtime, agora.site_id, f"c{n}").comment_id for n in range(5)]
    classify_all(runtime)
    seen: list[str] = []
    after, has_more, rounds = "0", True, 0
    while has_more:
        page = feed(client, after=after, limit=2)
        DecisionPage.model_validate(page, extra="forbid")
        seen += [decision["comment_id"] for decision in page["decisions"]]
        after, has_more, rounds = page["next"], page["has_more"], rounds + 1
    assert sorted(seen) == sorted(str(comment_id) for comment_id in submitted)
    assert rounds == 3


def test_a_cursor_at_the_end_stays_there_until_something_is_new(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    flagged_comment(runtime, agora.site_id)
    end = feed(client)["next"]
    assert feed(client, after=end) == {"decisions": [], "next": end, "has_more": False}
    flagged_comment(runtime, agora.site_id, "c2")
    (new,) = feed(client, after=end)["decisions"]
    assert (new["external_id"], new["display"]) == ("c2", "hold")
    assert new["decision"]["action"] == "flag"


def test_the_feed_of_one_comment_has_rising_sequences(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id, text="one")
    classify_all(runtime)
    submit(runtime, agora.site_id, text="two")
    classify_all(runtime, HOSTILE)
    found = feed(client)["decisions"]
    assert len(found) == 2
    assert all(a["sequence"] < b["sequence"] for a, b in pairwise(found))


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=-1",
        "after=",
        "after=99999999999999999999",
        "after=9999999999999999999",
        "after=\u0661",
        "limit=0",
        "limit=501",
        "limit=x",
        "after=1&after=2",
        "before=1",
        "site_id=1",
    ],
)
def test_a_senseless_query_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/decisions?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid-input")
    assert answer.json["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


def test_a_site_without_comments_has_no_decisions(
    other_client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    flagged_comment(runtime, SiteId(agora.site_id))
    assert feed(other_client) == {"decisions": [], "next": "0", "has_more": False}
