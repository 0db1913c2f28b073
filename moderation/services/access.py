"""Access: the comments that a person may see, or a site; to anybody else there are none."""

from typing import Any

from moderation.model.comments import Comment, Status
from moderation.model.errors import Erased, NotFound, StaleReview
from moderation.model.ids import CommentId, SiteId
from moderation.model.people import User
from moderation.storage import comments, desk
from moderation.storage.database import Connection

Which = CommentId | str
"""A comment by our id, or by the site's own."""


def comment_for(
    connection: Connection,
    user: User,
    comment_id: CommentId,
    *,
    lock: bool = False,
    seen: int | None = None,
) -> Comment:
    """Return a comment of a person's sites; `lock` keeps others from changing it.

    Raises NotFound, Erased, StaleReview (it has another sequence than the one that was `seen`).
    """
    comment = comments.by_id(connection, comment_id, lock=lock)
    there = _there(comment if comment is not None and user.sees(comment.site_id) else None)
    if seen not in {None, there.sequence}:
        raise StaleReview
    return there


def comment_of_site(
    connection: Connection, site_id: SiteId, which: Which, *, lock: bool = False
) -> Comment:
    """Return a comment of a site; `lock` keeps others from changing it. Raises NotFound, Erased."""
    if isinstance(which, str):
        comment = comments.by_external_id(connection, site_id, which, lock=lock)
    else:
        comment = comments.by_id(connection, which, lock=lock)
    return seen_by(site_id, comment)


def seen_by(site_id: SiteId, comment: Comment | None) -> Comment:
    """Return a comment that was read, if it is the site's. Raises NotFound, Erased."""
    return _there(comment if comment is not None and comment.site_id == site_id else None)


def row_for(connection: Connection, user: User, comment_id: CommentId) -> Any:  # noqa: ANN401 - a row
    """Return what a card shows of a comment of a person's sites, an erased one too.

    Raises NotFound.
    """
    row = desk.one_with_review(connection, comment_id)
    if row is None or not user.sees(row.site_id):
        raise _nothing()
    return row


def site_for(connection: Connection, user: User, comment_id: CommentId) -> SiteId:
    """Return whose a comment of a person's sites is, an erased one's too. Raises NotFound."""
    site_id = comments.site_of(connection, comment_id)
    if site_id is None or not user.sees(site_id):
        raise _nothing()
    return site_id


def _there(comment: Comment | None) -> Comment:
    if comment is None:
        raise _nothing()
    if comment.status is Status.ERASED:
        raise Erased("This comment was withdrawn.")
    return comment


def _nothing() -> NotFound:
    return NotFound("There is no such comment.")
