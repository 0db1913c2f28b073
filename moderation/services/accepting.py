"""Accepting: submissions become comments and jobs in one open transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model import authors
from moderation.model.comments import Comment, NewComment, Status, digest_text
from moderation.model.errors import Erased, ModerationError, StaleRevision
from moderation.model.ids import CommentId, JobId, SiteId, new_uuid
from moderation.model.jobs import Lane
from moderation.services import search_index, team_notes
from moderation.storage import (
    appeals,
    audit_samples,
    comments,
    deliveries,
    events,
    jobs,
    perspective_scores,
    reviews,
    revisions,
)
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission; `changed` is False where the site repeated itself."""

    comment_id: CommentId
    revision: int
    changed: bool
    comment: Comment | None = None
    """As it was stored just now, where it is new."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a site wants stored."""

    site_id: SiteId
    new: NewComment
    lane: Lane


@dataclass(frozen=True, slots=True)
class Stored:
    """A submission in the database, with its job where it needs one."""

    submitted: Submitted
    site_id: SiteId
    job_id: JobId | None
    lane: Lane


@dataclass(frozen=True, slots=True)
class Store:
    """Stores submissions in one open transaction."""

    connection: Connection
    now: datetime
    classifier: str

    def all(self, submissions: Sequence[Submission]) -> list[Stored | ModerationError]:
        """Store all new comments at once, then each that the site has already."""
        rows = [self._row(submission) for submission in submissions]
        added = comments.add_all(self.connection, rows)
        news = {
            row["id"]: self._new(submission, row)
            for submission, row in zip(submissions, rows, strict=True)
            if row["id"] in added
        }
        self._queue(list(news.values()))
        stored = [
            news.get(row["id"]) or self._known(submission)
            for submission, row in zip(submissions, rows, strict=True)
        ]
        self._record_scores(submissions, stored)
        return stored

    def _record_scores(
        self, submissions: Sequence[Submission], stored: Sequence[Stored | ModerationError]
    ) -> None:
        """Keep what Perspective said of these very texts, where sites say it."""
        rows = [
            perspective_scores.row_of(submission.new.perspective_scores)
            | {
                "comment_id": one.submitted.comment_id,
                "revision": one.submitted.revision,
                "site_id": one.site_id,
                "recorded_at": self.now,
            }
            for submission, one in zip(submissions, stored, strict=True)
            if submission.new.perspective_scores and isinstance(one, Stored)
        ]
        if rows:
            perspective_scores.record(self.connection, rows)

    def _row(self, submission: Submission) -> dict[str, Any]:
        return comment_columns(submission.new) | {
            "id": CommentId(new_uuid()),
            "site_id": submission.site_id,
            "received_at": self.now,
        }

    def _new(self, submission: Submission, row: Mapping[str, Any]) -> Stored:
        comment = _as_stored(submission, row)
        submitted = Submitted(comment.id, comment.revision, changed=True, comment=comment)
        return Stored(submitted, submission.site_id, JobId(new_uuid()), submission.lane)

    def _known(self, submission: Submission) -> Stored | ModerationError:
        new = submission.new
        known = comments.by_external_id(
            self.connection, submission.site_id, new.external_id, lock=True
        )
        if known is None:
            raise AssertionError("a comment that exists cannot be read")
        if known.status is Status.ERASED:
            return Erased("This comment was withdrawn; its external id cannot be used again.")
        sent = new.edited_at or new.created_at
        is_older = bool(sent and known.edited_at and sent < known.edited_at)
        if known.text_digest == digest_text(new.text) and known.format is new.format:
            if new.edited_at and not is_older:
                comments.change(self.connection, known.id, edited_at=new.edited_at)
            submitted = Submitted(known.id, known.revision, changed=False)
            return Stored(submitted, known.site_id, None, submission.lane)
        if is_older:
            return StaleRevision(
                f"Revision {known.revision} has another text, edited later than the one sent."
            )
        return self._revise(submission, known)

    def _revise(self, submission: Submission, known: Comment) -> Stored:
        self._keep(known)
        supersede(self.connection, known.id, self.now)
        revision = known.revision + 1
        changes = comment_columns(submission.new) | {
            "revision": revision,
            "status": Status.PENDING,
            "sequence": known.sequence + 1,
            "edited_at": submission.new.edited_at or known.edited_at,
        }
        comments.change(self.connection, known.id, **changes)
        search_index.change(self.connection, known, submission.new)
        if authors.known(known.author) != authors.known(submission.new.author):
            team_notes.forget_author(self.connection, known)
        submitted = Submitted(known.id, revision, changed=True)
        stored = Stored(submitted, known.site_id, JobId(new_uuid()), submission.lane)
        self._queue([stored])
        return stored

    def _keep(self, known: Comment) -> None:
        old = {
            "id": new_uuid(),
            "comment_id": known.id,
            "revision": known.revision,
            "text": known.text,
            "text_digest": known.text_digest,
            "edited_at": known.edited_at,
            "replaced_at": self.now,
        }
        revisions.add(self.connection, old)

    def _queue(self, stored: Sequence[Stored]) -> None:
        rows = [
            {
                "id": one.job_id,
                "comment_id": one.submitted.comment_id,
                "site_id": one.site_id,
                "revision": one.submitted.revision,
                "classifier": self.classifier,
                "lane": one.lane,
                "created_at": self.now,
            }
            for one in stored
        ]
        if rows:
            jobs.add_all(self.connection, rows)


def _as_stored(submission: Submission, row: Mapping[str, Any]) -> Comment:
    new = submission.new
    return Comment(
        id=row["id"],
        site_id=submission.site_id,
        external_id=new.external_id,
        revision=1,
        text=new.text,
        text_digest=row["text_digest"],
        format=new.format,
        author=new.author,
        thread=new.thread,
        url=new.url,
        parent_external_id=new.parent_external_id,
        language=new.language,
        created_at=new.created_at,
        edited_at=new.edited_at,
        received_at=row["received_at"],
        status=Status.PENDING,
        sequence=0,
        reported=False,
    )


def supersede(connection: Connection, comment_id: CommentId, now: datetime) -> None:
    """Call off all that is under way for a comment: jobs, review, appeal, audit, announcements.

    What readers complained of stays: a changed text may still deserve it.
    """
    jobs.cancel(connection, comment_id)
    reviews.resolve(connection, [comment_id], now)
    appeals.close(connection, comment_id, now)
    audit_samples.call_off(connection, comment_id)
    events.cancel_scheduled(connection, comment_id)
    deliveries.cancel_queued(connection, comment_id)


def comment_columns(new: NewComment) -> dict[str, Any]:
    """Return what is stored of a comment as its site posted it."""
    author, thread = new.author, new.thread
    return {
        "external_id": new.external_id,
        "text": new.text,
        "text_digest": digest_text(new.text),
        "format": new.format,
        "author_id": author.id,
        "author_name": author.name,
        "author_role": author.role,
        "author_created_at": author.created_at,
        "author_email_digest": author.email_digest,
        "author_url": author.url,
        "author_ip_digest": author.ip_digest,
        "thread_id": thread.id,
        "thread_url": thread.url,
        "thread_title": thread.title,
        "thread_section": thread.section,
        "url": new.url,
        "parent_external_id": new.parent_external_id,
        "language": new.language,
        "user_agent": new.user_agent,
        "metadata": dict(new.metadata) or None,
        "created_at": new.created_at,
        "edited_at": new.edited_at,
    }
