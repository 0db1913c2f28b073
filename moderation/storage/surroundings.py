"""What stands around a comment: its thread, what it answers, and what else its author wrote.

Every statement reads a few rows off an index, however long the thread or the history is.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, false, func, or_, select

from moderation.model.authors import KnownAuthor
from moderation.model.decisions import Source
from moderation.model.ids import CommentId, SiteId
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions

READ = 2_000
"""Characters of a text that are read for its beginning to be shown: HTML has more than is seen."""

_c, _d = comments.c, decisions.c

_short: Select[Any] = select(
    _c.id,
    _c.site_id,
    _c.external_id,
    _c.parent_external_id,
    _c.status,
    _c.author_id,
    _c.author_name,
    _c.format,
    func.substr(_c.text, 1, READ).label("text"),
    func.coalesce(_c.created_at, _c.received_at, type_=_c.received_at.type).label("at"),
)


def by_external_ids(
    connection: Connection, sought: Collection[tuple[SiteId, str]]
) -> dict[tuple[SiteId, str], Row[Any]]:
    """Return sites' comments by their own ids."""
    # Not as pairs: for those SQLite would read the whole table.
    of_site: defaultdict[SiteId, list[str]] = defaultdict(list)
    for site_id, external_id in sought:
        of_site[site_id].append(external_id)
    which = [(_c.site_id == site_id) & _c.external_id.in_(ids) for site_id, ids in of_site.items()]
    statement = _short.where(or_(false(), *which))
    return {(row.site_id, row.external_id): row for row in connection.execute(statement)}


def by_ids(connection: Connection, site_id: SiteId, ids: Collection[CommentId]) -> list[Row[Any]]:
    """Return those of these comments that are the site's, the last received first."""
    statement = _short.where(_c.id.in_(ids), _c.site_id == site_id)
    return list(connection.execute(statement.order_by(_c.id.desc())))


def texts_of(connection: Connection, site_id: SiteId, ids: Collection[CommentId]) -> list[Row[Any]]:
    """Return id, status, format and whole text of those of these comments that are the site's."""
    statement = select(_c.id, _c.status, _c.format, _c.text)
    statement = statement.where(_c.id.in_(ids), _c.site_id == site_id, _c.text.is_not(None))
    return list(connection.execute(statement.order_by(_c.id.desc())))


def statuses_of(
    connection: Connection, site_id: SiteId, ids: Collection[CommentId]
) -> list[Row[Any]]:
    """Return id and status of those of these comments that are the site's, the newest first."""
    statement = select(_c.id, _c.status).where(_c.id.in_(ids), _c.site_id == site_id)
    return list(connection.execute(statement.order_by(_c.id.desc())))


def before(
    connection: Connection, site_id: SiteId, thread_id: str, comment_id: CommentId, limit: int
) -> list[Row[Any]]:
    """Return what came last in the thread before this comment, in the order in which it came."""
    statement = _short.where(
        _c.site_id == site_id, _c.thread_id == thread_id, _c.id < comment_id
    ).order_by(_c.id.desc())
    return list(connection.execute(statement.limit(limit)))[::-1]


def after(
    connection: Connection, site_id: SiteId, thread_id: str, comment_id: CommentId, limit: int
) -> list[Row[Any]]:
    """Return what came first in the thread after this comment, in the order in which it came."""
    statement = _short.where(
        _c.site_id == site_id, _c.thread_id == thread_id, _c.id > comment_id
    ).order_by(_c.id)
    return list(connection.execute(statement.limit(limit)))


def replies(
    connection: Connection, site_id: SiteId, external_id: str, limit: int
) -> list[Row[Any]]:
    """Return the first answers to a comment."""
    statement = _short.where(_c.site_id == site_id, _c.parent_external_id == external_id)
    return list(connection.execute(statement.order_by(_c.id).limit(limit)))


def newest_by(
    connection: Connection, site_id: SiteId, author: KnownAuthor, limit: int
) -> list[Row[Any]]:
    """Return an author's comments, the last received first."""
    statement = _short.where(_c.site_id == site_id, _by(author)).order_by(_c.id.desc())
    return list(connection.execute(statement.limit(limit)))


def tally(
    connection: Connection, site_id: SiteId, author: KnownAuthor, limit: int
) -> list[Row[Any]]:
    """Count an author's last comments by status, and by whether a person decided last."""
    last = (
        select(_c.id, _c.status, _c.sequence)
        .where(_c.site_id == site_id, _by(author))
        .order_by(_c.id.desc())
        .limit(limit)
        .subquery()
    )
    by_person = case((_d.source != Source.AUTOMATION, 1), else_=0)
    statement = (
        select(last.c.status, by_person.label("by_person"), func.count().label("many"))
        # A status follows the decision of the same sequence.
        .outerjoin(decisions, (_d.comment_id == last.c.id) & (_d.sequence == last.c.sequence))
        .group_by(last.c.status, by_person)
    )
    return list(connection.execute(statement))


def has_others(
    connection: Connection, site_id: SiteId, author: KnownAuthor, than: CommentId
) -> bool:
    """Say whether the site has another comment of this author."""
    statement = select(_c.id).where(_c.site_id == site_id, _by(author), _c.id != than).limit(1)
    return connection.execute(statement).first() is not None


def _by(author: KnownAuthor) -> ColumnElement[bool]:
    if author.by_id:
        return _c.author_id == author.value
    return _c.author_id.is_(None) & (_c.author_name == author.value)
