"""Erasure: a withdrawn comment keeps its decisions, and loses its text and author."""

from dataclasses import replace
from datetime import datetime

from moderation.model.comments import Author, Comment, Status
from moderation.model.ids import CommentId, SiteId
from moderation.runtime import Runtime
from moderation.services import search_index, team_notes
from moderation.services.accepting import supersede
from moderation.services.access import comment_of_site
from moderation.storage import (
    appeals,
    audit,
    bulk_comments,
    classifications,
    comments,
    decisions,
    events,
    perspective_scores,
    reports,
    reviews,
    revisions,
    suggested_scores,
)
from moderation.storage.database import Connection

_PERSONAL = (
    "text",
    "text_digest",
    "author_id",
    "author_name",
    "author_role",
    "author_created_at",
    "author_email_digest",
    "author_url",
    "author_ip_digest",
    "url",
    "user_agent",
    "metadata",
)


def erase(runtime: Runtime, site_id: SiteId, comment_id: CommentId) -> None:
    """Withdraw a comment: call off what is under way, erase text and author.

    What a worker brings for it later is dropped. Raises NotFound, Erased, StorageUnavailable.
    """
    with runtime.transaction() as connection:
        comment = comment_of_site(connection, site_id, comment_id, lock=True)
        now = runtime.database_now(connection)
        supersede(connection, comment_id, now)
        _forget(connection, comment, now)
        audit.add(connection, "erase", now, site_id=site_id, data={"comment": str(comment_id)})


def _forget(connection: Connection, comment: Comment, now: datetime) -> None:
    search_index.change(connection, comment, replace(comment, text=None, author=Author()))
    older = [row.text_digest for row in revisions.of(connection, comment.id)]
    digests = [comment.text_digest or "", *older]
    suggested_scores.forget(connection, comment.site_id, comment.id, digests)
    perspective_scores.forget(connection, comment.id)
    revisions.delete(connection, comment.id)
    events.forget_digests(connection, comment.id)
    # Where the words stood, and which were found, says a little of what they were.
    classifications.forget_words(connection, comment.id)
    # People quote what they judge.
    team_notes.forget(connection, comment)
    decisions.forget_words(connection, comment.id)
    reviews.forget_words(connection, comment.id)
    reports.forget(connection, comment.id, now)
    appeals.forget(connection, comment.id)
    # Of one author, or with one text: beside the others of a bulk it says whose, or which.
    bulk_comments.forget(connection, comment.id)
    comments.change(
        connection,
        comment.id,
        status=Status.ERASED,
        sequence=comment.sequence + 1,
        **dict.fromkeys(_PERSONAL),
    )
