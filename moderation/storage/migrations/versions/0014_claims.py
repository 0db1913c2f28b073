"""Claims and handovers, the order of the queue, what it is filtered by, and saved filters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WAITING = sa.text("state != 'resolved'")
LABELS = (
    "toxicity",
    "severe_toxicity",
    "obscene",
    "threat",
    "insult",
    "identity_attack",
    "sexual_explicit",
)
OF_LABEL = {label: 1 << place for place, label in enumerate(LABELS)}
OF_KIND = {"language": 128, "failure": 256, "unscored": 256, "other-classifier": 256}
OF_KIND["moderator"] = 512
_WRITTEN = ("state", "causes", "section", "author", "due_at")
OTHER, URGENT = 1024, OF_LABEL["severe_toxicity"] | OF_LABEL["threat"]

reviews = sa.table(
    "reviews",
    sa.column("id", sa.Uuid()),
    sa.column("comment_id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("risk", sa.Float()),
    sa.column("reasons", sa.JSON()),
    sa.column("opened_at", sa.DateTime(timezone=True)),
    sa.column("causes", sa.Integer()),
    sa.column("section", sa.String()),
    sa.column("author", sa.String()),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("claimed_by", sa.Uuid()),
    sa.column("claimed_until", sa.DateTime(timezone=True)),
)
comments = sa.table(
    "comments",
    sa.column("id", sa.Uuid()),
    sa.column("thread_section", sa.String()),
    sa.column("author_id", sa.String()),
    sa.column("author_name", sa.String()),
)


def upgrade() -> None:
    op.drop_index("ix_reviews_queue", "reviews")
    op.drop_index("uq_reviews_waiting", "reviews")
    for column in (
        sa.Column("causes", sa.Integer(), nullable=True),
        sa.Column("section", sa.String(length=255), nullable=True),
        sa.Column("author", sa.String(length=255), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_to", sa.Uuid(), nullable=True),
        sa.Column("handed_by", sa.Uuid(), nullable=True),
        sa.Column("handed_word", sa.String(length=200), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("reviews", column)
    _place_all()
    with op.batch_alter_table("reviews") as table:
        table.alter_column("causes", existing_type=sa.Integer(), nullable=False)
        table.alter_column("due_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.create_foreign_key(op.f("fk_reviews_handed_to"), "users", ["handed_to"], ["id"])
        table.create_foreign_key(op.f("fk_reviews_handed_by"), "users", ["handed_by"], ["id"])
        table.drop_constraint(op.f("ck_reviews_state"), type_="check")
        table.create_check_constraint(op.f("ck_reviews_state"), "state IN ('open', 'resolved')")
    _index_waiting("uq_reviews_waiting", "comment_id", unique=True)
    sought = ("causes", "opened_at", "section", "state")
    _index_waiting("ix_reviews_queue", "site_id", "due_at", "id", *sought)
    _index_waiting("ix_reviews_nearest", "site_id", "risk", "id", *sought)
    _index_waiting("ix_reviews_author", "site_id", "author", "due_at", "id")
    op.create_index("ix_reviews_comment_id", "reviews", ["comment_id"])
    for whose in ("claimed_by", "handed_to"):
        _index_where(f"ix_reviews_{whose}", sa.text(f"{whose} IS NOT NULL"), whose)
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_filters_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_filters_user_id_name")),
    )


def downgrade() -> None:
    op.drop_table("saved_filters")
    for name in ("claimed_by", "handed_to", "comment_id", "author", "nearest", "queue"):
        op.drop_index(f"ix_reviews_{name}", "reviews")
    op.drop_index("uq_reviews_waiting", "reviews")
    with op.batch_alter_table("reviews") as table:
        table.drop_constraint(op.f("ck_reviews_state"), type_="check")
        table.create_check_constraint(
            op.f("ck_reviews_state"), "state IN ('open', 'claimed', 'resolved')"
        )
        for name in ("handed_to", "handed_by"):
            table.drop_constraint(op.f(f"fk_reviews_{name}"), type_="foreignkey")
        for name in ("handed_at", "handed_word", "handed_by", "handed_to", "claimed_at"):
            table.drop_column(name)
        for name in ("due_at", "author", "section", "causes"):
            table.drop_column(name)
    _index_waiting("uq_reviews_waiting", "comment_id", unique=True)
    _index_waiting("ix_reviews_queue", "site_id", sa.text("risk DESC"), "id")


def _place_all() -> None:
    """Give each review its place: what is resolved may be opened again by an undo.

    There is one for each comment that was ever flagged, so each is written once; claims end.
    """
    connection = op.get_bind()
    r, c = reviews.c, comments.c
    author = sa.func.coalesce(c.author_id, c.author_name).label("author")
    some = (
        sa.select(r.id, r.state, r.reasons, r.risk, r.opened_at, c.thread_section, author)
        .join_from(reviews, comments, c.id == r.comment_id)
        .order_by(r.id)
        .limit(1_000)
    )
    written: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in _WRITTEN}
    place = reviews.update().where(r.id == sa.bindparam("of"))
    place = place.values(written | {"claimed_by": None, "claimed_until": None})
    after = None
    while rows := connection.execute(some if after is None else some.where(r.id > after)).all():
        after = rows[-1].id
        connection.execute(place, [_placed(row) for row in rows])


def _placed(row: Any) -> dict[str, object]:  # noqa: ANN401 - a row
    causes = 0
    for reason in row.reasons:
        causes |= OF_LABEL.get(reason.get("label"), OTHER) if reason["kind"] == "label" else 0
        causes |= OF_KIND.get(reason["kind"], 0)
    start: datetime = row.opened_at.replace(tzinfo=row.opened_at.tzinfo or UTC)
    if causes & URGENT:
        start -= timedelta(hours=24)
    due = start + (1.0 - row.risk) * timedelta(minutes=30)
    if op.get_bind().dialect.name == "sqlite":
        due = due.astimezone(UTC).replace(tzinfo=None)
    return {
        "of": row.id,
        "new_state": "open" if row.state == "claimed" else row.state,
        "new_causes": causes or OTHER,
        "new_section": row.thread_section,
        "new_author": row.author,
        "new_due_at": due,
    }


def _index_waiting(name: str, *columns: str | sa.TextClause, unique: bool = False) -> None:
    _index_where(name, WAITING, *columns, unique=unique)


def _index_where(
    name: str, where: sa.TextClause, *columns: str | sa.TextClause, unique: bool = False
) -> None:
    op.create_index(
        name,
        "reviews",
        list(columns),
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )
