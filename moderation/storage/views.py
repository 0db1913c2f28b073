"""A comment as its site may see it, by one statement: many wait for the answer."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, bindparam, func, select

from moderation.model.ids import CommentId, SiteId
from moderation.model.labels import Label
from moderation.storage.classifications import classifications
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions
from moderation.storage.sites import sites
from moderation.storage.users import users

_c, _d, _k = comments.c, decisions.c, classifications.c


class Prefixed:
    """One table's columns in a row of several, by their own names."""

    def __init__(self, row: Row[Any], prefix: str) -> None:
        self._row = row
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a column
        return getattr(self._row, self._prefix + name)


_DECISION, _CLASSIFICATION = "decision_", "classification_"


def _prefixed(prefix: str, columns: Iterable[Column[Any]]) -> list[ColumnElement[Any]]:
    return [column.label(prefix + column.name) for column in columns]


_last = decisions.alias("last")
_newest = select(func.max(_last.c.sequence)).where(_last.c.comment_id == _c.id).scalar_subquery()
_VIEW = (
    select(
        comments,
        *(sites.c.while_pending, sites.c.while_flagged),
        *_prefixed(_DECISION, _d),
        users.c.name.label(f"{_DECISION}user_name"),
        # Only what is shown: the driver describes each column of each result.
        *_prefixed(_CLASSIFICATION, [_k.id, _k.language, _k.marks, *(_k[one] for one in Label)]),
    )
    .join(sites, sites.c.id == _c.site_id)
    .outerjoin(decisions, (_d.comment_id == _c.id) & (_d.sequence == _newest))
    .outerjoin(users, users.c.id == _d.user_id)
    .outerjoin(classifications, _k.id == _d.classification_id)
)
_BY_ID = _VIEW.where(_c.id == bindparam("id"))
_BY_EXTERNAL_ID = _VIEW.where(
    _c.site_id == bindparam("site_id"), _c.external_id == bindparam("external_id")
)


def by_id(connection: Connection, comment_id: CommentId) -> Row[Any] | None:
    """Return a comment with its site's rules, its last decision and what that one went by."""
    return connection.execute(_BY_ID, {"id": comment_id}).one_or_none()


def by_external_id(connection: Connection, site_id: SiteId, external_id: str) -> Row[Any] | None:
    """Return the site's comment with its own id, as `by_id` does."""
    values = {"site_id": site_id, "external_id": external_id}
    return connection.execute(_BY_EXTERNAL_ID, values).one_or_none()


def decision_in(row: Row[Any]) -> Any:  # noqa: ANN401 - as a row of decisions
    """Return the last decision in a row, as `decisions.to_decision` takes it; None without one."""
    return Prefixed(row, _DECISION) if row.decision_id is not None else None


def classification_in(row: Row[Any]) -> Any:  # noqa: ANN401 - as a row of classifications
    """Return what the last decision went by, as a row of its own; None where there is none."""
    return Prefixed(row, _CLASSIFICATION) if row.classification_id is not None else None
