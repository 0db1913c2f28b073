"""A site's programs read, try and publish its policy, with a key that is for that alone."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.v1.simulation_resource import SimulationResource
from moderation.model.decisions import ReasonKind
from moderation.model.keys import KeyScope
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services import tuning
from moderation.services.api_keys import add_key
from moderation.services.classifier_versions import saw_classifier
from moderation.services.sites import policy_in_force
from moderation.services.tuning import Draft
from tests.factories import CIVIL, CLASSIFIER, NEXT, Agora, classify_all, submit
from tests.integration.api.conftest import client_with_key
from tests.rules import russian_lists

STRICT = {"classifier": CLASSIFIER, "thresholds": {"insult": {"flag": 0.5}}}
STRICTER = {"classifier": CLASSIFIER, "thresholds": {"insult": {"flag": 0.4}}}
WHY = "fewer insults"


@pytest.fixture
def ci(app: Flask, runtime: Runtime, agora: Agora) -> FlaskClient:
    """Return a client that carries a key for the policy of Agora."""
    del agora
    saw_classifier(runtime, CLASSIFIER, [label for label in Label if label in CIVIL])
    return client_with_key(app, add_key(runtime, "agora", "ci", KeyScope.POLICY))


def put(ci: FlaskClient, policy: object, seen: str | None = None, **more: object) -> Any:  # noqa: ANN401 - a response
    headers = {} if seen is None else {"If-Match": seen}
    return ci.put("/v1/policy", json={"policy": policy, "reason": WHY, **more}, headers=headers)


def test_the_policy_in_force_is_a_document_that_can_be_published_again(ci: FlaskClient) -> None:
    found = ci.get("/v1/policy")
    assert found.headers["ETag"] == '"1"'
    assert (found.json["version"], found.json["decides"], found.json["changes"]) == (1, True, None)
    assert found.json["policy"]["thresholds"]["insult"] == {"flag": 0.8}
    same = put(ci, found.json["policy"], found.headers["ETag"])
    assert (same.status_code, same.json) == (200, found.json)


def test_what_is_published_decides(ci: FlaskClient, runtime: Runtime) -> None:
    answer = put(ci, STRICT, '"1"')
    assert (answer.status_code, answer.json["version"], answer.headers["ETag"]) == (200, 2, '"2"')
    assert (answer.json["published_by"], answer.json["reason"]) == (None, WHY)
    assert {"pointer": "/thresholds/insult/flag", "before": 0.8, "after": 0.5} in answer.json[
        "changes"
    ]
    assert answer.json["policy"] == STRICT | {"other_languages": {"action": "flag"}}
    assert policy_in_force(runtime, "agora", CLASSIFIER).version == 2
    assert ci.get("/v1/policy").json == answer.json


def test_nothing_is_published_over_what_somebody_else_published(
    ci: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    draft = Draft({Label.INSULT: tuning.Threshold(0.7)}, "mine", 1)
    tuning.publish(runtime, agora.olga, agora.site_id, draft)
    for tag in ('"1"', '"0"', 'W/"2"', '"2a"', '"' + "9" * 5000 + '"'):
        refused = put(ci, STRICT, tag)
        assert (refused.status_code, refused.json["code"]) == (409, "conflict"), tag
    assert "Olga published version 2 meanwhile" in refused.json["detail"]
    assert put(ci, STRICT, '"2"').json["version"] == 3
    assert put(ci, STRICT, '"2"').json["version"] == 3, "sent again, it is done"
    assert put(ci, STRICTER, "*").json["version"] == 4
    assert put(ci, STRICT).json["version"] == 5


def test_every_version_can_be_read_and_gone_back_to(ci: FlaskClient) -> None:
    put(ci, STRICT)
    listed = ci.get("/v1/policy/versions").json["versions"]
    assert [(one["version"], one["in_force"]) for one in listed] == [(2, True), (1, False)]
    assert "policy" not in listed[0]
    first = ci.get("/v1/policy/versions/1").json
    assert (first["version"], first["in_force"]) == (1, False)
    stale = ci.post("/v1/policy/rollbacks", json={"version": 1}, headers={"If-Match": '"1"'})
    assert stale.status_code == 409
    back = ci.post("/v1/policy/rollbacks", json={"version": 1}, headers={"If-Match": '"2"'})
    assert (back.json["version"], back.json["policy"]) == (3, first["policy"])
    assert ci.post("/v1/policy/rollbacks", json={"version": 1}).json["version"] == 3
    for version in (0, 9, 10**30):
        assert ci.get(f"/v1/policy/versions/{version}").status_code == 404
    assert ci.post("/v1/policy/rollbacks", json={"version": 9}).status_code == 404


def test_a_policy_for_another_classifier_is_found_under_its_name(
    ci: FlaskClient, runtime: Runtime
) -> None:
    assert ci.get("/v1/policy", query_string={"classifier": NEXT}).status_code == 404
    saw_classifier(runtime, NEXT, [label for label in Label if label in CIVIL], decides=False)
    answer = put(ci, STRICT | {"classifier": NEXT}).json
    assert (answer["version"], answer["in_force"], answer["decides"]) == (2, True, False)
    assert ci.get("/v1/policy").json["version"] == 1
    assert ci.get("/v1/policy", query_string={"classifier": NEXT}).json == answer


def test_a_policy_is_tried_without_being_published(
    ci: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    for n, score in enumerate([0.1] * 7 + [0.6] * 3):
        submit(runtime, agora.site_id, f"c{n}", text="canary")
        classify_all(runtime, CIVIL | {Label.INSULT: score})
    answer = ci.post("/v1/policy/simulations", json={"policy": STRICT, "days": 0})
    assert answer.status_code == 200
    found = answer.json
    assert (found["comments"], found["days"]) == (10, 0)
    assert (found["in_force"]["flagged"], found["draft"]["flagged"]) == (0, 3)
    assert found["flips"] == [{"from": "approve", "to": "flag", "comments": 3, "judged": 0}]
    assert "canary" not in answer.text
    assert ci.get("/v1/policy").json["version"] == 1


def test_what_a_tried_policy_s_rules_find_is_told_as_the_schema_says(
    ci: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id, "c1", text="canary")
    classify_all(runtime, CIVIL)
    strict = STRICT | {"limits": {"length": {"flag": 5}}}
    found = ci.post("/v1/policy/simulations", json={"policy": strict, "days": 0}).json
    assert found["draft"]["over"] == {"length": 1}
    assert SimulationResource.model_validate(found).draft.over == {ReasonKind.LENGTH: 1}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"reason": WHY}, "/policy"),
        ({"policy": STRICT}, "/reason"),
        ({"policy": STRICT, "reason": "  "}, "/reason"),
        ({"policy": STRICT, "reason": "x" * 501}, "/reason"),
        ({"policy": STRICT, "reason": WHY, "seen": 1}, "/seen"),
        ({"policy": [], "reason": WHY}, "/policy"),
        ({"policy": {"classifier": CLASSIFIER}, "reason": WHY}, "/policy/thresholds"),
        ({"policy": STRICT | {"threshold": {}}, "reason": WHY}, "/policy/threshold"),
        (
            {"policy": STRICT | {"thresholds": {"insult": {"flag": 2}}}, "reason": WHY},
            "/policy/thresholds/insult/flag",
        ),
        ({"policy": STRICT | {"classifier": "compact@tset"}, "reason": WHY}, "/policy/classifier"),
        (
            {
                "policy": STRICT | {"thresholds": {"sexual_explicit": {"flag": 0.5}}},
                "reason": WHY,
            },
            "/policy/thresholds/sexual_explicit",
        ),
    ],
)
def test_what_cannot_be_published_is_pointed_at(
    ci: FlaskClient, body: dict[str, object], pointer: str
) -> None:
    answer = ci.put("/v1/policy", json=body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert "tset" not in str(answer.json["errors"])
    assert ci.get("/v1/policy").json["version"] == 1


def test_a_policy_with_long_lists_is_tried_and_published(ci: FlaskClient) -> None:
    lists = [
        {"name": one.name, "action": one.action, "entries": one.entries}
        for one in russian_lists(10, 60)
    ]
    policy = STRICT | {"word_lists": lists}
    assert ci.post("/v1/policy/simulations", json={"policy": policy}).status_code == 200
    assert put(ci, policy).json["policy"]["word_lists"][9]["entries"][-1].endswith("\u043a" * 4)


def test_no_other_body_may_be_as_long_as_a_policy(ci: FlaskClient, app: Flask) -> None:
    half, too_long = " " * 300_000, " " * 4 * 1024 * 1024
    for method, path in (("PUT", "/v1/policy"), ("POST", "/v1/policy/simulations")):
        sent = {"method": method, "content_type": "application/json"}
        assert ci.open(path, data=half + "{}", **sent).status_code == 422
        assert ci.open(path, data=half + "[" * 1_000_000, **sent).status_code == 400
        assert ci.open(path, data=too_long + "{}", **sent).json["code"] == "too-large"
        assert app.test_client().open(path, data=too_long, **sent).status_code == 401
    rollback = ci.post("/v1/policy/rollbacks", data=half + "{}", content_type="application/json")
    assert rollback.status_code == 413


def test_a_site_sees_its_own_policy_alone(
    ci: FlaskClient, app: Flask, runtime: Runtime, agora: Agora
) -> None:
    boule = client_with_key(app, add_key(runtime, "boule", "ci", KeyScope.POLICY))
    put(ci, STRICT)
    assert boule.get("/v1/policy").json["version"] == 1
    assert boule.get("/v1/policy/versions/2").status_code == 404
    assert agora.other_site_id
