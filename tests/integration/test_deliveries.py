"""A site is told of every decision: signed, in order, once, and never behind a dead neighbour."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from moderation.model.decisions import Action
from moderation.model.errors import StorageUnavailable
from moderation.model.events import DeliveryState
from moderation.model.ids import new_uuid
from moderation.runtime import Runtime
from moderation.services.announcements import payload
from moderation.services.attempts import Attempt, record_attempt, record_delivered
from moderation.services.deliveries import has_due, recent_deliveries
from moderation.services.endpoints import add_endpoint, address_guard
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.reading import decisions_after
from moderation.services.sending import MAX_IN_FLIGHT, claim_due
from moderation.settings import Settings
from moderation.storage.deliveries import add_for_events
from tests.factories import Agora, classify_all, flagged_comment, submit
from tests.receivers import Receiver, receiver
from tests.sending import (
    PUBLIC,
    REFUSED,
    TAKEN,
    decided,
    deliver_all,
    flagged_then_approved,
    publish,
    skip_waiting,
    states,
)
from tests.statements import heard
from worker.deliveries import deliver
from worker.webhooks import send


@pytest.fixture
def settings(settings: Settings) -> Settings:
    loopback = (ip_network("127.0.0.0/8"),)
    update = {"webhook_allow_http": True, "webhook_allowed_networks": loopback}
    return settings.model_copy(update=update)


@pytest.fixture
def site() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def test_a_decision_arrives_signed_and_says_what_to_do(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    added = add_endpoint(runtime, agora.site_id, site.url)
    comment_id = flagged_comment(runtime, agora.site_id, "their-id")
    assert has_due(runtime)
    deliver_all(runtime)
    assert not has_due(runtime)
    (received,) = site.received
    message = received.verify(added.secret)
    (announcement,) = decisions_after(runtime, agora.site_id, 0, 10)
    assert message == {
        "type": "comment.decided",
        "timestamp": announcement.decision.decided_at.isoformat(),
        "data": payload(announcement),
    }
    assert message["data"]["comment_id"] == str(comment_id)
    assert (message["data"]["display"], message["data"]["sequence"]) == ("hold", 1)
    assert received.id == str(announcement.event_id)
    assert received.headers["content-type"] == "application/json"
    assert b"idiot" not in received.body


def test_every_endpoint_of_the_site_is_told_and_no_other_sites(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    for path in ("/one", "/two"):
        add_endpoint(runtime, agora.site_id, site.url + path)
    add_endpoint(runtime, agora.other_site_id, site.url + "/boule")
    decided(runtime, agora.site_id, "c1")
    deliver_all(runtime)
    assert sorted(site.paths()) == ["/hook/one", "/hook/two"]
    assert len(set(site.ids())) == 1


def test_a_site_without_endpoints_costs_one_question(runtime: Runtime, agora: Agora) -> None:
    event = {"id": new_uuid(), "comment_id": new_uuid(), "sequence": 1}
    with heard(runtime) as said, runtime.transaction() as connection:
        assert add_for_events(connection, agora.site_id, [event] * 50, datetime.now(UTC)) == 0
    assert len(said) == 1
    assert said[0].text.startswith("SELECT endpoints.id")


def test_a_persons_decision_is_told_when_the_undo_window_is_over(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    add_endpoint(runtime, agora.site_id, site.url)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    deliver_all(runtime)
    assert site.received == []
    publish(runtime)
    deliver_all(runtime)
    assert [one.message["data"]["display"] for one in site.received] == ["show"]


def test_an_endpoint_hears_the_decisions_on_a_comment_in_their_order(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    add_endpoint(runtime, agora.site_id, site.url)
    flagged_then_approved(runtime, agora)
    deliver_all(runtime)
    data = [one.message["data"] for one in site.received]
    assert [(one["sequence"], one["status"]) for one in data] == [(1, "flagged"), (2, "approved")]


def test_while_one_is_in_flight_the_next_on_the_same_comment_waits(
    runtime: Runtime, agora: Agora
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    flagged_then_approved(runtime, agora)
    decided(runtime, agora.site_id, "another comment")
    claimed = claim_due(runtime, 10)
    assert len(claimed) == 2
    assert claim_due(runtime, 10) == []
    assert not has_due(runtime)
    for one in claimed:
        record_attempt(runtime, one, TAKEN)
    (last,) = claim_due(runtime, 10)
    assert json.loads(last.body)["data"]["sequence"] == 2


def test_a_new_decision_hurries_the_one_before_it(runtime: Runtime, agora: Agora) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    comment_id = flagged_comment(runtime, agora.site_id)
    record_attempt(runtime, claim_due(runtime, 1)[0], REFUSED)
    assert not has_due(runtime)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    publish(runtime)
    for sequence in (1, 2):
        (claimed,) = claim_due(runtime, 10)
        assert json.loads(claimed.body)["data"]["sequence"] == sequence
        record_attempt(runtime, claimed, TAKEN)


def test_a_new_decision_does_not_wait_for_one_that_the_endpoint_cannot_take(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    add_endpoint(runtime, agora.site_id, site.url)
    site.answer = lambda one: 400 if one.message["data"]["sequence"] == 1 else 204
    flagged_then_approved(runtime, agora)
    deliver_all(runtime)
    assert states(runtime, agora.site_id) == [DeliveryState.CANCELLED, DeliveryState.DELIVERED]


def test_an_edit_calls_off_what_was_not_sent_about_the_older_text(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    add_endpoint(runtime, agora.site_id, site.url)
    flagged_comment(runtime, agora.site_id)
    submit(runtime, agora.site_id, text="Something kinder.")
    classify_all(runtime)
    deliver_all(runtime)
    assert [one.message["data"]["revision"] for one in site.received] == [2]


def test_what_is_in_flight_at_an_edit_arrives_before_the_new_decision(
    runtime: Runtime, agora: Agora
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    flagged_comment(runtime, agora.site_id)
    (older,) = claim_due(runtime, 1)
    submit(runtime, agora.site_id, text="Something kinder.")
    classify_all(runtime)
    assert claim_due(runtime, 1) == []
    record_attempt(runtime, older, REFUSED)
    (newer,) = claim_due(runtime, 1)
    assert json.loads(newer.body)["data"]["revision"] == 2


@pytest.mark.parametrize(
    ("attempt", "state"),
    [
        (TAKEN, DeliveryState.DELIVERED),
        (REFUSED, DeliveryState.CANCELLED),
        (replace(REFUSED, status=410, gone=True), DeliveryState.CANCELLED),
    ],
)
def test_what_is_in_flight_at_an_erasure_is_not_tried_again(
    runtime: Runtime, agora: Agora, attempt: Attempt, state: DeliveryState
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    comment_id = flagged_comment(runtime, agora.site_id)
    (claimed,) = claim_due(runtime, 1)
    erase(runtime, agora.site_id, comment_id)
    record_attempt(runtime, claimed, attempt)
    skip_waiting(runtime)
    assert claim_due(runtime, 1) == []
    assert states(runtime, agora.site_id) == [state]


def test_after_a_crash_the_same_message_is_sent_again(runtime: Runtime, agora: Agora) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    decided(runtime, agora.site_id, "c1")
    (lost,) = claim_due(runtime, 1)
    assert claim_due(runtime, 1) == []
    skip_waiting(runtime)
    (again,) = claim_due(runtime, 1)
    assert (again.message_id, again.body, again.attempts) == (lost.message_id, lost.body, 2)
    assert again.token != lost.token
    assert not record_attempt(runtime, lost, REFUSED)
    assert record_attempt(runtime, again, TAKEN)
    assert states(runtime, agora.site_id) == [DeliveryState.DELIVERED]


def test_two_senders_at_once_never_send_the_same_delivery_twice(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    for path in ("/one", "/two"):
        add_endpoint(runtime, agora.site_id, site.url + path)
    decided(runtime, agora.site_id, *(f"c{number}" for number in range(30)))
    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(deliver_all, runtime) for _ in range(6)]:
            done.result()
    times = Counter(Counter((one.path, one.id) for one in site.received).values())
    assert times == {1: 60}
    assert set(states(runtime, agora.site_id)) == {DeliveryState.DELIVERED}


def test_no_more_than_a_few_are_under_way_to_one_endpoint_at_once(
    runtime: Runtime, agora: Agora
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    decided(runtime, agora.site_id, *(f"c{number}" for number in range(20)))
    with ThreadPoolExecutor(8) as pool:
        claims = [pool.submit(claim_due, runtime, 1) for _ in range(24)]
    assert sum(len(claim.result()) for claim in claims) == MAX_IN_FLIGHT


def test_what_could_not_be_sent_in_time_is_left_to_the_next(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    add_endpoint(runtime, agora.site_id, site.url)
    decided(runtime, agora.site_id, *(f"c{number}" for number in range(20)))

    def answer_late(_: object) -> int:
        time.sleep(1)
        return 204

    site.answer = answer_late
    assert deliver(runtime, send, address_guard(runtime.settings), seconds=0.5)
    assert len(site.received) == MAX_IN_FLIGHT
    found = Counter(states(runtime, agora.site_id))
    assert found == {DeliveryState.DELIVERED: MAX_IN_FLIGHT, DeliveryState.QUEUED: 12}
    assert {claimed.attempts for claimed in claim_due(runtime)} == {1}, "as if never claimed"


def test_after_a_failure_the_rest_of_a_claim_is_not_sent(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    add_endpoint(runtime, agora.site_id, site.url)
    decided(runtime, agora.site_id, *(f"c{number}" for number in range(20)))
    site.answer = lambda _: 500
    deliver_all(runtime)
    assert len(site.received) == MAX_IN_FLIGHT
    skip_waiting(runtime)
    site.answer = lambda _: 204
    deliver_all(runtime)
    skip_waiting(runtime)
    deliver_all(runtime)
    assert set(states(runtime, agora.site_id)) == {DeliveryState.DELIVERED}
    tried = Counter(one.id for one in site.received)
    assert sorted(tried.values()) == [1] * 12 + [2] * MAX_IN_FLIGHT


def test_what_one_claim_delivered_is_recorded_at_once_but_for_what_others_took_over(
    runtime: Runtime, agora: Agora
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    decided(runtime, agora.site_id, "c1", "c2", "c3")
    late = claim_due(runtime, 1)
    skip_waiting(runtime)
    claimed = claim_due(runtime, 10)
    assert len(claimed) == 3
    assert record_delivered(runtime, [(one, TAKEN) for one in late]) == set()
    assert states(runtime, agora.site_id) == [DeliveryState.QUEUED] * 3
    kept = record_delivered(runtime, [(one, TAKEN) for one in claimed])
    assert kept == {one.id for one in claimed}
    assert states(runtime, agora.site_id) == [DeliveryState.DELIVERED] * 3
    tried = [view.last_attempt for view in recent_deliveries(runtime, agora.site_id, 10)]
    assert all(attempt is not None and attempt.status == 204 for attempt in tried)


def test_what_was_sent_while_the_database_was_away_for_a_moment_is_not_sent_again(
    runtime: Runtime, agora: Agora, site: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_endpoint(runtime, agora.site_id, site.url)
    decided(runtime, agora.site_id, "c1")
    away = iter([StorageUnavailable("restarting")])

    def record(*arguments: Any) -> Any:  # noqa: ANN401 - those of the real one
        for error in away:
            raise error
        return record_delivered(*arguments)

    monkeypatch.setattr("worker.deliveries.record_delivered", record)
    deliver_all(runtime)
    assert len(site.received) == 1
    assert states(runtime, agora.site_id) == [DeliveryState.DELIVERED]


def test_a_claim_of_one_endpoint_leaves_the_others_to_other_threads(
    runtime: Runtime, agora: Agora
) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    add_endpoint(runtime, agora.other_site_id, PUBLIC)
    decided(runtime, agora.site_id, "c1", "c2")
    decided(runtime, agora.other_site_id, "c3")
    claims = [claim_due(runtime, 10) for _ in range(3)]
    assert sorted(map(len, claims)) == [0, 1, 2]


def test_a_long_backlog_leaves_room_for_other_sites(runtime: Runtime, agora: Agora) -> None:
    add_endpoint(runtime, agora.site_id, PUBLIC)
    boule = add_endpoint(runtime, agora.other_site_id, PUBLIC)
    decided(runtime, agora.site_id, *(f"c{number}" for number in range(20)))
    decided(runtime, agora.other_site_id, "late")
    claims = [claim_due(runtime, 5), claim_due(runtime, 5)]
    assert sorted(map(len, claims)) == [1, 5]
    assert boule.id in [claimed[0].endpoint_id for claimed in claims]


def test_an_endpoint_that_hangs_does_not_keep_another_waiting(
    runtime: Runtime, agora: Agora, site: Receiver
) -> None:
    add_endpoint(runtime, agora.site_id, site.url + "/hangs")
    add_endpoint(runtime, agora.other_site_id, site.url)
    decided(runtime, agora.site_id, *(f"c{number}" for number in range(20)))
    answer, others_told = threading.Event(), threading.Event()

    def answer_late(_: object) -> int:
        answer.wait(10)
        return 500

    def answer_at_once(_: object) -> int:
        if site.paths().count("/hook") == 3:
            others_told.set()
        return 204

    site.answer = lambda one: (answer_at_once if one.path == "/hook" else answer_late)(one)
    with ThreadPoolExecutor(8) as pool:
        senders = [pool.submit(deliver_all, runtime) for _ in range(8)]
        decided(runtime, agora.other_site_id, "b1", "b2", "b3")
        senders += [pool.submit(deliver_all, runtime) for _ in range(4)]
        told_in_time = others_told.wait(5)
        answer.set()
        for sender in senders:
            sender.result()
    assert told_in_time
    assert site.paths().count("/hook/hangs") <= MAX_IN_FLIGHT, "after that it rests"
