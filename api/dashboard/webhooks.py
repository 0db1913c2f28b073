"""Webhooks: the addresses where a site wants to be told of decisions."""

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user, one_site
from api.dashboard.forms import field
from api.problems import KINDS
from api.web import web
from moderation.model.errors import InvalidInput
from moderation.model.ids import DeliveryId, EndpointId
from moderation.services import deliveries, endpoints

SHOWN = 30
"""Deliveries of each list."""


def webhooks() -> ResponseReturnValue:
    """Show the endpoints, what failed and what was sent last."""
    return _page()


def add() -> ResponseReturnValue:
    """Register an endpoint, and show its secret: this once."""
    site, url = one_site(), field("url")
    try:
        added = endpoints.add_endpoint(
            web().runtime, site.id, url, field("description"), current_user().id
        )
    except InvalidInput as error:
        return _page(error=_sentence(error), typed=url), KINDS[InvalidInput].status
    return _page(secret=added.secret, of=added.id), HTTPStatus.CREATED


def rotate(endpoint_id: UUID) -> ResponseReturnValue:
    """Give an endpoint a new secret, and show it: this once."""
    secret = endpoints.rotate_secret(
        web().runtime, EndpointId(endpoint_id), site_id=one_site().id, user_id=current_user().id
    )
    return _page(secret=secret, of=EndpointId(endpoint_id))


def test(endpoint_id: UUID) -> ResponseReturnValue:
    """Send a test message."""
    endpoints.send_test(web().runtime, EndpointId(endpoint_id), site_id=one_site().id)
    return _done("A test message is on its way. Load the page again to see what became of it.")


def disable(endpoint_id: UUID) -> ResponseReturnValue:
    """Send nothing more to an endpoint."""
    endpoints.disable_endpoint(
        web().runtime, EndpointId(endpoint_id), site_id=one_site().id, user_id=current_user().id
    )
    return _done("The endpoint is disabled. What waited for it was called off.")


def enable(endpoint_id: UUID) -> ResponseReturnValue:
    """Send to an endpoint again."""
    endpoints.enable_endpoint(
        web().runtime, EndpointId(endpoint_id), site_id=one_site().id, user_id=current_user().id
    )
    return _done("The endpoint is enabled. It is told of every decision from now on.")


def redeliver(delivery_id: UUID) -> ResponseReturnValue:
    """Send a delivery again."""
    deliveries.redeliver(
        web().runtime, DeliveryId(delivery_id), site_id=one_site().id, user_id=current_user().id
    )
    return _done("It is sent again now.")


def _sentence(error: InvalidInput) -> str:
    # The rules were written for programs too: the form says "Address".
    said = str(error).replace("the URL", "the address").rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."


def _done(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("dashboard.webhooks"), 303)


def _page(
    secret: str | None = None,
    of: EndpointId | None = None,
    error: str | None = None,
    typed: str = "",
) -> str:
    runtime, site = web().runtime, one_site()
    return render_template(
        "dashboard/webhooks.html",
        endpoints=endpoints.list_endpoints(runtime, site.id),
        failed=deliveries.failed_deliveries(runtime, site.id, SHOWN),
        recent=deliveries.recent_deliveries(runtime, site.id, SHOWN),
        secret=secret,
        of=of,
        error=error,
        typed=typed,
    )
