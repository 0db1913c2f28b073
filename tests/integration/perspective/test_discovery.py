"""The document from which Google's client libraries make their methods."""

import json
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from api.compat.perspective.messages import (
    AnalyzeCommentRequest,
    AttributeParameters,
    Context,
    Message,
    Score,
    SuggestCommentScoreRequest,
    TextEntry,
)
from api.headers import SECURITY_HEADERS
from classifiers import registry
from moderation.runtime import Runtime
from tests.applications import application
from tests.servers import free_port

PATH = "/$discovery/rest?version=v1alpha1"


def references(part: object) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if "$ref" in part else set()
        return own.union(*(references(value) for value in part.values()))
    if isinstance(part, list):
        return set().union(*map(references, part))
    return set()


def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
    found: dict[str, Any] = answer.json
    return found


def test_it_names_this_installation_and_needs_no_key(client: FlaskClient, runtime: Runtime) -> None:
    found = document(client)
    assert found["rootUrl"] == f"{runtime.settings.base_url}/"
    methods = found["resources"]["comments"]["methods"]
    assert {name: one["path"] for name, one in methods.items()} == {
        "analyze": "v1alpha1/comments:analyze",
        "suggestscore": "v1alpha1/comments:suggestscore",
    }
    assert references(found) == set(found["schemas"])
    assert client.get(PATH.replace("v1alpha1", "v2")).status_code == 404


def test_it_says_what_the_running_classifier_scores(client: FlaskClient) -> None:
    said = document(client)["description"]
    assert registry.version("compact") in said
    assert "TOXICITY, SEVERE_TOXICITY, IDENTITY_ATTACK, INSULT, PROFANITY, THREAT," in said
    assert "SEXUALLY_EXPLICIT" not in said


def test_it_can_be_had_while_nobody_scores(runtime: Runtime) -> None:
    nowhere = {"scoring_url": f"http://127.0.0.1:{free_port()}"}
    settings = runtime.settings.model_copy(update=nowhere)
    with application(replace(runtime, settings=settings)) as app:
        assert "cannot be told" in document(app.test_client())["description"]


def test_it_describes_every_field_that_is_read(client: FlaskClient) -> None:
    schemas = document(client)["schemas"]
    kinds: list[type[Message]] = [AnalyzeCommentRequest, SuggestCommentScoreRequest, Score]
    kinds += [AttributeParameters, Context, TextEntry]
    for kind in kinds:
        spelt = {one.alias for one in kind.model_fields.values()}
        assert spelt == set(schemas[kind.__name__]["properties"])


def test_it_is_json_of_which_only_a_part_depends_on_the_installation(client: FlaskClient) -> None:
    assert json.dumps(document(client)) == json.dumps(document(client))
