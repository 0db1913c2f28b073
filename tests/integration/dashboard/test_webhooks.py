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


def test_a_new_endpoints_secret_is_shown_once(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/webhooks")
    page = olga.post("/webhooks", 201, url=URL, description="the <b>CMS</b>").text
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", page)
    assert [one.url for one in registered(runtime, agora)] == [URL]
    later = olga.get("/webhooks").text
    assert secret not in later
    assert "the &lt;b&gt;CMS&lt;/b&gt;" in later
    assert acts(later) == ["test", "rotate", "disable"]


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
    page = olga.post(f"/webhooks/{added.id}/rotate", 200).text
    assert re.findall(r"whsec_[A-Za-z0-9+/=]+", page) != [added.secret]
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
