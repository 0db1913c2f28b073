"""What Perspective refuses is refused in its own words, and no text is repeated."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.gate import FAILURES_A_MINUTE
from classifiers import registry
from moderation.model.keys import KeyScope
from moderation.runtime import Runtime
from moderation.services.api_keys import add_key, disable_key
from moderation.services.sites import add_site
from tests.applications import application
from tests.integration.perspective.conftest import PATH
from tests.runtimes import sqlite_runtime

PACKAGE = "type.googleapis.com/google.commentanalyzer.v1alpha1"
GOOD = {"comment": {"text": "Good morning."}, "requestedAttributes": {"TOXICITY": {}}}
SPANISH = "Te voy a matar, hijo de puta, ya sé dónde vives."
RUSSIAN = "Ты полный идиот, и все тебя здесь ненавидят."
LATIN = "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani."


@dataclass(frozen=True)
class Bad:
    """A request, what is said of it, and of which type Perspective calls the error."""

    name: str
    body: bytes
    message: str
    error_type: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def bad(name: str, message: str, error_type: str | None = None, **fields: object) -> Bad:
    """Send one wrong field among good ones."""
    return Bad(name, json.dumps(GOOD | fields).encode(), message, error_type)


def raw(name: str, body: str | bytes, message: str) -> Bad:
    return Bad(name, body.encode() if isinstance(body, str) else body, message)


def language(text: str, message: str, **more: object) -> Bad:
    asked = {"languages": more.pop("said")} if "said" in more else {}
    details = {"languageNotSupportedByAttributeError": more | {"attribute": "TOXICITY"}}
    body = json.dumps(GOOD | {"comment": {"text": text}} | asked).encode()
    return Bad(message, body, message, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE", details)


UNREAD = "Invalid JSON payload received. Unexpected token."
ROOT = 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
EMPTY = ("Comment must be non-empty.", "COMMENT_EMPTY")
LONG = ("Comment text too long.", "COMMENT_TOO_LONG")
NO_ATTRIBUTES = ("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
ONCE = "Proto field is not repeating, cannot start list."

TABLE = [
    raw("half a document", '{"comment"', UNREAD),
    raw("deep JSON", "[" * 100_000, UNREAD),
    raw("deep JSON in a field", '{"comment": ' + '{"a":' * 50_000, UNREAD),
    raw("lone surrogate", '{"comment": {"text": "\\ud800"}}', UNREAD),
    raw("bytes that are no UTF-8", b'{"comment": {"text": "\xff"}}', UNREAD),
    raw("NaN", '{"comment": NaN}', UNREAD),
    raw("form", "comment=canary", UNREAD),
    raw("a list", "[]", ROOT),
    raw("null", "null", ROOT),
    raw("1 MB", b" " * 1_100_000, "Request payload size exceeds the limit: 262144 bytes."),
    Bad("nothing", b"", *EMPTY),
    Bad("an empty message", b"{}", *EMPTY),
    bad("no text", *EMPTY, comment={}),
    bad("null for a text", *EMPTY, comment={"text": None}),
    bad("blanks", *EMPTY, comment={"text": " \n\t "}),
    bad("a picture", *EMPTY, comment={"text": "<img src=x>", "type": "HTML"}),
    bad("20,481 bytes", *LONG, comment={"text": "x" * 20_481}),
    bad("20,481 bytes of wide characters", *LONG, comment={"text": "愚" * 6_827}),
    bad("no attributes", *NO_ATTRIBUTES, requestedAttributes={}),
    bad("null for attributes", *NO_ATTRIBUTES, requestedAttributes=None),
    bad(
        "an attribute that nobody scores",
        "Unknown requested attribute: ATTACK_ON_AUTHOR",
        "INVALID_REQUEST",
        requestedAttributes={"TOXICITY": {}, "ATTACK_ON_AUTHOR": {}},
    ),
    bad(
        "an attribute of another classifier",
        "Unknown requested attribute: SEXUALLY_EXPLICIT",
        "INVALID_REQUEST",
        requestedAttributes={"SEXUALLY_EXPLICIT": {}},
    ),
    bad(
        "an attribute that is a text",
        "Unknown requested attribute: ",
        "INVALID_REQUEST",
        requestedAttributes={"You canary idiot": {}},
    ),
    bad(
        "a score that we do not have",
        "Attribute TOXICITY does not have the score type PERCENTILE, only PROBABILITY.",
        "INVALID_REQUEST",
        requestedAttributes={"TOXICITY": {"scoreType": "PERCENTILE"}},
    ),
    bad(
        "both forms of a context",
        "Context has either entries or article_and_parent_comment, not both.",
        "INVALID_REQUEST",
        context={"entries": [{"text": "a"}], "articleAndParentComment": {"article": {}}},
    ),
    language(
        SPANISH,
        "Attribute TOXICITY does not support languages: es",
        detectedLanguages=["es"],
    ),
    language(
        RUSSIAN,
        "Attribute TOXICITY does not support languages: ru",
        detectedLanguages=["ru"],
    ),
    language(
        "Ciao.",
        "Attribute TOXICITY does not support request languages: it, xx-YY",
        requestedLanguages=["it", "xx-YY"],
        said=["it", "en", "xx-YY", "You canary idiot"],
    ),
    language(
        "Ciao.",
        f"Attribute TOXICITY does not support request languages: {', '.join(['it'] * 10)}",
        requestedLanguages=["it"] * 10,
        said=["it"] * 1_000,
    ),
    bad(
        "a language that we have no name for",
        "Unable to detect language",
        "LANGUAGE_DETECTION_FAILED",
        comment={"text": LATIN},
    ),
    bad(
        "letters that the classifier has not learnt",
        "Unable to detect language",
        "LANGUAGE_DETECTION_FAILED",
        comment={"text": RUSSIAN},
        languages=["en"],
    ),
    bad(
        "an unknown field",
        'Invalid JSON payload received. Unknown name "colour": Cannot find field.',
        colour="canary",
    ),
    bad(
        "an unknown field that is a text",
        "Invalid JSON payload received. Unknown name \"\" at 'comment': Cannot find field.",
        comment={"text": "a", "You canary idiot": ""},
    ),
    bad(
        "an unknown field of a parameter",
        'Invalid JSON payload received. Unknown name "type" at '
        "'requested_attributes[1].value': Cannot find field.",
        requestedAttributes={"INSULT": {}, "TOXICITY": {"type": "canary"}},
    ),
    bad(
        "a number for a text", "Invalid value at 'comment.text' (TYPE_STRING)", comment={"text": 7}
    ),
    bad(
        "a text for a comment",
        f"Invalid value at 'comment' ({PACKAGE}.TextEntry)",
        comment="canary",
    ),
    bad(
        "a list for a comment",
        f'Invalid JSON payload received. Unknown name "comment": {ONCE}',
        comment=["canary"],
    ),
    bad(
        "a list for a text",
        f"Invalid JSON payload received. Unknown name \"text\" at 'comment': {ONCE}",
        comment={"text": ["canary"]},
    ),
    bad(
        "a text for attributes",
        "Invalid value at 'requested_attributes' "
        f"({PACKAGE}.AnalyzeCommentRequest.RequestedAttributesEntry)",
        requestedAttributes="canary",
    ),
    bad("a text for a switch", "Invalid value at 'do_not_store' (TYPE_BOOL)", doNotStore="canary"),
    bad("a text for languages", "Invalid value at 'languages' (TYPE_MESSAGE)", languages="canary"),
    bad(
        "a number for a language",
        "Invalid value at 'languages[1]' (TYPE_STRING)",
        languages=["", 1],
    ),
    bad(
        "another format", "Invalid value at 'comment.type' (TYPE_ENUM)", comment={"type": "canary"}
    ),
    bad(
        "a text for a number",
        "Invalid value at 'requested_attributes[0].value.score_threshold' (TYPE_FLOAT)",
        requestedAttributes={"TOXICITY": {"scoreThreshold": "canary"}},
    ),
    raw(
        "infinity",
        json.dumps(GOOD)[:-1].replace("{}", '{"scoreThreshold": 1e999}') + "}",
        "Invalid value at 'requested_attributes[0].value.score_threshold' (TYPE_MESSAGE)",
    ),
]


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, valkey_url: str, scoring_url: str
) -> Iterator[Runtime]:
    """Yield one runtime for the whole table; SQLite alone will do here."""
    folder = tmp_path_factory.mktemp("table")
    with sqlite_runtime(folder, redis_url=valkey_url, scoring_url=scoring_url) as made:
        add_site(made, "agora", registry.version("compact"))
        yield made


@pytest.fixture(scope="module")
def one_app(running: Runtime) -> Iterator[Flask]:
    with application(running) as made:
        yield made


@pytest.fixture(scope="module")
def one_key(running: Runtime) -> str:
    return add_key(running, "agora", "table")


@pytest.fixture
def one_client(one_app: Flask) -> FlaskClient:
    return one_app.test_client()


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: bad.name)
def test_bad_input_is_refused_in_perspectives_words(
    one_client: FlaskClient, one_key: str, bad: Bad
) -> None:
    answer = one_client.post(f"{PATH}?key={one_key}", data=bad.body)
    error = answer.json["error"]
    assert answer.status_code == error["code"] == 400
    assert (error["message"], error["status"]) == (bad.message, "INVALID_ARGUMENT")
    if bad.error_type:
        [detail] = error["details"]
        expected = {"@type": f"{PACKAGE}.Error", "errorType": bad.error_type}
        assert detail == expected | bad.more
    elif "limit" not in bad.message:
        [detail] = error["details"]
        assert detail["@type"] == "type.googleapis.com/google.rpc.BadRequest"
        assert detail["fieldViolations"][0]["description"] == bad.message
    assert "canary" not in answer.text
    assert len(answer.data) < 2_000


def test_a_text_of_20480_bytes_is_taken(one_client: FlaskClient, one_key: str) -> None:
    text = "I disagree, and here is why. " * 706
    body = json.dumps(GOOD | {"comment": {"text": text + "x" * (20_480 - len(text))}})
    assert one_client.post(f"{PATH}?key={one_key}", data=body).status_code == 200


def test_a_body_in_chunks_is_measured_too(one_client: FlaskClient, one_key: str) -> None:
    answer = one_client.post(
        f"{PATH}?key={one_key}",
        input_stream=BytesIO(b" " * 1_100_000),
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    )
    assert answer.json["error"]["message"].startswith("Request payload size exceeds the limit")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "colour=red",
            """Invalid JSON payload received. Unknown name "colour": Cannot bind query parameter. \
Field 'colour' could not be found in request message.""",
        ),
        ("alt=proto", "Invalid value for the query parameter 'alt': it is one of json."),
        ("fields=nothing", "Request contains an invalid argument."),
        ("fields=" + "(" * 1_900, "Request contains an invalid argument."),
        ("fields=" + "a/" * 900, "Request contains an invalid argument."),
        ("fields=" + "languages," * 300, "Request contains an invalid argument."),
    ],
)
def test_bad_parameters_are_named(
    one_client: FlaskClient, one_key: str, query: str, message: str
) -> None:
    answer = one_client.post(f"{PATH}?key={one_key}&{query}", json=GOOD)
    assert (answer.status_code, answer.json["error"]["message"]) == (400, message)


def test_who_has_no_key_and_who_has_a_wrong_one_are_told_so(
    one_client: FlaskClient, running: Runtime
) -> None:
    answer = one_client.post(PATH, json=GOOD)
    assert answer.json["error"]["status"] == "PERMISSION_DENIED"
    switched_off = add_key(running, "agora", "old")
    disable_key(running, "agora", switched_off[:11])
    others = add_key(running, "agora", "ci", KeyScope.POLICY)
    unknown = "cd_00000000_" + "0" * 40
    for key in ("AIzaSyOneOfGoogles", unknown, switched_off, others, "\ufffd", "x y"):
        answer = one_client.post(PATH, query_string={"key": key}, json=GOOD)
        error = answer.json["error"]
        assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
        assert error["message"] == "API key not valid. Please pass a valid API key."
        assert error["details"][0]["reason"] == "API_KEY_INVALID"


def test_who_tries_many_keys_is_slowed_down_and_a_right_key_is_not(
    one_app: Flask, one_key: str
) -> None:
    client = one_app.test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    wrong = {client.post(f"{PATH}?key=x", json=GOOD).status_code for _ in range(FAILURES_A_MINUTE)}
    assert wrong == {400}
    answer = client.post(f"{PATH}?key=x", json=GOOD)
    assert (answer.status_code, answer.json["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert client.post(f"{PATH}?key={one_key}", json=GOOD).status_code == 200


def test_a_key_that_asks_too_often_has_spent_its_quota(running: Runtime, one_key: str) -> None:
    settings = running.settings.model_copy(update={"perspective_quota": 2})
    with application(replace(running, settings=settings)) as app:
        client = app.test_client()
        statuses = [client.post(f"{PATH}?key={one_key}", json=GOOD).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        error = client.post(f"{PATH}?key={one_key}", json=GOOD).json["error"]
        other = add_key(running, "agora", "other")
        assert client.post(f"{PATH}?key={other}", json=GOOD).status_code == 200
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert "for consumer 'site:agora'" in error["message"]
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"


def test_the_older_format_of_errors_can_be_had(one_client: FlaskClient, one_key: str) -> None:
    answer = one_client.post(f"{PATH}?key={one_key}&$.xgafv=1", json={})
    error = answer.json["error"]
    assert error["errors"] == [
        {"message": "Comment must be non-empty.", "domain": "global", "reason": "badRequest"}
    ]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [PATH, "/v1alpha1/comments:explain", "/v1alpha1/a/b"])
def test_what_perspective_does_not_have_is_not_found(
    one_client: FlaskClient, one_key: str, path: str, method: str
) -> None:
    answer = one_client.open(f"{path}?key={one_key}", method=method)
    assert (answer.status_code, answer.json["error"]["status"]) == (404, "NOT_FOUND")


def test_what_nobody_foresaw_is_not_quoted(
    one_app: Flask, one_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("api.compat.perspective.analyze.analyse", break_down)
    answer = one_app.test_client().post(f"{PATH}?key={one_key}", json=GOOD)
    assert answer.json["error"] == {
        "code": 500,
        "message": "Internal error encountered.",
        "status": "INTERNAL",
    }
