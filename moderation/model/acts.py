"""Acts: what a person did at the desk and can take back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from moderation.model.ids import ActId, CommentId, UserId


class ActKind(StrEnum):
    """What was done."""

    DECIDE = "decide"
    SKIP = "skip"
    ESCALATE = "escalate"
    SEND_BACK = "send-back"
    BULK = "bulk"
    SECOND_LOOK = "second-look"
    AUDIT = "audit"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that one person did at one moment.

    `comment_id` is None where a standing was set from no comment, and of a bulk. `data` holds what
    it takes to undo it: ids and moments, and nothing that anybody wrote.
    """

    id: ActId
    user_id: UserId
    kind: ActKind
    comment_id: CommentId | None
    done_at: datetime
    undone_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
