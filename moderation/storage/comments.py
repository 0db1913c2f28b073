"""Comments at their current revision."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    Update,
    Uuid,
    bindparam,
    false,
    select,
    text,
    update,
)

from moderation.model.comments import Author, Comment, Format, Status, Thread
from moderation.model.ids import CommentId, SiteId
from moderation.storage.database import Connection, insert_or_skip, without_empty_columns
from moderation.storage.given import Among, Given
from moderation.storage.schema import (
    enum_column,
    id_column,
    json_column,
    metadata,
    moment,
    reference,
)


def _around(name: str, column: str, given: str) -> Index:
    """Return an index over a site's comments that have something in common, in order."""
    where = text(given)
    columns = ("site_id", column, "id")
    return Index(f"ix_comments_{name}", *columns, sqlite_where=where, postgresql_where=where)


comments = Table(
    "comments",
    metadata,
    id_column(),
    reference("site_id", "sites"),
    Column("external_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False, default=1),
    Column("text", Text),
    Column("text_digest", String(64)),
    enum_column("format", Format),
    Column("author_id", String(255)),
    Column("author_name", String(255)),
    Column("author_role", String(64)),
    moment("author_created_at", nullable=True),
    Column("author_email_digest", String(128)),
    Column("author_url", Text),
    Column("author_ip_digest", String(64)),
    Column("thread_id", String(255)),
    Column("thread_url", Text),
    Column("thread_title", Text),
    Column("thread_section", String(255)),
    Column("url", Text),
    Column("parent_external_id", String(255)),
    Column("language", String(35)),
    Column("user_agent", Text),
    json_column("metadata", nullable=True),
    moment("created_at", nullable=True),
    moment("edited_at", nullable=True),
    moment("received_at"),
    enum_column("status", Status, default=Status.PENDING),
    # Raised with every change of status or text: what a moderator saw, and what a site was told.
    Column("sequence", Integer, nullable=False, default=0),
    # Whether any reader ever reported it: nearly always nobody did, and nobody asks for reports.
    Column("reported", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("site_id", "external_id"),
    Index("ix_comments_site_id_id", "site_id", "id"),
    Index("ix_comments_site_id_status_id", "site_id", "status", "id"),
    _around("thread", "thread_id", "thread_id IS NOT NULL"),
    _around("parent", "parent_external_id", "parent_external_id IS NOT NULL"),
    _around("author", "author_id", "author_id IS NOT NULL"),
    _around("nameless", "author_name", "author_id IS NULL AND author_name IS NOT NULL"),
)

_c = comments.c

# Statements that every comment needs are made once: to make one takes longer than to run it.
_BY_ID = select(comments).where(_c.id == bindparam("id"))
_BY_EXTERNAL_ID = select(comments).where(
    _c.site_id == bindparam("site_id"), _c.external_id == bindparam("external_id")
)
_among = Among(_c.id, "ids")
_NEW_STATUSES = Given("new", {"id": Uuid(), "status": String(), "sequence": Integer()})

# Locks leave out the key (PostgreSQL's FOR NO KEY UPDATE): rows that refer to a comment can be
# written meanwhile, and so no two transactions wait for each other.
_LOCK_ONE = _BY_ID.with_for_update(key_share=True)
_LOCK_EXTERNAL = _BY_EXTERNAL_ID.with_for_update(key_share=True)
_STATES = select(_c.id, _c.site_id, _c.sequence, _c.status).where(_among)
_LOCK_ALL = select(comments).where(_among).order_by(_c.id).with_for_update(key_share=True)


def add(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Insert a comment; False if the site already has one with this external id."""
    return bool(add_all(connection, [values]))


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[CommentId]:
    """Insert comments; return the ids of those whose external id was new to their site."""
    ids = {row["id"] for row in rows}
    # Without RETURNING the driver takes all rows at once; nearly always every one of them is new.
    result = connection.execute(
        insert_or_skip(connection, comments),
        without_empty_columns(rows),
        # PostgreSQL's driver forgets it once the statement is done.
        execution_options={"preserve_rowcount": True},
    )
    if result.rowcount == len(ids):
        return ids
    return set(connection.execute(select(_c.id).where(_c.id.in_(ids))).scalars())


def known(connection: Connection, site_id: SiteId, external_ids: Sequence[str]) -> set[str]:
    """Return those of these external ids that the site has used."""
    statement = select(_c.external_id).where(
        _c.site_id == site_id, _c.external_id.in_(external_ids)
    )
    return set(connection.execute(statement).scalars())


def by_external_id(
    connection: Connection, site_id: SiteId, external_id: str, *, lock: bool = False
) -> Comment | None:
    """Return the site's comment with its own id; `lock` keeps others from changing it."""
    values = {"site_id": site_id, "external_id": external_id}
    return _one(connection, _LOCK_EXTERNAL if lock else _BY_EXTERNAL_ID, values)


def by_id(connection: Connection, comment_id: CommentId, *, lock: bool = False) -> Comment | None:
    """Return a comment; `lock` keeps others from changing it."""
    return _one(connection, _LOCK_ONE if lock else _BY_ID, {"id": comment_id})


def site_of(connection: Connection, comment_id: CommentId) -> SiteId | None:
    """Return whose a comment is."""
    return connection.execute(select(_c.site_id).where(_c.id == comment_id)).scalar_one_or_none()


def states_of(connection: Connection, comment_ids: Collection[CommentId]) -> list[Row[Any]]:
    """Return where these comments stand, without what they say."""
    return list(connection.execute(_STATES, {"ids": comment_ids}))


def lock_all(connection: Connection, comment_ids: Sequence[CommentId]) -> dict[CommentId, Comment]:
    """Lock comments, in one order for everybody, and return them."""
    rows = connection.execute(_LOCK_ALL, {"ids": comment_ids})
    return {row.id: to_comment(row) for row in rows}


def keep(connection: Connection, comment_ids: Collection[CommentId]) -> set[CommentId]:
    """Return those that are not erased, and let nobody change them, but others keep them too."""
    there = select(_c.id).where(_c.id.in_(comment_ids), _c.status != Status.ERASED)
    return set(connection.execute(there.order_by(_c.id).with_for_update(read=True)).scalars())


def change(connection: Connection, comment_id: CommentId, **values: Any) -> None:  # noqa: ANN401 - column values
    """Change columns of one comment."""
    connection.execute(update(comments).where(_c.id == comment_id).values(**values))


def change_if_seen(
    connection: Connection,
    comment_id: CommentId,
    seen: int,
    **values: Any,  # noqa: ANN401 - column values
) -> bool:
    """Change a comment if its sequence is still the one that was seen; False if not."""
    result = connection.execute(
        update(comments)
        .where(_c.id == comment_id, _c.sequence == seen, _c.status != Status.ERASED)
        .values(sequence=seen + 1, **values)
    )
    return result.rowcount == 1


def set_statuses(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set status and sequence of many; rows have these, and the comment's `id`."""
    new = _NEW_STATUSES.parameter(connection.dialect, rows)
    connection.execute(_set_statuses(connection.dialect.name), new)


@cache
def _set_statuses(dialect: str) -> Update:
    new = _NEW_STATUSES.table(dialect)
    changed = {"status": new.c.status, "sequence": new.c.sequence}
    return update(comments).where(_c.id == new.c.id).values(changed)


def to_comment(row: Row[Any]) -> Comment:
    """Turn a whole row into the value."""
    return Comment(
        id=row.id,
        site_id=row.site_id,
        external_id=row.external_id,
        revision=row.revision,
        text=row.text,
        text_digest=row.text_digest,
        format=Format(row.format),
        author=Author(
            id=row.author_id,
            name=row.author_name,
            role=row.author_role,
            created_at=row.author_created_at,
            email_digest=row.author_email_digest,
            url=row.author_url,
            ip_digest=row.author_ip_digest,
        ),
        thread=Thread(
            id=row.thread_id,
            url=row.thread_url,
            title=row.thread_title,
            section=row.thread_section,
        ),
        url=row.url,
        parent_external_id=row.parent_external_id,
        language=row.language,
        created_at=row.created_at,
        edited_at=row.edited_at,
        received_at=row.received_at,
        status=Status(row.status),
        sequence=row.sequence,
        reported=row.reported,
    )


def _one(
    connection: Connection, statement: Select[Any], values: Mapping[str, object]
) -> Comment | None:
    row = connection.execute(statement, values).one_or_none()
    return None if row is None else to_comment(row)
