"""Signatures, and what an endpoint may ask of us."""

import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.addresses import Destination
from worker.guarded_http import Post
from worker.webhooks import MAX_RETRY_AFTER, WebhookRequest, make_headers, parse_retry_after

OLD, NEW, FOREIGN = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in range(3))
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def request(secrets: tuple[str, ...] = (NEW,), sent_at: datetime | None = None) -> WebhookRequest:
    return WebhookRequest(
        url="https://hooks.example.com/in",
        event_id=UUID("0197f5c2-7c00-7000-8000-000000000001"),
        sent_at=sent_at or datetime.now(UTC),
        body='{"data":{"name":"Zoë"}}'.encode(),
        secrets=secrets,
    )


def test_both_secrets_sign_while_one_replaces_the_other() -> None:
    both = request(secrets=(OLD, NEW))
    headers = make_headers(both)

    for secret in (OLD, NEW):
        standardwebhooks.Webhook(secret).verify(both.body, headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(FOREIGN).verify(both.body, headers)


@pytest.mark.parametrize(
    ("header", "value"),
    [("webhook-id", lambda: "other"), ("webhook-timestamp", lambda: str(int(time.time()) - 30))],
    ids=["id", "time"],
)
def test_a_changed_id_or_time_is_seen(header: str, value: Callable[[], str]) -> None:
    one = request()

    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(NEW).verify(one.body, make_headers(one) | {header: value()})


def test_a_changed_body_is_seen() -> None:
    one = request()

    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(NEW).verify(one.body + b" ", make_headers(one))


def test_the_time_zone_of_the_clock_does_not_matter() -> None:
    here = request(sent_at=datetime.now(timezone(timedelta(hours=9))))

    standardwebhooks.Webhook(NEW).verify(here.body, make_headers(here))


@pytest.mark.parametrize("secrets", [(), (OLD, NEW, OLD)])
def test_a_webhook_has_one_secret_or_two(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="secrets"):
        request(secrets)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        request(sent_at=datetime(2026, 1, 1))  # noqa: DTZ001 - what is tested


def test_secrets_and_body_are_not_shown() -> None:
    shown = repr(request())

    assert NEW not in shown
    assert "Zo" not in shown


def test_nothing_that_is_posted_is_shown() -> None:
    destination = Destination("https", "hooks.example.com", 443, "/in/canary")
    shown = repr(Post(destination, {"x-goog-api-key": "canary"}, b"canary"))

    assert "hooks.example.com" in shown
    assert "canary" not in shown


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("999999999", MAX_RETRY_AFTER),
        ("Mon, 23 Nov 2026 12:01:30 GMT", 90),
        ("Mon, 23 Nov 2026 12:01:30 -0000", 90),
        ("Mon, 23 Nov 2026 13:01:30 +0100", 90),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("Mon, 23 Nov 9026 12:01:30 GMT", MAX_RETRY_AFTER),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("9" * 5000, None),
        ("\u00b2", None),
        ("", None),
    ],
)
def test_a_busy_endpoint_can_ask_for_time(value: str, seconds: int | None) -> None:
    assert parse_retry_after(value, NOON) == seconds


@given(
    st.text(max_size=40)
    | st.from_regex(r"Mon, [0-9]+ Nov [0-9]+ [0-9]+:[0-9]+:[0-9]+ [+-][0-9]+", fullmatch=True)
)
def test_no_retry_after_is_too_strange(value: str) -> None:
    seconds = parse_retry_after(value, NOON)

    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER
