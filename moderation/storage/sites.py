"""Sites: customers of one installation."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    false,
    insert,
    select,
    update,
)

from moderation.model.audits import AUDIT_SHARE
from moderation.model.comments import Display, DisplayRules
from moderation.model.ids import SiteId
from moderation.model.notifications import WARN_MINUTES
from moderation.model.reports import ReportRules
from moderation.model.sites import REJECTIONS_AN_HOUR, Site
from moderation.storage.database import Connection
from moderation.storage.given import Among
from moderation.storage.schema import enum_column, id_column, metadata, moment
from moderation.storage.shadows import runs, shadows

sites = Table(
    "sites",
    metadata,
    id_column(),
    Column("name", String(64), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    enum_column("while_pending", Display, default=Display.HOLD),
    enum_column("while_flagged", Display, default=Display.HOLD),
    # The first one is what a comment too short to tell counts as.
    Column("languages", JSON, nullable=False, server_default='["en"]'),
    # Whose addresses become links at the desk.
    Column("hosts", JSON, nullable=False, server_default="[]"),
    # Whether a comment that is analysed, and may be stored, is moderated here too.
    Column("moderate_analysed", Boolean, nullable=False, server_default=false()),
    # From how many readers' reports on people look, and look again at what they approved.
    Column("review_from", Integer, nullable=False, server_default="1"),
    Column("reopen_from", Integer, nullable=False, server_default="5"),
    # How long after a decision its author may appeal.
    Column("appeal_days", Integer, nullable=False, server_default="180"),
    # Which share of people's decisions another person judges once more.
    Column("second_look_share", Float, nullable=False, server_default="0"),
    # Which share of what automation approves people judge, and of how many approvals a day: as they
    # were counted last, NULL before the first time.
    Column("audit_share", Float, nullable=False, server_default=str(AUDIT_SHARE)),
    Column("approvals_a_day", Float),
    # How long the oldest comment waits before operators are warned; 0 for never. And when they were
    # warned last, while it does.
    Column("warn_minutes", Integer, nullable=False, server_default=str(WARN_MINUTES)),
    moment("warned_at", nullable=True),
    # How much may be rejected in an hour without a person, when that was last reached, and when
    # operators were last told.
    Column("rejections_an_hour", Integer, nullable=False, server_default=str(REJECTIONS_AN_HOUR)),
    moment("capped_at", nullable=True),
    moment("cap_told_at", nullable=True),
    # The last event's place in the site's feed; raised under its row lock, so that places
    # become visible in their own order and a reader with a cursor misses none.
    Column("last_position", BigInteger, nullable=False, default=0),
    moment("created_at"),
    moment("disabled_at", nullable=True),
)
_BY_ID = select(sites).where(sites.c.id == bindparam("id"))
_BY_IDS = (
    select(
        sites,
        shadows.c.classifier.label("shadow_classifier"),
        shadows.c.started_at.label("shadow_since"),
        shadows.c.policy["word_lists"].label("shadow_word_lists"),
    )
    .outerjoin(shadows, (shadows.c.site_id == sites.c.id) & runs)
    .where(Among(sites.c.id, "ids"))
)
_NEXT_POSITIONS = (
    update(sites)
    .where(sites.c.id == bindparam("of_site"))
    .values(last_position=sites.c.last_position + bindparam("count"))
    .returning(sites.c.last_position)
)


def add(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert a site."""
    connection.execute(insert(sites).values(**values))


def by_name(connection: Connection, name: str) -> Row[Any] | None:
    """Return the site with this name."""
    return connection.execute(select(sites).where(sites.c.name == name)).one_or_none()


def by_id(connection: Connection, site_id: SiteId) -> Row[Any] | None:
    """Return the site with this id."""
    return connection.execute(_BY_ID, {"id": site_id}).one_or_none()


def by_ids(connection: Connection, site_ids: set[SiteId]) -> dict[SiteId, Row[Any]]:
    """Return several sites by id, each with the shadow that runs there."""
    rows = connection.execute(_BY_IDS, {"ids": site_ids})
    return {row.id: row for row in rows}


def of(connection: Connection, site_id: SiteId) -> Site:
    """Return the site that something of it refers to."""
    return to_site(connection.execute(_BY_ID, {"id": site_id}).one())


def every(connection: Connection) -> list[Row[Any]]:
    """Return all sites, by name."""
    return list(connection.execute(select(sites).order_by(sites.c.name)))


def change(connection: Connection, site_id: SiteId, **values: Any) -> None:  # noqa: ANN401 - column values
    """Change columns of a site."""
    connection.execute(update(sites).where(sites.c.id == site_id).values(**values))


def lock(connection: Connection, site_id: SiteId) -> None:
    """Let whoever else changes what belongs to the site wait for the end of this transaction.

    Its comments are taken meanwhile: rows may refer to it.
    """
    statement = select(sites.c.id).where(sites.c.id == site_id)
    connection.execute(statement.with_for_update(key_share=True))


def set_disabled(connection: Connection, site_id: SiteId, at: datetime | None) -> None:
    """Switch a site off from this moment on: its keys stop working; None switches it on again."""
    connection.execute(update(sites).where(sites.c.id == site_id).values(disabled_at=at))


def to_site(row: Row[Any]) -> Site:
    """Turn a row into the value."""
    return Site(
        id=row.id,
        name=row.name,
        title=row.title,
        display_rules=display_rules(row),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        languages=tuple(row.languages),
        moderate_analysed=row.moderate_analysed,
        report_rules=ReportRules(row.review_from, row.reopen_from),
        appeal_days=row.appeal_days,
        hosts=tuple(row.hosts),
        second_look_share=row.second_look_share,
        audit_share=row.audit_share,
        approvals_a_day=row.approvals_a_day,
        warn_minutes=row.warn_minutes,
        rejections_an_hour=row.rejections_an_hour,
        capped_at=row.capped_at,
    )


def display_rules(row: Row[Any]) -> DisplayRules:
    """Return what the site does with comments that nobody has cleared yet."""
    return DisplayRules(Display(row.while_pending), Display(row.while_flagged))


def next_positions(connection: Connection, site_id: SiteId, count: int) -> int:
    """Reserve `count` places in the site's feed and return the first."""
    values = {"of_site": site_id, "count": count}
    last: int = connection.execute(_NEXT_POSITIONS, values).scalar_one()
    return last - count + 1
