"""The page of the webhooks."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import update

from moderation.model.events import DeliveryState
from moderation.runtime import Runtime
from moderation.services import endpoints
from moderation.services.deliveries import failed_deliveries, recent_deliveries
from moderation.storage.deliveries import deliveries
from tests.factories import Agora, flagged_comment
from tests.integration.dashboard.conftest import Browser

URL = "https://hooks.example.com/copydesk?token=abc"


def registered(runtime: Runtime, agora: Agora) -> list[endpoints.Endpoint]:
    return endpoints.list_endpoints(runtime, agora.site_id)


def acts(page: str) -> list[str]:
    return re.findall(r'action="/(?:webhooks|deliveries)/[^/]+/([a-z]+)"', page)


def secrets_on(page: str) -> list[str]:
    return re.findall(r"whsec_[A-Za-z0-9+/=]+", page)


def test_a_new_endpoints_secret_is_shown_once(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/webhooks")
    answer = olga.post("/webhooks", url=URL, description="the <b>CMS</b>")
    assert answer.location == "/webhooks"
    [secret] = secrets_on(olga.get("/webhooks").text)
    assert [one.url for one in registered(runtime, agora)] == [URL]
    later = olga.get("/webhooks").text
    assert secret not in later
    assert "the &lt;b&gt;CMS&lt;/b&gt;" in later
    assert acts(later) == ["test", "rotate", "disable"]


def test_the_page_says_whose_secret_it_shows(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    ids = [
        endpoints.add_endpoint(runtime, agora.site_id, f"https://{name}.example.com/", name).id
        for name in ("first", "second", "third")
    ]
    olga.get("/webhooks")
    olga.post(f"/webhooks/{ids[1]}/rotate")
    page = olga.get("/webhooks").text
    [banner] = re.findall(r'<div class="banner" role="alert">(.+?)</div>', page, re.DOTALL)
    assert "https://second.example.com/" in banner
    assert ">second<" in banner
    assert len(secrets_on(banner)) == 1


def test_a_new_secret_waits_for_the_page_of_its_site(
    runtime: Runtime, agora: Agora, ines: Browser
) -> None:
    added = endpoints.add_endpoint(runtime, agora.site_id, URL)
    ines.get("/webhooks?site=agora")
    ines.post(f"/webhooks/{added.id}/rotate?site=agora")
    assert secrets_on(ines.get("/webhooks?site=boule").text) == []
    assert len(secrets_on(ines.get("/webhooks?site=agora").text)) == 1


def test_a_secret_stands_in_no_cookie(olga: Browser) -> None:
    olga.get("/webhooks")
    answer = olga.post("/webhooks", url=URL)
    assert "whsec" not in str(answer.headers)
    [secret] = secrets_on(olga.get("/webhooks").text)
    assert secret not in olga.cookie()


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "ftp://example.com/", "", "x" * 3000])
def test_an_address_that_may_not_be_reached_is_refused(
    runtime: Runtime, agora: Agora, olga: Browser, url: str
) -> None:
    olga.get("/webhooks")
    olga.post("/webhooks", 422, url=url)
    assert registered(runtime, agora) == []


def test_a_refused_address_is_called_as_its_field_is(olga: Browser) -> None:
    olga.get("/webhooks")
    page = olga.post("/webhooks", 422, url="ftp://example.com/").text
    assert 'role="alert">The address must start with https://' in page


def test_an_endpoint_is_tested_rotated_disabled_and_enabled(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    added = endpoints.add_endpoint(runtime, agora.site_id, URL)
    olga.get("/webhooks")
    olga.post(f"/webhooks/{added.id}/test")
    assert "A test message is on its way" in olga.get("/webhooks").text
    assert len(recent_deliveries(runtime, agora.site_id, 10)) == 1
    olga.post(f"/webhooks/{added.id}/rotate")
    [secret] = secrets_on(olga.get("/webhooks").text)
    assert secret != added.secret
    olga.post(f"/webhooks/{added.id}/disable")
    page = olga.get("/webhooks").text
    assert "disabled by hand" in page
    assert acts(page) == ["enable"]
    olga.post(f"/webhooks/{added.id}/test", 409)
    olga.post(f"/webhooks/{added.id}/enable")
    assert acts(olga.get("/webhooks").text) == ["test", "rotate", "disable"]


def test_a_failed_delivery_is_sent_again(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    endpoints.add_endpoint(runtime, agora.site_id, URL)
    flagged_comment(runtime, agora.site_id)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        gone = {"state": DeliveryState.FAILED, "finished_at": now}
        connection.execute(update(deliveries).values(**gone))
    [failed] = failed_deliveries(runtime, agora.site_id, 10)
    page = olga.get("/webhooks").text
    assert "Send again" in page
    assert f"/comments/{failed.comment_id}" in page
    olga.post(f"/deliveries/{failed.id}/redeliver")
    assert failed_deliveries(runtime, agora.site_id, 10) == []
    olga.post(f"/deliveries/{failed.id}/redeliver", 409)


def test_another_sites_endpoints_are_not_there(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    theirs = endpoints.add_endpoint(runtime, agora.other_site_id, URL)
    assert URL not in olga.get("/webhooks").text
    for act in ("test", "rotate", "disable", "enable"):
        olga.post(f"/webhooks/{theirs.id}/{act}", 404)
    olga.post(f"/deliveries/{uuid4()}/redeliver", 404)
    [untouched] = endpoints.list_endpoints(runtime, agora.other_site_id)
    assert untouched.disabled_at is None
