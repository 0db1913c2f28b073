"""What tests of deliveries share: decisions to be told, and time that passes on demand."""

from datetime import timedelta

from sqlalchemy import update

from moderation.model.decisions import Action
from moderation.model.events import DeliveryState
from moderation.model.ids import CommentId, SiteId
from moderation.runtime import Runtime
from moderation.services.announcements import publish_due
from moderation.services.attempts import Attempt
from moderation.services.deliveries import recent_deliveries
from moderation.services.endpoints import address_guard
from moderation.services.moderating import decide_comment
from moderation.storage.deliveries import deliveries
from moderation.storage.endpoints import endpoints
from moderation.storage.events import events
from tests.factories import Agora, classify_all, flagged_comment, submit
from worker.deliveries import deliver
from worker.webhooks import send

PUBLIC = "https://hooks.example.com/copydesk?token=hunter2"
"""An endpoint that is never really sent to."""

TAKEN = Attempt(delivered=True, status=204, error=None, milliseconds=3)
REFUSED = Attempt(delivered=False, status=400, error=None, milliseconds=3)
BROKEN = Attempt(delivered=False, status=500, error=None, milliseconds=3)


def deliver_all(runtime: Runtime) -> None:
    """Do as the worker does until nothing is due."""
    while deliver(runtime, send, address_guard(runtime.settings)):
        pass


def decided(runtime: Runtime, site_id: SiteId, *external_ids: str) -> None:
    """Post these comments and decide them."""
    for external_id in external_ids:
        submit(runtime, site_id, external_id)
    classify_all(runtime)


def flagged_then_approved(runtime: Runtime, agora: Agora) -> CommentId:
    """Make two decisions on one comment that wait to be delivered."""
    comment_id = flagged_comment(runtime, agora.site_id)
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=1)
    publish(runtime)
    return comment_id


def publish(runtime: Runtime) -> None:
    """End the undo window of all decisions and publish them."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        connection.execute(update(events).values(publish_at=now))
    publish_due(runtime)


def skip_waiting(runtime: Runtime) -> None:
    """Let all leases, rests and steps between attempts be over."""
    with runtime.transaction() as connection:
        past = runtime.database_now(connection) - timedelta(seconds=1)
        connection.execute(update(deliveries).values(next_attempt_at=past))
        leased = deliveries.c.lease_until.is_not(None)
        connection.execute(update(deliveries).where(leased).values(lease_until=past))
        connection.execute(update(endpoints).values(rests_until=None))


def states(runtime: Runtime, site_id: SiteId) -> list[DeliveryState]:
    """Return the states of the site's deliveries, the oldest first."""
    return [view.state for view in reversed(recent_deliveries(runtime, site_id, 100))]
