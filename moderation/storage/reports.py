"""Reports of readers: one for each reader and text; words and contacts are erased in time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from moderation.model.ids import CommentId, DecisionId, SiteId
from moderation.model.reports import Complaint, OpenReports, Report, ReportReason, ReportState
from moderation.storage.database import Connection
from moderation.storage.given import Among
from moderation.storage.schema import enum_column, id_column, metadata, moment, reference

reports = Table(
    "reports",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    reference("site_id", "sites"),
    Column("revision", Integer, nullable=False),
    # Counts the reports of a comment: up to which one a person had seen.
    Column("number", BigInteger, nullable=False),
    # A digest of the site's id of the reader; NULL once the comment is erased.
    Column("reporter", String(64)),
    enum_column("reason", ReportReason),
    # Whether the reader claims that the comment is illegal.
    Column("is_notice", Boolean, nullable=False),
    Column("words", Text),
    Column("contact", Text),
    enum_column("state", ReportState, default=ReportState.OPEN),
    reference("decision_id", "decisions", nullable=True),
    moment("reported_at"),
    moment("settled_at", nullable=True),
    UniqueConstraint("comment_id", "revision", "reporter"),
    Index("ix_reports_comment_id_number", "comment_id", "number", unique=True),
    Index("ix_reports_site_id_reporter", "site_id", "reporter", "reported_at"),
)

_c = reports.c
# Written into the statement: SQLite uses a partial index only for the very words of its condition.
_open = _c.state == literal(ReportState.OPEN.value, literal_execute=True)
personal = or_(_c.words.is_not(None), _c.contact.is_not(None))
"""Whether anything is left that a reader wrote."""

Index("ix_reports_open", _c.comment_id, sqlite_where=_open, postgresql_where=_open)
Index("ix_reports_personal", _c.comment_id, sqlite_where=personal, postgresql_where=personal)
Index("ix_reports_decision_id", _c.decision_id)

# Each batch with a reported comment, each card and each decision asks; made once.
_OPEN_AMONG = (
    select(
        _c.comment_id,
        _c.reason,
        _c.is_notice,
        func.count().label("readers"),
        func.max(_c.number).label("last"),
    )
    .where(Among(_c.comment_id, "comment_ids"), _open)
    .group_by(_c.comment_id, _c.reason, _c.is_notice)
)


def add(connection: Connection, **values: Any) -> None:  # noqa: ANN401 - column values
    """Insert a report, as the next of its comment, which is locked."""
    last = select(func.max(_c.number)).where(_c.comment_id == values["comment_id"])
    number = connection.execute(last).scalar_one() or 0
    connection.execute(insert(reports).values(number=number + 1, **values))


def of_reporter(
    connection: Connection, comment_id: CommentId, revision: int, reporter: str
) -> Report | None:
    """Return what a reader said of this text, or what is still open of an earlier one."""
    statement = (
        select(reports)
        .where(_c.comment_id == comment_id, _c.reporter == reporter)
        .where(or_(_c.revision == revision, _open))
        .order_by(_c.number.desc())
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else to_report(row)


def count_since(connection: Connection, site_id: SiteId, reporter: str, since: datetime) -> int:
    """Count what a reader reported at a site since a moment."""
    statement = select(func.count()).where(
        _c.site_id == site_id, _c.reporter == reporter, _c.reported_at > since
    )
    return connection.execute(statement).scalar_one()


def count_with_words(connection: Connection, comment_id: CommentId, *, notices: bool) -> int:
    """Count the reports of a comment that were kept with words or contact."""
    statement = select(func.count()).where(
        _c.comment_id == comment_id, personal, _c.is_notice == notices
    )
    return connection.execute(statement).scalar_one()


def open_among(
    connection: Connection, comment_ids: Collection[CommentId]
) -> dict[CommentId, OpenReports]:
    """Return what readers complain of that nobody decided, for those comments that have any."""
    found: defaultdict[CommentId, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_OPEN_AMONG, {"comment_ids": comment_ids}):
        found[row.comment_id].append(row)
    return {comment_id: _to_open(rows) for comment_id, rows in found.items()}


def dismissed(connection: Connection, comment_id: CommentId, revision: int) -> set[Complaint]:
    """Return what people looked into and dismissed, of this very text."""
    statement = (
        select(_c.reason, _c.is_notice)
        .where(_c.comment_id == comment_id, _c.revision == revision)
        .where(_c.state == ReportState.DISMISSED)
        .distinct()
    )
    return {_complaint(row) for row in connection.execute(statement)}


def with_words(
    connection: Connection, comment_ids: Collection[CommentId], most: int
) -> list[Report]:
    """Return the first open reports of each comment that have words, at most so many of each."""
    place = func.row_number().over(partition_by=_c.comment_id, order_by=_c.number)
    worded = (
        select(_c.id, place.label("place"))
        .where(_c.comment_id.in_(comment_ids), _open, _c.words.is_not(None))
        .subquery()
    )
    statement = (
        select(reports).join(worded, worded.c.id == _c.id).where(worded.c.place <= most)
    ).order_by(_c.comment_id, _c.number)
    return [to_report(row) for row in connection.execute(statement)]


def page(connection: Connection, comment_id: CommentId, after: int, limit: int) -> list[Report]:
    """Return a comment's reports after a number, in order."""
    statement = (
        select(reports)
        .where(_c.comment_id == comment_id, _c.number > after)
        .order_by(_c.number)
        .limit(limit)
    )
    return [to_report(row) for row in connection.execute(statement)]


def settle(  # noqa: PLR0913 - whose, how, by what, when, and how far
    connection: Connection,
    comment_id: CommentId,
    outcomes: Mapping[ReportReason, ReportState],
    decision_id: DecisionId,
    at: datetime,
    *,
    up_to: int | None = None,
) -> None:
    """Close open reports of a comment, by their reason; `up_to` leaves later ones open."""
    for state in sorted(set(outcomes.values())):
        reasons = [reason for reason, outcome in outcomes.items() if outcome is state]
        statement = update(reports).where(
            _c.comment_id == comment_id, _open, _c.reason.in_(reasons)
        )
        if up_to is not None:
            statement = statement.where(_c.number <= up_to)
        values = {"state": state, "decision_id": decision_id, "settled_at": at}
        connection.execute(statement.values(values))


def reopen(connection: Connection, decision_id: DecisionId) -> bool:
    """Open again what a decision closed; False where it closed nothing."""
    values: dict[str, Any] = {
        "state": ReportState.OPEN,
        "decision_id": None,
        "settled_at": None,
    }
    closed = update(reports).where(_c.decision_id == decision_id).values(values)
    return connection.execute(closed).rowcount > 0


def forget(connection: Connection, comment_id: CommentId, at: datetime) -> None:
    """Erase who reported an erased comment and what they wrote, and close what is open."""
    of_comment = update(reports).where(_c.comment_id == comment_id)
    connection.execute(of_comment.where(_open).values(state=ReportState.MOOT, settled_at=at))
    connection.execute(of_comment.values(reporter=None, words=None, contact=None))


def count_open(connection: Connection) -> int:
    """Count the reports that nobody decided."""
    return connection.execute(select(func.count()).where(_open)).scalar_one()


def to_report(row: Row[Any]) -> Report:
    """Turn a row into the value."""
    return Report(
        id=row.id,
        comment_id=row.comment_id,
        number=row.number,
        revision=row.revision,
        reason=ReportReason(row.reason),
        is_notice=row.is_notice,
        words=row.words,
        contact=row.contact,
        state=ReportState(row.state),
        decision_id=row.decision_id,
        reported_at=row.reported_at,
    )


def _to_open(rows: Sequence[Row[Any]]) -> OpenReports:
    tally = {_complaint(row): row.readers for row in rows}
    return OpenReports(tally, max(row.last for row in rows))


def _complaint(row: Any) -> Complaint:  # noqa: ANN401 - a row with these two
    return Complaint(ReportReason(row.reason), row.is_notice)
