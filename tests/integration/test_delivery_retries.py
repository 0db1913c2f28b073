"""What fails is tried again for three days, rests meanwhile, and can be sent again by hand."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from threading import Thread

import pytest
from sqlalchemy import delete, select, update

from moderation.model.errors import Conflict, Erased, NotFound
from moderation.model.events import DeliveryState
from moderation.model.ids import DeliveryId, new_uuid
from moderation.model.retries import JITTER, MAX_ATTEMPTS, STEPS
from moderation.runtime import Runtime
from moderation.services import calling_off
from moderation.services.attempts import Attempt, record_attempt
from moderation.services.deliveries import (
    DeliveryView,
    failed_deliveries,
    has_due,
    recent_deliveries,
    redeliver,
)
from moderation.services.endpoints import (
    Endpoint,
    add_endpoint,
    disable_endpoint,
    enable_endpoint,
    list_endpoints,
)
from moderation.services.erasure import erase
from moderation.services.sending import LEASE_SECONDS, MAX_IN_FLIGHT, claim_due
from moderation.settings import Settings
from moderation.storage.deliveries import add_for_events, deliveries, hurry
from moderation.storage.events import events
from tests.factories import Agora, FakeClock, make_agora
from tests.receivers import Receiver, receiver
from tests.sending import (
    BROKEN,
    PUBLIC,
    REFUSED,
    TAKEN,
    decided,
    deliver_all,
    flagged_then_approved,
    skip_waiting,
    states,
)

UNREACHABLE = Attempt(delivered=False, status=None, error="no connection", milliseconds=5)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    loopback = (ip_network("127.0.0.0/8"),)
    update = {"webhook_allow_http": True, "webhook_allowed_networks": loopback}
    return settings.model_copy(update=update)


@pytest.fixture
def site() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def held_agora(held_runtime: Runtime) -> Agora:
    """Return a site with an endpoint and one comment of which it is to be told."""
    agora = make_agora(held_runtime)
    add_endpoint(held_runtime, agora.site_id, PUBLIC)
    decided(held_runtime, agora.site_id, "c1")
    return agora


def attempt(runtime: Runtime, result: Attempt) -> None:
    (claimed,) = claim_due(runtime, 1)
    assert record_attempt(runtime, claimed, result)


def endpoint_of(runtime: Runtime, agora: Agora) -> Endpoint:
    (endpoint,) = list_endpoints(runtime, agora.site_id)
    return endpoint


def last(runtime: Runtime, agora: Agora) -> DeliveryView:
    (view,) = recent_deliveries(runtime, agora.site_id, 1)
    return view


def test_a_refused_delivery_is_tried_ten_times_in_three_days(
    held_runtime: Runtime, clock: FakeClock, held_agora: Agora
) -> None:
    started = clock.now()
    for step in STEPS:
        attempt(held_runtime, REFUSED)
        clock.pass_time(seconds=step.total_seconds() * (1 - JITTER) - 1)
        assert not has_due(held_runtime)
        clock.pass_time(seconds=step.total_seconds() * 2 * JITTER + 2)
        assert has_due(held_runtime)
    attempt(held_runtime, REFUSED)
    (failed,) = failed_deliveries(held_runtime, held_agora.site_id, 10)
    assert (failed.attempts, failed.state) == (MAX_ATTEMPTS, DeliveryState.FAILED)
    assert failed.last_attempt is not None
    assert failed.last_attempt.status == 400
    assert timedelta(days=3) < clock.now() - started < timedelta(days=4)
    assert not has_due(held_runtime)


def test_a_delivery_that_kills_its_sender_every_time_is_given_up(
    held_runtime: Runtime, clock: FakeClock, held_agora: Agora
) -> None:
    for attempts in range(1, MAX_ATTEMPTS + 1):
        (claimed,) = claim_due(held_runtime, 1)
        assert claimed.attempts == attempts
        clock.pass_time(seconds=LEASE_SECONDS - 1)
        assert claim_due(held_runtime, 1) == []
        clock.pass_time(seconds=1)
    assert claim_due(held_runtime, 1) == []
    assert states(held_runtime, held_agora.site_id) == [DeliveryState.FAILED]


def test_a_lease_from_a_clock_gone_wrong_does_not_hold_for_ever(
    held_runtime: Runtime, clock: FakeClock, held_agora: Agora
) -> None:
    assert held_agora
    clock.pass_time(days=365)
    claim_due(held_runtime, 1)
    clock.pass_time(days=-364)
    assert len(claim_due(held_runtime, 1)) == 1


@pytest.mark.parametrize("result", [BROKEN, UNREACHABLE])
def test_an_endpoint_that_fails_rests_and_is_then_probed_by_one_delivery(
    held_runtime: Runtime, clock: FakeClock, held_agora: Agora, result: Attempt
) -> None:
    decided(held_runtime, held_agora.site_id, *(f"more{number}" for number in range(10)))
    for claimed in claim_due(held_runtime, 10):
        record_attempt(held_runtime, claimed, result)
    assert endpoint_of(held_runtime, held_agora).failures == 1, "they failed together"
    for rest in (5, 30, 60, 120, 240, 480, 900, 900):
        clock.pass_time(seconds=rest - 1)
        assert not has_due(held_runtime)
        clock.pass_time(seconds=1)
        (probe,) = claim_due(held_runtime, 10)
        record_attempt(held_runtime, probe, result)
    clock.pass_time(seconds=900)
    attempt(held_runtime, TAKEN)
    assert endpoint_of(held_runtime, held_agora).failures == 0
    assert len(claim_due(held_runtime, 10)) > 1


def test_an_endpoint_that_fails_for_five_days_is_disabled(
    held_runtime: Runtime, clock: FakeClock, held_agora: Agora
) -> None:
    attempt(held_runtime, BROKEN)
    clock.pass_time(days=5, seconds=1)
    decided(held_runtime, held_agora.site_id, "c2")
    attempt(held_runtime, BROKEN)
    endpoint = endpoint_of(held_runtime, held_agora)
    assert endpoint.disabled_at == clock.now()
    assert endpoint.disabled_reason == "it failed for 5 days"
    assert not calling_off.call_off_disabled(held_runtime)
    found = Counter(states(held_runtime, held_agora.site_id))
    assert found == {DeliveryState.FAILED: 1, DeliveryState.CANCELLED: 1}


@pytest.mark.parametrize(("asked", "waits"), [(0, 5), (600, 600), (86_400, 900)])
def test_an_endpoint_may_ask_for_a_longer_rest_but_not_for_a_very_long_one(
    held_runtime: Runtime, clock: FakeClock, held_agora: Agora, asked: int, waits: int
) -> None:
    attempt(held_runtime, replace(BROKEN, status=429, retry_after=asked))
    rests_until = endpoint_of(held_runtime, held_agora).rests_until
    assert rests_until == clock.now() + timedelta(seconds=waits)
    again = last(held_runtime, held_agora).next_attempt_at - clock.now()
    assert again >= timedelta(seconds=asked)


def test_an_endpoint_that_is_gone_is_disabled_and_its_deliveries_called_off(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    add_endpoint(runtime, agora.site_id, site.url)
    decided(runtime, agora.site_id, *(f"c{number}" for number in range(20)))
    site.answer = lambda _: 410
    deliver_all(runtime)
    assert len(site.received) == MAX_IN_FLIGHT, "more than was under way"
    endpoint = endpoint_of(runtime, agora)
    assert endpoint.disabled_at is not None
    assert endpoint.disabled_reason == "it answered 410 Gone"
    assert has_due(runtime)
    deliver_all(runtime)
    assert not has_due(runtime)
    found = Counter(states(runtime, agora.site_id))
    assert found == {DeliveryState.FAILED: 1, DeliveryState.CANCELLED: 19}


def test_what_waits_for_a_disabled_endpoint_is_called_off_some_at_a_time(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling_off, "CHUNK", 2)
    monkeypatch.setattr(calling_off, "RUN_SECONDS", -1.0)
    added = add_endpoint(runtime, agora.site_id, PUBLIC)
    add_endpoint(runtime, agora.site_id, PUBLIC)
    decided(runtime, agora.site_id, "c1", "c2", "c3", "c4", "c5")
    assert not calling_off.call_off_disabled(runtime)
    disable_endpoint(runtime, added.id)
    assert has_due(runtime)
    with pytest.raises(Conflict, match="still being called off"):
        enable_endpoint(runtime, added.id)
    counts = []
    while calling_off.call_off_disabled(runtime):
        counts.append(states(runtime, agora.site_id).count(DeliveryState.CANCELLED))
    assert counts == [4, 5]
    assert states(runtime, agora.site_id).count(DeliveryState.QUEUED) == 5
    enable_endpoint(runtime, added.id)
    assert all(one.disabled_at is None for one in list_endpoints(runtime, agora.site_id))


def test_what_was_being_decided_as_an_endpoint_was_disabled_is_called_off_too(
    held_runtime: Runtime, held_agora: Agora
) -> None:
    [endpoint] = list_endpoints(held_runtime, held_agora.site_id)
    disable_endpoint(held_runtime, endpoint.id)
    assert not calling_off.call_off_disabled(held_runtime)
    assert states(held_runtime, held_agora.site_id) == [DeliveryState.CANCELLED]
    # As whoever records it does, who has read a moment ago that the endpoint is enabled.
    with held_runtime.transaction() as connection:
        connection.execute(update(deliveries).values(state=DeliveryState.QUEUED))
    assert has_due(held_runtime)
    enable_endpoint(held_runtime, endpoint.id)
    assert states(held_runtime, held_agora.site_id) == [DeliveryState.CANCELLED]
    assert claim_due(held_runtime) == []


def test_a_newer_decision_waits_for_no_older_one_that_fails_in_the_same_moment(
    runtime: Runtime, agora: Agora
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    comment_id = flagged_then_approved(runtime, agora)
    with runtime.transaction() as connection:
        newer = events.c.sequence == 2
        connection.execute(delete(deliveries).where(deliveries.c.sequence == 2))
        event = dict(connection.execute(select(events).where(newer)).mappings().one())
    [claimed] = claim_due(runtime)
    announced = Thread(target=record_attempt, args=(runtime, claimed, BROKEN))
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        add_for_events(connection, agora.site_id, [event], now)
        announced.start()
        announced.join(0.5)
    announced.join()
    with runtime.reading() as connection:
        found = select(deliveries.c.state).where(deliveries.c.comment_id == comment_id)
        told = list(connection.execute(found.order_by(deliveries.c.sequence)).scalars())
    assert told == [DeliveryState.CANCELLED, DeliveryState.QUEUED]


def test_nobody_takes_an_older_decision_while_a_newer_one_is_being_announced(
    runtime: Runtime, agora: Agora
) -> None:
    if runtime.database.is_sqlite:
        return  # It has one writer at a time.
    add_endpoint(runtime, agora.site_id, PUBLIC)
    comment_id = flagged_then_approved(runtime, agora)
    with runtime.transaction() as connection:
        hurry(connection, [comment_id], runtime.database_now(connection))
        assert claim_due(runtime) == []
    assert len(claim_due(runtime)) == 1


def failed_delivery(runtime: Runtime, agora: Agora, url: str = PUBLIC) -> DeliveryView:
    add_endpoint(runtime, agora.site_id, url)
    decided(runtime, agora.site_id, "c1")
    for _ in range(MAX_ATTEMPTS):
        attempt(runtime, REFUSED)
        skip_waiting(runtime)
    (failed,) = failed_deliveries(runtime, agora.site_id, 10)
    return failed


def test_a_failed_delivery_can_be_sent_again_as_the_same_message(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    failed = failed_delivery(runtime, agora, site.url)
    for _ in range(2):
        redeliver(runtime, failed.id, site_id=agora.site_id, user_id=agora.olga.id)
        deliver_all(runtime)
    assert len(site.received) == 2
    assert len(set(site.ids())) == 1
    assert site.received[0].body == site.received[1].body
    assert failed_deliveries(runtime, agora.site_id, 10) == []
    assert last(runtime, agora).external_id == "c1"


def test_a_delivery_sent_again_has_all_its_attempts_again(runtime: Runtime, agora: Agora) -> None:
    redeliver(runtime, failed_delivery(runtime, agora).id)
    attempt(runtime, REFUSED)
    assert (last(runtime, agora).attempts, last(runtime, agora).state) == (
        1,
        DeliveryState.QUEUED,
    )


def test_sending_again_ends_the_endpoints_rest(held_runtime: Runtime, held_agora: Agora) -> None:
    decided(held_runtime, held_agora.site_id, "c2")
    attempt(held_runtime, TAKEN)
    attempt(held_runtime, BROKEN)
    assert not has_due(held_runtime)
    delivered = DeliveryState.DELIVERED
    (done,) = [
        v for v in recent_deliveries(held_runtime, held_agora.site_id, 9) if v.state is delivered
    ]
    redeliver(held_runtime, done.id)
    attempt(held_runtime, TAKEN)


def test_what_is_queued_or_in_flight_is_not_queued_twice(runtime: Runtime, agora: Agora) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    decided(runtime, agora.site_id, "c1")
    with pytest.raises(Conflict):
        redeliver(runtime, last(runtime, agora).id)
    claim_due(runtime, 1)
    with pytest.raises(Conflict):
        redeliver(runtime, last(runtime, agora).id)


def test_an_older_decision_is_not_sent_after_a_newer_one(runtime: Runtime, agora: Agora) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    flagged_then_approved(runtime, agora)
    attempt(runtime, TAKEN)
    attempt(runtime, TAKEN)
    newer, older = recent_deliveries(runtime, agora.site_id, 2)
    with pytest.raises(Conflict):
        redeliver(runtime, older.id)
    redeliver(runtime, newer.id)


def test_nothing_is_sent_again_about_an_erased_comment(runtime: Runtime, agora: Agora) -> None:
    failed = failed_delivery(runtime, agora)
    assert failed.comment_id is not None
    erase(runtime, agora.site_id, failed.comment_id)
    with pytest.raises(Erased):
        redeliver(runtime, failed.id)


def test_nothing_is_sent_again_to_a_disabled_endpoint(runtime: Runtime, agora: Agora) -> None:
    failed = failed_delivery(runtime, agora)
    disable_endpoint(runtime, failed.endpoint_id)
    with pytest.raises(Conflict):
        redeliver(runtime, failed.id)


def test_one_site_cannot_send_another_sites_deliveries(runtime: Runtime, agora: Agora) -> None:
    failed = failed_delivery(runtime, agora)
    with pytest.raises(NotFound):
        redeliver(runtime, failed.id, site_id=agora.other_site_id)
    with pytest.raises(NotFound):
        redeliver(runtime, DeliveryId(new_uuid()))
    assert recent_deliveries(runtime, agora.other_site_id, 10) == []
