"""Identifiers: UUIDs of version 7, which sort by the time they were made (RFC 9562)."""

import os
import time
from datetime import UTC, datetime
from typing import NewType
from uuid import UUID

SiteId = NewType("SiteId", UUID)
CommentId = NewType("CommentId", UUID)
JobId = NewType("JobId", UUID)
ClassificationId = NewType("ClassificationId", UUID)
DecisionId = NewType("DecisionId", UUID)
ReviewId = NewType("ReviewId", UUID)
PolicyId = NewType("PolicyId", UUID)
EventId = NewType("EventId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
EndpointId = NewType("EndpointId", UUID)
UserId = NewType("UserId", UUID)
KeyId = NewType("KeyId", UUID)
ReportId = NewType("ReportId", UUID)
AppealId = NewType("AppealId", UUID)
SavedFilterId = NewType("SavedFilterId", UUID)
StandingId = NewType("StandingId", UUID)
TeamNoteId = NewType("TeamNoteId", UUID)
ActId = NewType("ActId", UUID)
BulkId = NewType("BulkId", UUID)
SecondLookId = NewType("SecondLookId", UUID)
AuditSampleId = NewType("AuditSampleId", UUID)
HeadId = NewType("HeadId", UUID)
MailId = NewType("MailId", UUID)
ShadowId = NewType("ShadowId", UUID)

_NANOSECONDS_PER_MILLISECOND = 1_000_000
_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


def new_uuid() -> UUID:
    """Make a UUID version 7: 60 bits of time, then 62 random bits.

    The 12 bits after the milliseconds hold the fraction of the millisecond (RFC 9562, 6.2, method
    3), so that what one thread makes sorts in the order in which it was made.
    """
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS_PER_MILLISECOND)
    fraction = (rest << 12) // _NANOSECONDS_PER_MILLISECOND
    random = int.from_bytes(os.urandom(8), "big") >> 2
    moment = (milliseconds & ((1 << 48) - 1)) << 80 | fraction << 64
    return UUID(int=moment | _VERSION | _VARIANT | random)


def lowest_uuid(moment: datetime) -> UUID:
    """Return the id before all that are made from this moment on."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds & ((1 << 48) - 1)) << 80 | _VERSION | _VARIANT)


def moment_of(made: UUID) -> datetime:
    """Return when an id of version 7 was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
