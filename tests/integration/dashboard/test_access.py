"""Who may see what: every page against everybody."""

import re
from uuid import uuid4

import pytest
from flask import Flask

from api.dashboard.access import Open
from api.dashboard.routes import ROUTES, Route
from moderation.model.decisions import Action
from moderation.model.people import Role
from moderation.runtime import Runtime
from moderation.services.desk import comment_file
from moderation.services.moderating import decide_comment
from moderation.services.people import set_password
from tests.factories import Agora, flagged_comment, make_user
from tests.integration.dashboard.conftest import PASSWORD, Browser

CLOSED = [route for route in ROUTES if route.rule.who is not Open.TO_ALL]
POSTS = [route for route in ROUTES if "POST" in route.methods]


def address(route: Route) -> str:
    path = re.sub(r"<uuid:\w+>", str(uuid4()), route.path)
    return re.sub(r"<int:\w+>", "1", path).replace("<token>", "x")


def name(route: Route) -> str:
    return route.view.__name__


def test_nobody_gets_to_a_closed_page(app: Flask) -> None:
    for route in CLOSED:
        response = app.test_client().open(address(route), method=route.methods[0])
        assert response.status_code == 303, route
        assert response.location.startswith("/sign-in")


def test_moderators_get_403_exactly_where_operators_are_meant(alice: Browser) -> None:
    for route in CLOSED:
        form = {"csrf_token": alice.token} if "POST" in route.methods else None
        if name(route) == "sign_out":
            continue
        response = alice.client.open(address(route), method=route.methods[0], data=form)
        expected = route.rule.who is Role.OPERATOR
        assert (response.status_code == 403) is expected, route


def test_operators_get_403_nowhere(olga: Browser) -> None:
    for route in CLOSED:
        form = {"csrf_token": olga.token} if "POST" in route.methods else None
        if name(route) != "sign_out":
            response = olga.client.open(address(route), method=route.methods[0], data=form)
            assert response.status_code != 403, route


def test_every_route_of_the_blueprint_has_a_rule(app: Flask) -> None:
    served = {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("dashboard.")}
    assert served == {f"dashboard.{name(route)}" for route in ROUTES} | {"dashboard.static"}


@pytest.mark.parametrize("token", [None, "", "wrong", "IjEi.aaaa.bbbb"])
def test_without_its_token_no_form_does_anything(olga: Browser, token: str | None) -> None:
    for route in POSTS:
        form = {} if token is None else {"csrf_token": token}
        response = olga.client.post(address(route), data=form)
        assert response.status_code == 400, route
        assert "too old" in response.text
    olga.get("/queue")


def test_another_sessions_token_is_refused(alice: Browser, olga: Browser) -> None:
    alice.token = olga.token
    alice.post("/sign-out", 400)


def test_what_changes_something_does_not_answer_to_get(alice: Browser) -> None:
    gettable = {route.path for route in ROUTES if "GET" in route.methods}
    for route in POSTS:
        if route.path not in gettable:
            alice.get(address(route), 405)


def test_an_api_key_opens_no_page(app: Flask) -> None:
    headers = {"Authorization": "Bearer cd_00000000_" + "0" * 40}
    assert app.test_client().get("/queue", headers=headers).status_code == 303


def test_a_session_is_no_api_key(alice: Browser) -> None:
    assert alice.client.get("/v1/decisions").status_code == 401


def test_another_sites_comment_is_not_there(
    runtime: Runtime, agora: Agora, mallory: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decision = decide_comment(runtime, agora.alice, comment_id, Action.REJECT, seen=1)
    mallory.get(f"/comments/{comment_id}", 404)
    mallory.get("/queue?site=agora", 404)
    mallory.get("/comments?site=agora", 404)
    assert str(comment_id) not in mallory.get(f"/queue?done={decision.id}").text
    assert str(comment_id) not in mallory.get("/comments").text
    mallory.post(f"/comments/{comment_id}/decide", 404, action="approve", seen=2)
    mallory.post(f"/decisions/{decision.id}/undo", 404)
    file = comment_file(runtime, agora.alice, comment_id)
    assert [made.action for made in file.card.decisions] == [Action.FLAG, Action.REJECT]


def test_an_operators_site_is_the_only_one_they_tune(olga: Browser) -> None:
    for path in ("/thresholds", "/webhooks", "/queue"):
        olga.get(f"{path}?site=boule", 404)
    olga.post("/thresholds?site=boule", 404, do="publish", seen=1)


def test_an_admin_sees_every_site_and_can_choose_one(
    runtime: Runtime, agora: Agora, app: Flask
) -> None:
    ada = make_user(runtime, "Ada", Role.ADMIN)
    from_agora = flagged_comment(runtime, agora.site_id)
    from_boule = flagged_comment(runtime, agora.other_site_id)
    set_password(runtime, ada.id, PASSWORD)
    browser = Browser(app)
    browser.sign_in(ada)
    both = browser.get("/queue").text
    assert str(from_agora) in both
    assert str(from_boule) in both
    one = browser.get("/queue?site=boule").text
    assert str(from_agora) not in one
    assert "/comments?site=boule" in one
