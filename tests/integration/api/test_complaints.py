"""Reports and appeals over HTTP."""

import pytest
from flask.testing import FlaskClient

from moderation.model.decisions import Action
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from tests.complaining import approved_comment, decide, let_sign_in, waiting
from tests.factories import Agora, flagged_comment

REPORT = {"reporter": "reader-1", "reason": "harassment", "words": "canary"}


def test_a_report_is_kept_once(client: FlaskClient, runtime: Runtime, agora: Agora) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    path = f"/v1/comments/{comment_id}/reports"
    first = client.post(path, json=REPORT)
    assert first.status_code == 201, first.text
    assert first.json["report"]["state"] == "open"
    assert (first.json["status"], first.json["display"]) == ("approved", "show")
    again = client.post("/v1/comments/reports?external_id=c1", json=REPORT | {"reason": "spam"})
    assert (again.status_code, again.json) == (200, first.json)
    assert "canary" not in first.text


def test_the_reports_of_a_comment_are_listed_page_by_page(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    path = f"/v1/comments/{comment_id}/reports"
    for n in range(3):
        client.post(path, json=REPORT | {"reporter": f"r{n}", "notice": {"contact": "canary"}})
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    first = client.get(f"{path}?limit=2").json
    assert [report["state"] for report in first["reports"]] == ["upheld", "upheld"]
    assert (first["has_more"], first["reports"][0]["notice"]) == (True, True)
    rest = client.get(f"{path}?after={first['next']}")
    assert (len(rest.json["reports"]), rest.json["has_more"]) == (1, False)
    assert "canary" not in rest.text
    assert client.get(f"{path}?after={2**63 - 1}").json["reports"] == []


def test_an_appeal_goes_its_way(client: FlaskClient, runtime: Runtime, agora: Agora) -> None:
    let_sign_in(runtime, agora.olga)
    comment_id = flagged_comment(runtime, agora.site_id)
    decide(runtime, agora.alice, comment_id, Action.REJECT)
    made = client.post("/v1/comments/appeals?external_id=c1", json={"words": "canary"})
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    assert client.get(path).json == {"appeals": [made.json]}
    again = client.post(path, json={})
    assert (again.status_code, again.json["code"]) == (409, "appealed-before")
    decide(runtime, agora.olga, comment_id, Action.APPROVE, words=Words(message="You are right."))
    [found] = client.get(path).json["appeals"]
    assert (found["state"], found["statement"]) == ("overturned", "You are right.")
    assert "canary" not in made.text + client.get(path).text


def test_what_is_shown_has_nothing_to_appeal(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    answer = client.post(f"/v1/comments/{comment_id}/appeals", json={})
    assert (answer.status_code, answer.json["code"]) == (409, "nothing-to-appeal")


def test_too_many_reports_are_told_when_to_come_back(
    client: FlaskClient, runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.services.reporting.REPORTS_AN_HOUR", 0)
    comment_id = approved_comment(runtime, agora.site_id)
    answer = client.post(f"/v1/comments/{comment_id}/reports", json=REPORT)
    assert (answer.status_code, answer.json["code"]) == (429, "too-many-reports")
    assert answer.headers["Retry-After"] == "3600"


def test_one_idempotency_key_is_for_one_comment(
    client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    for external_id in ("c1", "c2"):
        approved_comment(runtime, agora.site_id, external_id)
    first, second = (
        client.post(
            f"/v1/comments/reports?external_id={external_id}",
            json=REPORT,
            headers={"Idempotency-Key": "one"},
        )
        for external_id in ("c1", "c2")
    )
    assert (first.status_code, second.status_code) == (201, 422)


def test_another_sites_comment_does_not_exist(
    other_client: FlaskClient, runtime: Runtime, agora: Agora
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    for path in (f"/v1/comments/{comment_id}", "/v1/comments"):
        query = "" if str(comment_id) in path else "?external_id=c1"
        assert other_client.post(f"{path}/reports{query}", json=REPORT).status_code == 404
        assert other_client.post(f"{path}/appeals{query}", json={}).status_code == 404
    for name in ("reports", "appeals"):
        assert other_client.get(f"/v1/comments/{comment_id}/{name}").status_code == 404
    assert waiting(runtime, agora.alice) == {}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"reporter": ""}, "/reporter"),
        ({"reporter": "a\0"}, "/reporter"),
        ({"reporter": None}, "/reporter"),
        ({"reason": "dislike"}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"words": "x" * 1001}, "/words"),
        ({"words": "\0"}, "/words"),
        ({"notice": True}, "/notice"),
        ({"notice": {"contact": "x" * 256}}, "/notice/contact"),
        ({"notice": {"address": "x"}}, "/notice/address"),
        ({"contact": "x"}, "/contact"),
    ],
)
def test_a_bad_report_is_told_what_to_do(
    client: FlaskClient, runtime: Runtime, agora: Agora, body: dict[str, object], pointer: str
) -> None:
    comment_id = approved_comment(runtime, agora.site_id)
    answer = client.post(f"/v1/comments/{comment_id}/reports", json=REPORT | body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_metrics_count_what_waits(client: FlaskClient, runtime: Runtime, agora: Agora) -> None:
    shown = approved_comment(runtime, agora.site_id)
    client.post(f"/v1/comments/{shown}/reports", json=REPORT)
    flagged = flagged_comment(runtime, agora.site_id, "c2")
    client.post(f"/v1/comments/{flagged}/appeals", json={})
    metrics = client.get("/metrics").text
    assert "copydesk_open_reports 1\n" in metrics
    assert "copydesk_open_appeals 1\n" in metrics
