"""Builders for the audit: sites where chance chooses all that is approved, and what it chose."""

from itertools import count
from typing import Any

from sqlalchemy import Row, select

from moderation.model.audits import SampleState
from moderation.model.ids import CommentId, SiteId
from moderation.runtime import Runtime
from moderation.services.audit_sampling import change_audit
from moderation.storage.audit_samples import audit_samples
from tests.factories import CIVIL, classify_all, submit

_numbers = count()


def sampled(
    runtime: Runtime,
    site_id: SiteId,
    text: str = "Good morning.",
    **fields: Any,  # noqa: ANN401 - fields of NewComment
) -> CommentId:
    """Return a comment that automation approved, and that chance chose."""
    change_audit(runtime, "agora", 1.0)
    submitted = submit(runtime, site_id, f"sampled-{next(_numbers)}", text=text, **fields)
    classify_all(runtime, CIVIL)
    return submitted.comment_id


def samples(runtime: Runtime) -> list[Row[tuple[object, ...]]]:
    """Return all samples, the first chosen first."""
    with runtime.reading() as connection:
        return list(connection.execute(select(audit_samples).order_by(audit_samples.c.id)))


def state_of(runtime: Runtime, comment_id: CommentId) -> list[SampleState]:
    """Return what became of the samples of a comment, the first chosen first."""
    return [SampleState(row.state) for row in samples(runtime) if row.comment_id == comment_id]
