"""`copydesk webhook`: where sites are told of decisions, and what became of the messages."""

import time
from typing import Annotated
from uuid import UUID

import typer

from moderation.broker import Task
from moderation.cli import screen
from moderation.cli.context import opened
from moderation.model.errors import InvalidInput
from moderation.model.events import DeliveryState
from moderation.model.ids import DeliveryId, EndpointId
from moderation.runtime import Runtime
from moderation.services import deliveries, endpoints
from moderation.services.deliveries import DeliveryView
from moderation.services.sites import find_site

app = typer.Typer(
    help="Register endpoints of sites, test them, and send failed messages again.",
    no_args_is_help=True,
)

TEST_SECONDS = 20.0
"""How long `webhook test` waits for the sender: it rings, connects and is given ten seconds."""

Site = Annotated[str, typer.Argument(help="The site's short name.")]
Id = Annotated[str, typer.Argument(help="The id, as `webhook list` shows it.")]


@app.command()
def add(
    site: Site,
    url: Annotated[str, typer.Argument(help="An https:// address of the site.")],
    description: Annotated[str, typer.Option(help="For the list.")] = "",
) -> None:
    """Register an endpoint and print its signing secret, once."""
    with opened() as runtime:
        added = endpoints.add_endpoint(runtime, find_site(runtime, site).id, url, description)
    screen.say(f"Endpoint {added.id} added. ")
    screen.say("The receiver checks signatures with this secret, shown this once:")
    screen.say(added.secret)


@app.command("list")
def list_(site: Site) -> None:
    """List a site's endpoints."""
    with opened() as runtime:
        found = endpoints.list_endpoints(runtime, find_site(runtime, site).id)
    rows = (
        (
            endpoint.id,
            endpoint.url,
            endpoint.description,
            endpoint.failures,
            endpoint.disabled_at,
            endpoint.disabled_reason,
        )
        for endpoint in found
    )
    screen.table(("id", "address", "description", "failures", "disabled", "why"), rows)


@app.command()
def disable(endpoint: Id) -> None:
    """Send nothing to an endpoint any more."""
    with opened() as runtime:
        endpoints.disable_endpoint(runtime, _endpoint_id(endpoint))
    screen.say(f"Endpoint {endpoint} is disabled.")


@app.command()
def enable(endpoint: Id) -> None:
    """Send to an endpoint again, from the next decision on."""
    with opened() as runtime:
        endpoints.enable_endpoint(runtime, _endpoint_id(endpoint))
    screen.say(f"Endpoint {endpoint} is enabled.")


@app.command()
def test(endpoint: Id) -> None:
    """Send a test message and say what the endpoint answered."""
    with opened() as runtime:
        delivery_id = endpoints.send_test(runtime, _endpoint_id(endpoint))
        runtime.broker.ring(Task.DELIVER)
        outcome = _await_outcome(runtime, delivery_id)
    screen.say(_told(outcome))
    if outcome.state is not DeliveryState.DELIVERED:
        raise typer.Exit(1)


@app.command()
def failed(
    site: Site, limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50
) -> None:
    """List messages that were given up, the newest first."""
    with opened() as runtime:
        found = deliveries.failed_deliveries(runtime, find_site(runtime, site).id, limit)
    rows = (
        (view.id, view.external_id, view.url, view.attempts, _answer(view), view.finished_at)
        for view in found
    )
    screen.table(("id", "comment", "address", "attempts", "last answer", "given up"), rows)


@app.command()
def redeliver(
    delivery: Annotated[str, typer.Argument(help="The id, as `webhook failed` shows it.")],
) -> None:
    """Send a message again, with all its retries."""
    delivery_id = DeliveryId(_uuid(delivery))
    with opened() as runtime:
        deliveries.redeliver(runtime, delivery_id)
        runtime.broker.ring(Task.DELIVER)
    screen.say(f"Delivery {delivery} is on its way again.")


def _await_outcome(runtime: Runtime, delivery_id: DeliveryId) -> DeliveryView:
    deadline = time.monotonic() + TEST_SECONDS
    while True:
        view = deliveries.get_delivery(runtime, delivery_id)
        if view.state is not DeliveryState.QUEUED or time.monotonic() > deadline:
            return view
        time.sleep(0.1)


def _told(view: DeliveryView) -> str:
    if view.state is DeliveryState.QUEUED and view.last_attempt is None:
        return "Nobody has sent the message yet. Does the deliveries worker run?"
    word = "Delivered" if view.state is DeliveryState.DELIVERED else "Not delivered"
    return f"{word}: {_answer(view)}."


def _answer(view: DeliveryView) -> str:
    last = view.last_attempt
    if last is None:
        return "no answer"
    said = f"status {last.status}" if last.status is not None else screen.visible(last.error or "")
    return f"{said}, {last.milliseconds} ms"


def _endpoint_id(text: str) -> EndpointId:
    return EndpointId(_uuid(text))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput("An id looks like 0193c3f2-7a54-7c3e-8000-3f1d2c4b5a69.") from None
