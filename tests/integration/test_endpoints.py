"""Where sites want to be told: added, tested, switched off and on, with a secret of their own."""

import base64
import json
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from sqlalchemy import select
from standardwebhooks import WebhookVerificationError

from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.events import DeliveryKind, DeliveryState
from moderation.model.ids import EndpointId, SiteId, new_uuid
from moderation.runtime import Runtime
from moderation.services.deliveries import failed_deliveries, get_delivery, recent_deliveries
from moderation.services.endpoints import (
    add_endpoint,
    disable_endpoint,
    enable_endpoint,
    get_endpoint,
    list_endpoints,
    rotate_secret,
    send_test,
)
from moderation.services.sending import claim_due
from moderation.settings import Settings
from moderation.storage.audit import audit
from tests.factories import Agora, FakeClock, classify_all, make_agora, submit
from tests.receivers import Receiver, receiver
from tests.sending import PUBLIC, deliver_all


@pytest.fixture
def settings(settings: Settings) -> Settings:
    loopback = (ip_network("127.0.0.0/8"),)
    update = {"webhook_allow_http": True, "webhook_allowed_networks": loopback}
    return settings.model_copy(update=update)


@pytest.fixture
def site() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def test_a_new_endpoint_has_a_secret_that_is_shown_once(runtime: Runtime, agora: Agora) -> None:
    added = add_endpoint(runtime, agora.site_id, PUBLIC, "The shop", agora.olga.id)
    prefix, encoded = added.secret[:6], added.secret[6:]
    assert prefix == "whsec_"
    assert len(base64.b64decode(encoded, validate=True)) == 32
    (listed,) = list_endpoints(runtime, agora.site_id)
    assert (listed.id, listed.url, listed.description) == (added.id, PUBLIC, "The shop")
    assert added.secret not in repr(listed)
    assert encoded not in repr(added)


def test_the_audit_log_names_who_added_it_but_neither_its_url_nor_its_secret(
    runtime: Runtime, agora: Agora
) -> None:
    added = add_endpoint(runtime, agora.site_id, PUBLIC, user_id=agora.olga.id)
    with runtime.reading() as connection:
        entry = connection.execute(select(audit)).one()
    assert (entry.action, entry.user_id, entry.site_id) == (
        "endpoint.add",
        agora.olga.id,
        agora.site_id,
    )
    assert entry.data == {"endpoint": str(added.id)}


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://alice:secret@hooks.example.com/",
        "https://hooks.example.com:22/",
        "ftp://hooks.example.com/",
        "not a url",
    ],
)
def test_an_address_that_may_not_be_reached_is_refused(held_runtime: Runtime, url: str) -> None:
    agora = make_agora(held_runtime)
    with pytest.raises(InvalidInput):
        add_endpoint(held_runtime, agora.site_id, url)
    assert list_endpoints(held_runtime, agora.site_id) == []


@pytest.mark.parametrize("description", ["x" * 201, "two\nlines", "a\x00b"])
def test_a_description_is_one_short_line(runtime: Runtime, agora: Agora, description: str) -> None:
    with pytest.raises(InvalidInput):
        add_endpoint(runtime, agora.site_id, PUBLIC, description)


def test_nobody_can_register_for_a_site_that_does_not_exist(runtime: Runtime) -> None:
    with pytest.raises(NotFound):
        add_endpoint(runtime, SiteId(new_uuid()), PUBLIC)


def test_one_site_cannot_touch_the_endpoints_of_another(runtime: Runtime, agora: Agora) -> None:
    added = add_endpoint(runtime, agora.site_id, PUBLIC)
    other = agora.other_site_id
    assert list_endpoints(runtime, other) == []
    for change in (disable_endpoint, enable_endpoint, rotate_secret, send_test):
        with pytest.raises(NotFound):
            change(runtime, added.id, site_id=other)
    assert get_endpoint(runtime, added.id).disabled_at is None
    assert recent_deliveries(runtime, agora.site_id, 10) == []


def test_an_unknown_endpoint_is_not_found(runtime: Runtime) -> None:
    with pytest.raises(NotFound):
        get_endpoint(runtime, EndpointId(new_uuid()))


def test_a_test_message_arrives_signed_and_is_in_the_log(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    added = add_endpoint(runtime, agora.site_id, site.url)
    delivery_id = send_test(runtime, added.id, site_id=agora.site_id)
    deliver_all(runtime)
    (received,) = site.received
    message = received.verify(added.secret)
    assert (message["type"], message["data"]) == ("endpoint.test", {"endpoint_id": str(added.id)})
    assert received.id == str(delivery_id)
    (logged,) = recent_deliveries(runtime, agora.site_id, 10)
    assert (logged.kind, logged.state) == (DeliveryKind.TEST, DeliveryState.DELIVERED)
    assert logged.last_attempt is not None
    assert logged.last_attempt.status == 204


def test_a_test_message_that_fails_says_so_at_once(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    site.answer = lambda _: 500
    delivery_id = send_test(runtime, add_endpoint(runtime, agora.site_id, site.url).id)
    deliver_all(runtime)
    logged = get_delivery(runtime, delivery_id)
    assert (logged.state, logged.attempts) == (DeliveryState.FAILED, 1)
    assert logged.last_attempt is not None
    assert logged.last_attempt.status == 500


def test_a_test_message_does_not_wait_for_the_end_of_a_rest(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    added = add_endpoint(runtime, agora.site_id, site.url)
    site.answer = lambda _: 500
    for _ in range(3):
        send_test(runtime, added.id)
        deliver_all(runtime)
    site.answer = lambda _: 204
    send_test(runtime, added.id)
    deliver_all(runtime)
    assert [one.state for one in recent_deliveries(runtime, agora.site_id, 1)] == [
        DeliveryState.DELIVERED
    ]


def test_a_disabled_endpoint_gets_nothing_not_even_later(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    added = add_endpoint(runtime, agora.site_id, site.url)
    submit(runtime, agora.site_id, "queued before")
    classify_all(runtime)
    disable_endpoint(runtime, added.id, user_id=agora.olga.id)
    submit(runtime, agora.site_id, "decided meanwhile")
    classify_all(runtime)
    with pytest.raises(Conflict):
        send_test(runtime, added.id)
    enable_endpoint(runtime, added.id)
    submit(runtime, agora.site_id, "decided after")
    classify_all(runtime)
    deliver_all(runtime)
    told = [one.message["data"]["external_id"] for one in site.received]
    assert told == ["decided after"]


def test_a_failed_test_message_is_not_listed_as_given_up(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    site.answer = lambda _: 500
    send_test(runtime, add_endpoint(runtime, agora.site_id, site.url).id)
    deliver_all(runtime)
    (logged,) = recent_deliveries(runtime, agora.site_id, 9)
    assert logged.state is DeliveryState.FAILED
    assert failed_deliveries(runtime, agora.site_id, 9) == []


def test_while_secrets_are_exchanged_both_are_good(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    added = add_endpoint(runtime, agora.site_id, site.url)
    new_secret = rotate_secret(runtime, added.id)
    send_test(runtime, added.id)
    deliver_all(runtime)
    (received,) = site.received
    assert received.verify(added.secret) == received.verify(new_secret)
    with pytest.raises(WebhookVerificationError):
        received.verify("whsec_" + base64.b64encode(bytes(32)).decode())


def test_a_day_later_only_the_new_secret_signs(held_runtime: Runtime, clock: FakeClock) -> None:
    agora = make_agora(held_runtime)
    added = add_endpoint(held_runtime, agora.site_id, PUBLIC)
    new_secret = rotate_secret(held_runtime, added.id)
    clock.pass_time(hours=24)
    send_test(held_runtime, added.id)
    (claimed,) = claim_due(held_runtime, 1)
    assert claimed.secrets == (new_secret,)
    assert json.loads(claimed.body)["type"] == "endpoint.test"
