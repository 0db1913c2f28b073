"""Events and deliveries: how a site learns of decisions."""

from enum import StrEnum

UNDO_SECONDS = 10
"""How long a moderator's decision waits before the site is told, so that a slip can be undone."""


class EventState(StrEnum):
    """Whether the sites may see the event."""

    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class DeliveryKind(StrEnum):
    """What a delivery tells; the `type` of its message."""

    DECIDED = "comment.decided"
    TEST = "endpoint.test"


class DeliveryState(StrEnum):
    """What became of one event on its way to one endpoint."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
