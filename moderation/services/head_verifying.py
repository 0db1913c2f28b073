"""Verifying: whether a version of a site's head follows from the decisions that are stored."""

from dataclasses import dataclass

from moderation.model.errors import InvalidInput
from moderation.model.ids import SiteId
from moderation.model.learning import parted
from moderation.runtime import Runtime
from moderation.services.learning import Teacher, find_head, fingerprint, judged_until


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a version can be made again: from the same decisions, to the same bytes."""

    same_decisions: bool
    same_weights: bool
    decisions: int


def verify(runtime: Runtime, site_id: SiteId, number: int, teacher: Teacher) -> Verified:
    """Train a version again from what is stored, and compare. Raises NotFound, InvalidInput."""
    with runtime.reading() as connection:
        head = find_head(connection, site_id, number)
        known = head.lessons
        if known is None:
            raise InvalidInput("It was never trained.")
        parts = parted(judged_until(connection, site_id, head.classifier, known.until))
    same = parts.digest == known.digest
    made = fingerprint(teacher.train(parts)) if same else None
    return Verified(same, made == head.fingerprint, len(parts.all))
