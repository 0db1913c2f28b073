"""Properties of every route, every error and every response of the web."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from api.dashboard.access import Open
from api.dashboard.routes import ROUTES
from api.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS
from api.problems import HTTP_KINDS, KINDS, problem_of
from api.v1.endpoints import OPERATIONS
from api.v1.openapi import PROBLEM_DESCRIPTIONS, statuses_of_problems
from moderation.model.errors import ModerationError
from tests.applications import application
from tests.runtimes import sqlite_runtime

ROOT = Path(__file__).parents[2]
ERRORS_PAGE = (ROOT / "docs/errors.md").read_text()

OPEN_TO_ALL = {"health.live", "health.ready", "health.metrics"} | {
    "v1_reference.openapi",
    "v1_reference.docs",
    "v1_reference.static",
    "perspective_discovery.describe",
    "dashboard.static",
    *(f"dashboard.{route.view.__name__}" for route in ROUTES if route.rule.who is Open.TO_ALL),
}
REFUSALS = {
    # Google says it so to who has no key at all.
    "perspective": 403,
    # A token in the address is the key: a wrong one leads nowhere.
    "notifications": 404,
}
TO_NOBODY = (
    ("/health/live", 200),
    ("/metrics", 200),
    ("/v1/docs", 200),
    ("/v1/openapi.json", 200),
    ("/v1/static/docs.css", 200),
    ("/v1/comments?external_id=1", 401),
    ("/v1/nowhere", 404),
    ("/v1/comments/batch", 405),
    ("/v1/broken", 500),
    ("/v1alpha1/comments:analyze", 403),
    ("/sign-in", 200),
    ("/queue", 303),
    ("/nowhere", 404),
    ("/broken", 500),
)
"""Addresses, and the status of the answer to who carries neither a key nor a cookie."""
UUID = "01a209dd-e6cc-7c60-8f91-95da1364376a"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("web")
    settings = {"public_url": "https://copydesk.example.org", "rate_limits": False}
    with sqlite_runtime(folder, **settings) as runtime, application(runtime) as made:
        made.add_url_rule("/v1/broken", view_func=break_down)
        made.add_url_rule("/broken", endpoint="broken", view_func=break_down)
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def break_down() -> str:
    raise RuntimeError("canary")


def every_error(root: type[ModerationError] = ModerationError) -> Iterator[type[ModerationError]]:
    yield root
    for child in root.__subclasses__():
        yield from every_error(child)


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not rule.rule.endswith("/broken")]


def address(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", UUID, re.sub(r"<int:[^>]+>", "1", rule.rule))


@pytest.mark.parametrize("error", list(every_error()), ids=lambda error: error.__name__)
def test_every_error_has_a_status_a_code_and_a_paragraph(error: type[ModerationError]) -> None:
    assert error in KINDS
    assert "code" in vars(error)
    assert re.search(
        rf"^### {error.code}\n\nStatus {KINDS[error].status}\b", ERRORS_PAGE, re.MULTILINE
    )


def test_codes_are_told_apart() -> None:
    codes = [error.code for error in every_error()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("status", HTTP_KINDS)
def test_what_the_server_refuses_has_a_paragraph(status: int) -> None:
    code, _, kind = HTTP_KINDS[status]
    assert kind.status == status
    assert re.search(rf"^### {code}\n\nStatus {status}\b", ERRORS_PAGE, re.MULTILINE)


def test_the_page_of_errors_explains_nothing_else() -> None:
    known = {error.code for error in every_error()} | {code for code, _, _ in HTTP_KINDS.values()}
    assert set(re.findall(r"^### (.+)$", ERRORS_PAGE, re.MULTILINE)) == known


@pytest.mark.parametrize("error", list(every_error()), ids=lambda error: error.__name__)
def test_who_may_try_again_is_told_when(error: type[ModerationError]) -> None:
    kind = KINDS[error]
    assert (kind.status in {429, 503}) <= (kind.retry_after is not None)
    assert ("Retry-After" in problem_of(error("x")).headers) == (kind.retry_after is not None)


def test_every_route_of_the_public_api_is_documented_and_the_reverse(
    app: Flask, client: FlaskClient
) -> None:
    served = {
        (method, re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule))
        for rule in rules(app)
        if rule.rule.startswith("/v1/") and not rule.endpoint.startswith("v1_reference.")
        for method in rule.methods - {"HEAD"}
    }
    paths = client.get("/v1/openapi.json").json["paths"]
    documented = {(method.upper(), path) for path in paths for method in paths[path]}
    assert served == documented


def test_every_status_that_is_documented_is_described() -> None:
    for operation in OPERATIONS:
        assert set(statuses_of_problems(operation)) <= set(PROBLEM_DESCRIPTIONS)


def test_every_route_refuses_who_is_nobody_unless_it_is_open_to_all(
    app: Flask, client: FlaskClient
) -> None:
    assert {rule.endpoint for rule in rules(app)} >= OPEN_TO_ALL
    for rule in rules(app):
        if rule.endpoint in OPEN_TO_ALL:
            continue
        for method in rule.methods - {"OPTIONS"}:
            answer = client.open(address(rule), method=method)
            if rule.endpoint.startswith("coral."):
                # Refused in Coral's way: after an error it publishes the comment.
                assert answer.json == {"status": "PREMOD"}
                assert answer.headers["Copydesk-Reason"] == "not-signed"
                continue
            sent_to_sign_in = answer.status_code == 303 and "/sign-in" in answer.location
            refused = REFUSALS.get(rule.endpoint.split(".")[0], 401)
            assert answer.status_code == refused or sent_to_sign_in, (rule, method, answer.status)


def test_a_key_opens_nothing_of_the_dashboard(app: Flask, client: FlaskClient) -> None:
    for rule in rules(app):
        if rule.endpoint.startswith("dashboard.") and rule.endpoint not in OPEN_TO_ALL:
            headers = {"Authorization": f"Bearer cd_00000000_{'0' * 40}"}
            assert client.get(address(rule), headers=headers).status_code in {303, 405}


def test_every_response_carries_the_security_headers(client: FlaskClient) -> None:
    for path, status in TO_NOBODY:
        with client.get(path) as answer:
            assert answer.status_code == status, path
            for name, value in SECURITY_HEADERS.items():
                assert answer.headers.getlist(name) == [value], path
            assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
            kept = "no-cache" if "/static/" in path else "no-store"
            assert answer.headers["Cache-Control"] == kept, path


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY


def test_every_problem_has_the_same_shape(client: FlaskClient) -> None:
    seen = set()
    for path, status in TO_NOBODY:
        if path.startswith("/v1/") and status >= 400:
            answer = client.get(path)
            assert answer.content_type == "application/problem+json"
            problem = answer.json
            assert set(problem) - {"instance"} == {"type", "title", "status", "detail", "code"}
            assert problem["status"] == status
            assert problem["type"] == f"/v1/docs#{problem['code']}"
            seen.add(status)
    assert seen == {401, 404, 405, 500}


@pytest.mark.parametrize("path", ["/v1/broken", "/broken"])
def test_an_unknown_error_is_not_quoted(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 500
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text


def test_who_uses_a_browser_gets_a_page(client: FlaskClient) -> None:
    for path in ("/nowhere", "/broken"):
        assert client.get(path).content_type == "text/html; charset=utf-8"


class Reader(HTMLParser):
    """Collects what a page loads, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loaded += [v for k, v in attrs if v and (k == "src" or (k, tag) == ("href", "link"))]
        self.links += [v for k, v in attrs if v and k == "href" and tag == "a"]
        self.ids += [given["id"]] if given.get("id") else []
        self.inline += [k for k, _ in attrs if k == "style" or k.startswith("on")]
        self.inline += [tag] if tag in {"style", "script"} and "src" not in given else []


def test_the_reference_is_a_page_of_its_own(client: FlaskClient) -> None:
    page = Reader()
    page.feed(client.get("/v1/docs").text)
    assert page.inline == []
    assert page.loaded == ["/v1/static/docs.css"]
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert {error.code for error in every_error()} <= set(page.ids)
    assert client.get("/v1/openapi.json").json["openapi"].startswith("3.1")
