"""Webhooks: the addresses where a site wants to be told of decisions."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user, one_site
from api.dashboard.forms import field
from api.dashboard.languages import gettext, told
from api.dashboard.sessions import desk_session
from api.problems import KINDS
from api.web import web
from moderation.model.errors import InvalidInput
from moderation.model.ids import DeliveryId, EndpointId
from moderation.services import deliveries, endpoints
from moderation.services.endpoints import Endpoint

SHOWN = 30
"""Deliveries of each list."""

SHOWN_ONCE = "secret"
"""Where the session keeps a secret from the form that made it to the page that shows it."""


def webhooks() -> ResponseReturnValue:
    """Show the endpoints, what failed and what was sent last; a new secret once."""
    return _page(reveals=True)


def add() -> ResponseReturnValue:
    """Register an endpoint, and have its secret shown."""
    site, url = one_site(), field("url")
    try:
        added = endpoints.add_endpoint(
            web().runtime, site.id, url, field("description"), current_user().id
        )
    except InvalidInput as error:
        return _page(error=_sentence(error), typed=url), KINDS[InvalidInput].status
    return _reveal(added.secret, added.id)


def rotate(endpoint_id: UUID) -> ResponseReturnValue:
    """Give an endpoint a new secret, and have it shown."""
    secret = endpoints.rotate_secret(
        web().runtime, EndpointId(endpoint_id), site_id=one_site().id, user_id=current_user().id
    )
    return _reveal(secret, EndpointId(endpoint_id))


def test(endpoint_id: UUID) -> ResponseReturnValue:
    """Send a test message."""
    endpoints.send_test(web().runtime, EndpointId(endpoint_id), site_id=one_site().id)
    return _done(
        gettext("A test message is on its way. Load the page again to see what became of it.")
    )


def disable(endpoint_id: UUID) -> ResponseReturnValue:
    """Send nothing more to an endpoint."""
    endpoints.disable_endpoint(
        web().runtime, EndpointId(endpoint_id), site_id=one_site().id, user_id=current_user().id
    )
    return _done(gettext("The endpoint is disabled. What waited for it was called off."))


def enable(endpoint_id: UUID) -> ResponseReturnValue:
    """Send to an endpoint again."""
    endpoints.enable_endpoint(
        web().runtime, EndpointId(endpoint_id), site_id=one_site().id, user_id=current_user().id
    )
    return _done(gettext("The endpoint is enabled. It is told of every decision from now on."))


def redeliver(delivery_id: UUID) -> ResponseReturnValue:
    """Send a delivery again."""
    deliveries.redeliver(
        web().runtime, DeliveryId(delivery_id), site_id=one_site().id, user_id=current_user().id
    )
    return _done(gettext("It is sent again now."))


def _sentence(error: InvalidInput) -> str:
    # The rules were written for programs too: the form says "Address".
    said = told(error).replace("the URL", "the address").rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."


def _done(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("dashboard.webhooks"), 303)


def _reveal(secret: str, of: EndpointId) -> ResponseReturnValue:
    # Kept on the server for the next page, and in no address; who reloads that page sends no form
    # again, which would add a second endpoint or replace the secret that was just copied.
    desk_session()[SHOWN_ONCE] = {"of": str(of), "secret": secret}
    return redirect(url_for("dashboard.webhooks"), 303)


def _take_secret(listed: Sequence[Endpoint]) -> tuple[str, Endpoint] | None:
    """Return the new secret and whose it is, and forget it, where that endpoint is listed."""
    kept = desk_session().get(SHOWN_ONCE, {})
    found = [endpoint for endpoint in listed if str(endpoint.id) == kept.get("of")]
    if not found:
        return None
    del desk_session()[SHOWN_ONCE]
    return kept["secret"], found[0]


def _page(*, reveals: bool = False, error: str | None = None, typed: str = "") -> str:
    runtime, site = web().runtime, one_site()
    listed = endpoints.list_endpoints(runtime, site.id)
    secret, secret_of = (_take_secret(listed) if reveals else None) or (None, None)
    return render_template(
        "dashboard/webhooks.html",
        endpoints=listed,
        failed=deliveries.failed_deliveries(runtime, site.id, SHOWN),
        recent=deliveries.recent_deliveries(runtime, site.id, SHOWN),
        secret=secret,
        secret_of=secret_of,
        error=error,
        typed=typed,
    )
