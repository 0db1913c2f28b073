"""Whatever is sent is answered, in Perspective's shape, and what its document allows is taken."""

import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from api.web import EXTENSION
from classifiers import registry
from moderation.model.perspective import LABELS
from moderation.services.api_keys import add_key
from moderation.services.sites import add_site
from tests.applications import application
from tests.integration.perspective.conftest import PATH
from tests.runtimes import sqlite_runtime
from tests.stateful import profile

fuzz = profile(100)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
attributes = st.dictionaries(
    st.sampled_from([name for name in LABELS if name != "SEXUALLY_EXPLICIT"]),
    st.none()
    | st.fixed_dictionaries(
        {},
        optional={
            "scoreType": st.sampled_from(["PROBABILITY", "SCORE_TYPE_UNSPECIFIED"]),
            "scoreThreshold": st.floats(0, 1),
        },
    ),
    min_size=1,
)
words = st.text(max_size=80)
entry = st.fixed_dictionaries(
    {"text": words}, optional={"type": st.sampled_from(["PLAIN_TEXT", "HTML"])}
)
allowed = st.fixed_dictionaries(
    {"comment": entry, "requestedAttributes": attributes},
    optional={
        "context": st.fixed_dictionaries({"entries": st.lists(entry, max_size=2)})
        | st.fixed_dictionaries(
            {"articleAndParentComment": st.fixed_dictionaries({"article": entry})}
        ),
        "languages": st.lists(st.sampled_from(["en", "en-GB", "it", "xx"]), max_size=2),
        "doNotStore": st.booleans(),
        "spanAnnotations": st.booleans(),
        "clientToken": words,
        "sessionId": words,
        "communityId": words,
    },
)
FIELDS = ["comment", "requestedAttributes", "context", "languages", "doNotStore", "extra"]
shaped = st.dictionaries(st.sampled_from(FIELDS), anything | entry | attributes)


@pytest.fixture(scope="module")
def app(
    tmp_path_factory: pytest.TempPathFactory, valkey_url: str, scoring_url: str
) -> Iterator[Flask]:
    """Yield one application for all examples; SQLite alone will do here."""
    folder = tmp_path_factory.mktemp("fuzz")
    with sqlite_runtime(folder, redis_url=valkey_url, scoring_url=scoring_url) as runtime:
        add_site(runtime, "agora", registry.version("compact"))
        with application(runtime) as made:
            yield made


@pytest.fixture(scope="module")
def post(app: Flask) -> Callable[[bytes], TestResponse]:
    key = add_key(app.extensions[EXTENSION].runtime, "agora", "fuzz")
    client = app.test_client()
    return lambda body: client.post(f"{PATH}?key={key}", data=body)


def check(answer: TestResponse) -> None:
    """Check the shape of an answer, whichever it is."""
    assert answer.content_type == "application/json; charset=UTF-8"
    if answer.status_code == 200:
        assert {"attributeScores", "languages", "detectedLanguages"} <= set(answer.json)
    else:
        error = answer.json["error"]
        assert error["code"] == answer.status_code == 400, answer.text
        assert error["status"] == "INVALID_ARGUMENT"
        assert error["message"]


@fuzz
@given(body=st.binary(max_size=200) | shaped.map(lambda value: json.dumps(value).encode()))
def test_no_body_breaks_the_server(post: Callable[[bytes], TestResponse], body: bytes) -> None:
    check(post(body))


@fuzz
@given(request=allowed)
def test_what_the_document_allows_is_refused_only_for_what_it_says(
    post: Callable[[bytes], TestResponse], request: dict[str, object]
) -> None:
    answer = post(json.dumps(request).encode())
    check(answer)
    if answer.status_code == 200:
        assert answer.json.get("clientToken") == request.get("clientToken")
        return
    [detail] = answer.json["error"]["details"]
    assert detail["errorType"] in {
        "COMMENT_EMPTY",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        "LANGUAGE_DETECTION_FAILED",
    }


@fuzz
@given(query=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_no_query_breaks_the_server(app: Flask, query: str) -> None:
    answer = app.test_client().post(PATH, query_string=query, data=b"{}")
    assert answer.status_code in {400, 403}
    assert answer.json["error"]["code"] == answer.status_code
