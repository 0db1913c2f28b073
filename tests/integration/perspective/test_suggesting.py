"""What moderators elsewhere suggest is kept as labels, with the comment and not without it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from moderation.services.sites import add_site, find_site
from moderation.services.suggesting import SuggestedScore, list_suggested
from moderation.storage.suggested_scores import suggested_scores
from tests.factories import INSULT, submit
from tests.servers import free_port

PATH = "/v1alpha1/comments:suggestscore"
Suggest = Callable[..., TestResponse]


@pytest.fixture
def suggest(client: FlaskClient, key: str) -> Suggest:
    """Suggest a toxicity, as Coral does; further fields of the request by name."""

    def send(value: object = 1, **fields: object) -> TestResponse:
        body: dict[str, object] = {
            "comment": {"text": INSULT},
            "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}},
            "communityId": "Coral:agora",
            "clientToken": "comment:c1",
        }
        return client.post(f"{PATH}?key={key}", json=body | fields)

    return send


@pytest.fixture
def site_id(runtime: Runtime, key: str) -> SiteId:
    del key
    return find_site(runtime, "agora").id


def rows(runtime: Runtime) -> list[Any]:
    with runtime.reading() as connection:
        statement = select(suggested_scores).order_by(suggested_scores.c.id)
        return list(connection.execute(statement))


def listed(runtime: Runtime) -> list[SuggestedScore]:
    return list(list_suggested(runtime, "agora"))


def test_a_suggestion_is_stored_as_a_label_of_its_comment(
    suggest: Suggest, runtime: Runtime, site_id: SiteId
) -> None:
    comment_id = submit(runtime, site_id, "c1", text=INSULT).comment_id
    answer = suggest(languages=["en"])
    assert answer.status_code == 200
    assert answer.json == {
        "clientToken": "comment:c1",
        "detectedLanguages": ["en"],
        "requestedLanguages": ["en"],
    }
    [row] = rows(runtime)
    assert (row.comment_id, row.label, row.score) == (comment_id, "toxicity", 1.0)
    assert (row.community, row.client_token, row.language) == ("Coral:agora", "comment:c1", "en")
    assert listed(runtime) == [SuggestedScore("c1", INSULT, Label.TOXICITY, 1.0)]


def test_a_comment_is_found_by_its_text_where_nothing_names_it(
    suggest: Suggest, runtime: Runtime, site_id: SiteId
) -> None:
    assert suggest(clientToken=None).status_code == 200
    assert listed(runtime) == []
    submit(runtime, site_id, "came later", text=INSULT)
    assert listed(runtime) == [SuggestedScore("came later", INSULT, Label.TOXICITY, 1.0)]


def test_a_comment_may_be_named_by_the_sites_own_id_alone(
    suggest: Suggest, runtime: Runtime, site_id: SiteId
) -> None:
    comment_id = submit(runtime, site_id, "c1", text=INSULT).comment_id
    suggest(clientToken="c1")
    assert [row.comment_id for row in rows(runtime)] == [comment_id]


def test_of_two_comments_with_one_text_only_the_named_one_has_the_label(
    suggest: Suggest, runtime: Runtime, site_id: SiteId
) -> None:
    for external_id in ("c1", "c2"):
        submit(runtime, site_id, external_id, text=INSULT)
    suggest()
    assert [one.external_id for one in listed(runtime)] == ["c1"]


def test_the_same_people_overwrite_and_others_do_not(suggest: Suggest, runtime: Runtime) -> None:
    suggest(1)
    suggest(0)
    suggest(0.5, communityId="Coral:boule")
    assert [(row.community, row.score) for row in rows(runtime)] == [
        ("Coral:agora", 0.0),
        ("Coral:boule", 0.5),
    ]


def test_a_score_that_is_left_out_is_zero(suggest: Suggest, runtime: Runtime) -> None:
    assert suggest(attributeScores={"INSULT": {"summaryScore": {}}}).status_code == 200
    assert [(row.label, row.score) for row in rows(runtime)] == [("insult", 0.0)]


def test_do_not_store_is_kept(suggest: Suggest, runtime: Runtime) -> None:
    assert suggest(doNotStore=True).json["clientToken"] == "comment:c1"
    assert rows(runtime) == []


def test_with_a_comment_its_labels_are_erased(
    suggest: Suggest, runtime: Runtime, site_id: SiteId
) -> None:
    comment_id = submit(runtime, site_id, "c1", text="An older text.").comment_id
    submit(runtime, site_id, "c1", text=INSULT)
    other = submit(runtime, site_id, "c2", text=INSULT).comment_id
    suggest()
    suggest(clientToken=None)
    suggest(clientToken=None, comment={"text": "An older text."})
    suggest(clientToken="c2")
    erase(runtime, site_id, comment_id)
    assert [row.comment_id for row in rows(runtime)] == [other]
    suggest()
    assert [row.comment_id for row in rows(runtime)] == [other]


def test_a_site_reaches_no_comment_and_no_label_of_another(
    suggest: Suggest, runtime: Runtime, site_id: SiteId
) -> None:
    other = add_site(runtime, "boule", "compact@1").id
    theirs = submit(runtime, other, "c1", text=INSULT).comment_id
    suggest()
    assert [(row.site_id, row.comment_id) for row in rows(runtime)] == [(site_id, None)]
    erase(runtime, other, theirs)
    assert len(rows(runtime)) == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"attributeScores": {}}, "Missing attribute_scores"),
        ({"attributeScores": {"SPAM": {}}}, "Unknown requested attribute: SPAM"),
        ({"attributeScores": {"TOXICITY": None}}, "Missing summary_score of TOXICITY"),
        ({"value": 1.5}, "The score of TOXICITY is no PROBABILITY from 0 to 1."),
        ({"communityId": "x" * 256}, "community_id is longer than 255 characters."),
        ({"clientToken": "x" * 256}, "client_token is longer than 255 characters."),
        ({"comment": {"text": ""}}, "Comment must be non-empty."),
        (
            {"value": "canary"},
            "Invalid value at 'attribute_scores[0].value.summary_score.value' (TYPE_FLOAT)",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(
    suggest: Suggest, runtime: Runtime, fields: dict[str, Any], message: str
) -> None:
    answer = suggest(**fields)
    assert (answer.status_code, answer.json["error"]["message"]) == (400, message)
    assert rows(runtime) == []


def test_hostile_names_are_stored_on_both_databases(suggest: Suggest, runtime: Runtime) -> None:
    for name in ("\0", "\u202e\U0001f600", "'; DROP TABLE sites; --", "x" * 255):
        assert suggest(clientToken=name, communityId=name).status_code == 200
    assert len(rows(runtime)) == 4


def test_a_suggestion_is_not_lost_while_nobody_can_tell_its_language(
    suggest: Suggest, runtime: Runtime
) -> None:
    nowhere = {"scoring_url": f"http://127.0.0.1:{free_port()}"}
    object.__setattr__(runtime, "settings", runtime.settings.model_copy(update=nowhere))
    assert suggest().json == {"clientToken": "comment:c1"}
    assert len(rows(runtime)) == 1
