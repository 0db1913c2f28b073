"""Lessons: texts on which a person's judgement stands, with what a classifier said of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, select

from moderation.model.audits import SampleState
from moderation.model.comments import Status
from moderation.model.decisions import Action
from moderation.model.ids import SiteId, lowest_uuid
from moderation.storage.audit_samples import audit_samples
from moderation.storage.classifications import classifications, judged
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions
from moderation.storage.judgements import last_of_people

_c, _d, _a = classifications.c, decisions.c, audit_samples.c
_TEXT = (comments.c.text, comments.c.format)


def decided(
    connection: Connection, site_id: SiteId, classifier: str, until: datetime, limit: int
) -> list[Row[Any]]:
    """Return the newest comments with a decision of people that stood at a moment, as `action`.

    Only what still has that text, and what this version could judge. One that it scored several
    times comes as often.
    """
    people = last_of_people(site_id, lowest_uuid(until))
    same_text = (_c.comment_id == people.c.comment_id) & (_c.revision == people.c.revision)
    statement = (
        select(classifications, people.c.action, *_TEXT)
        .select_from(people)
        .join(classifications, same_text)
        .where(_c.id < lowest_uuid(until))
    )
    return _rows(connection, statement, classifier, limit)


def kept(
    connection: Connection, site_id: SiteId, classifier: str, until: datetime, limit: int
) -> list[Row[Any]]:
    """Return the newest samples of the audit that people would have approved too."""
    statement = (
        select(classifications, literal(Action.APPROVE.value).label("action"), *_TEXT)
        .select_from(audit_samples)
        .join(decisions, _d.id == _a.decision_id)
        .join(classifications, _c.id == _d.classification_id)
        .where(_a.site_id == site_id, _a.state == SampleState.KEPT, _a.judged_at < until)
    )
    return _rows(connection, statement, classifier, limit)


def count(connection: Connection, site_id: SiteId, classifier: str) -> tuple[int, int]:
    """Count what there is now: approvals, those of the audit too, and rejections."""
    people = last_of_people(site_id)
    same_text = (_c.comment_id == people.c.comment_id) & (_c.revision == people.c.revision)
    decided = (
        select(people.c.action, func.count(people.c.comment_id.distinct()).label("many"))
        .select_from(people)
        .join(classifications, same_text)
        .join(comments, _current)
        .where(_usable(classifier))
        .group_by(people.c.action)
    )
    many = {row.action: row.many for row in connection.execute(decided)}
    kept = select(func.count()).where(_a.site_id == site_id, _a.state == SampleState.KEPT)
    approved = many.get(Action.APPROVE, 0) + connection.execute(kept).scalar_one()
    return approved, many.get(Action.REJECT, 0)


_current = (comments.c.id == _c.comment_id) & (comments.c.revision == _c.revision)


def _usable(classifier: str) -> ColumnElement[bool]:
    return and_(
        judged(classifications, classifier),
        _c.written_at.is_not(None),
        comments.c.text.is_not(None),
        comments.c.status != Status.ERASED,
    )


def _rows(
    connection: Connection, statement: Select[Any], classifier: str, limit: int
) -> list[Row[Any]]:
    newest = (
        statement.join(comments, _current)
        .where(_usable(classifier))
        .order_by(_c.written_at.desc(), _c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(newest))
