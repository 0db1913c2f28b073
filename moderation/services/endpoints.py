"""Endpoints: where a site wants to be told of decisions."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderation.model.addresses import AddressGuard, check_url
from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.events import DeliveryKind
from moderation.model.ids import DeliveryId, EndpointId, SiteId, UserId, new_uuid
from moderation.runtime import Runtime
from moderation.services import calling_off
from moderation.settings import Settings
from moderation.storage import audit, deliveries, endpoints, sites
from moderation.storage.database import Connection
from moderation.storage.endpoints import EndpointRow

SECRET_PREFIX = "whsec_"  # noqa: S105 - the same for everybody
SECRET_BYTES = 32
ROTATION = timedelta(hours=24)
"""How long the old secret signs beside the new one."""
MAX_DESCRIPTION_LENGTH = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class AddedEndpoint:
    """A new endpoint, with the secret that nobody is shown again."""

    id: EndpointId
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A registered webhook address; it rests for a while after a failure."""

    id: EndpointId
    site_id: SiteId
    url: str
    description: str
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    failures: int
    rests_until: datetime | None


def address_guard(settings: Settings) -> AddressGuard:
    """Return which addresses this installation's webhooks may reach."""
    return AddressGuard(settings.webhook_allowed_networks, settings.webhook_allow_http)


def add_endpoint(
    runtime: Runtime,
    site_id: SiteId,
    url: str,
    description: str = "",
    user_id: UserId | None = None,
) -> AddedEndpoint:
    """Register an address; decisions made from now on are sent to it.

    Raises InvalidInput (the address may not be reached), NotFound (the site).
    """
    check_url(url, address_guard(runtime.settings))
    if len(description) > MAX_DESCRIPTION_LENGTH or not description.isprintable():
        raise InvalidInput(
            f"the description must be one line of at most {MAX_DESCRIPTION_LENGTH} characters"
        )
    added = AddedEndpoint(EndpointId(new_uuid()), _new_secret())
    with runtime.transaction() as connection:
        if sites.by_id(connection, site_id) is None:
            raise NotFound("There is no such site.")
        now = runtime.database_now(connection)
        endpoints.add(
            connection,
            id=added.id,
            site_id=site_id,
            url=url,
            description=description,
            secret=added.secret,
            created_at=now,
        )
        _log(connection, "endpoint.add", (site_id, added.id), user_id, now)
    return added


def list_endpoints(runtime: Runtime, site_id: SiteId) -> list[Endpoint]:
    """Return the site's endpoints, disabled ones too, the oldest first."""
    with runtime.reading() as connection:
        return [_view(row) for row in endpoints.of(connection, site_id)]


def get_endpoint(runtime: Runtime, endpoint_id: EndpointId) -> Endpoint:
    """Return one endpoint. Raises NotFound."""
    with runtime.reading() as connection:
        return _view(_find(connection, endpoint_id, None))


def disable_endpoint(
    runtime: Runtime,
    endpoint_id: EndpointId,
    *,
    site_id: SiteId | None = None,
    user_id: UserId | None = None,
) -> None:
    """Stop sending to an endpoint; what waits for it is called off by whoever sends.

    Here and below `site_id` is given by whoever may act for that site only. Raises NotFound.
    """
    with runtime.transaction() as connection:
        row = _find(connection, endpoint_id, site_id)
        now = runtime.database_now(connection)
        endpoints.disable(connection, endpoint_id, now, "disabled by hand")
        _log(connection, "endpoint.disable", (row.site_id, endpoint_id), user_id, now)


def enable_endpoint(
    runtime: Runtime,
    endpoint_id: EndpointId,
    *,
    site_id: SiteId | None = None,
    user_id: UserId | None = None,
) -> None:
    """Send to an endpoint again, from the next decision on.

    Raises NotFound, Conflict (much of what waited for it is still being called off).
    """
    with runtime.transaction() as connection:
        row = _find(connection, endpoint_id, site_id)
        # First the endpoint, then deliveries: everybody locks in this order.
        disabled_at = endpoints.lock(connection, endpoint_id).disabled_at
        waits = disabled_at is not None and not calling_off.call_off(connection, endpoint_id)
        if not waits:
            now = runtime.database_now(connection)
            endpoints.change(connection, endpoint_id, disabled_at=None, disabled_reason=None)
            endpoints.wake(connection, endpoint_id)
            _log(connection, "endpoint.enable", (row.site_id, endpoint_id), user_id, now)
    if waits:
        raise Conflict("What waited for it is still being called off. Try again in a minute.")


def rotate_secret(
    runtime: Runtime,
    endpoint_id: EndpointId,
    *,
    site_id: SiteId | None = None,
    user_id: UserId | None = None,
) -> str:
    """Give an endpoint a new secret and return it; the old one signs too for a day.

    Raises NotFound.
    """
    secret = _new_secret()
    with runtime.transaction() as connection:
        row = _find(connection, endpoint_id, site_id)
        now = runtime.database_now(connection)
        old = {"old_secret": row.secret, "old_secret_until": now + ROTATION}
        endpoints.change(connection, endpoint_id, secret=secret, **old)
        _log(connection, "endpoint.rotate", (row.site_id, endpoint_id), user_id, now)
    return secret


def send_test(
    runtime: Runtime, endpoint_id: EndpointId, *, site_id: SiteId | None = None
) -> DeliveryId:
    """Queue a test message, sent soon and once; what became of it is in the delivery log.

    Raises NotFound, Conflict (the endpoint is disabled).
    """
    delivery_id = DeliveryId(new_uuid())
    with runtime.transaction() as connection:
        row = _find(connection, endpoint_id, site_id)
        if row.disabled_at is not None:
            raise Conflict("The endpoint is disabled; enable it first.")
        now = runtime.database_now(connection)
        # Somebody is waiting for the result: a rest after earlier failures ends here.
        endpoints.wake(connection, endpoint_id)
        deliveries.add(
            connection,
            id=delivery_id,
            kind=DeliveryKind.TEST,
            endpoint_id=endpoint_id,
            site_id=row.site_id,
            sequence=0,
            next_attempt_at=now,
            created_at=now,
        )
    return delivery_id


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _find(connection: Connection, endpoint_id: EndpointId, site_id: SiteId | None) -> EndpointRow:
    row = endpoints.by_id(connection, endpoint_id)
    if row is None or site_id not in (None, row.site_id):
        raise NotFound("There is no such endpoint.")
    return row


def _log(
    connection: Connection,
    action: str,
    about: tuple[SiteId, EndpointId],
    user_id: UserId | None,
    at: datetime,
) -> None:
    # Not the URL: sites put passwords into it.
    site_id, endpoint_id = about
    data = {"endpoint": str(endpoint_id)}
    audit.add(connection, action, at, site_id=site_id, user_id=user_id, data=data)


def _view(row: EndpointRow) -> Endpoint:
    return Endpoint(
        id=row.id,
        site_id=row.site_id,
        url=row.url,
        description=row.description,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
        failures=row.failures,
        rests_until=row.rests_until,
    )
