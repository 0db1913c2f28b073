"""Candidates: waiting comments that could be decided together, and their scores."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, select

from moderation.model.authors import KnownAuthor
from moderation.model.bulks import Band
from moderation.model.ids import CommentId, SiteId
from moderation.model.jobs import Purpose
from moderation.model.labels import Label
from moderation.storage.claims import Taker
from moderation.storage.classifications import classifications, sound
from moderation.storage.comments import comments
from moderation.storage.database import Connection
from moderation.storage.queue import Part
from moderation.storage.reviews import reviews, waiting

_r, _c, _s = reviews.c, comments.c, classifications.c


def among(connection: Connection, comment_ids: Sequence[CommentId], taker: Taker) -> list[Row[Any]]:
    """Return those of these comments that wait, in the same order."""
    rows = connection.execute(_waiting(taker).where(_r.comment_id.in_(comment_ids)))
    found = {row.comment_id: row for row in rows}
    return [found[one] for one in comment_ids if one in found]


def of_author(
    connection: Connection, site_id: SiteId, author: KnownAuthor, taker: Taker, limit: int
) -> list[Row[Any]]:
    """Return what waits of an author, the first due first."""
    written = and_(_c.author_id.is_(None), _c.author_name == author.value)
    theirs = _c.author_id == author.value if author.by_id else written
    statement = _waiting(taker).where(_r.site_id == site_id, _r.author == author.value, theirs)
    return list(connection.execute(statement.order_by(_r.due_at, _r.id).limit(limit)))


def in_band(
    connection: Connection, site_id: SiteId, part: Part, band: Band, limit: int
) -> list[Row[Any]]:
    """Return what waits of a part with its score, where that lies in the band."""
    score = _s[band.label]
    # The last column holds 1 too.
    below = score <= band.high if band.high >= 1 else score < band.high
    taker = Taker(part.onlooker.user_id, part.onlooker.now)
    statement = (
        _waiting(taker)
        .add_columns(score.label("score"))
        .join(classifications, _newest(band.classifier))
        .where(part.holds(), _r.site_id == site_id, score >= band.low, below)
    )
    return list(connection.execute(statement.limit(limit)))


def scored(
    connection: Connection, site_id: SiteId, part: Part, label: Label, limit: int
) -> list[Row[Any]]:
    """Return scores of what waits of a part with the classifier version, in its order."""
    score = _s[label]
    statement = (
        select(score.label("score"), _s.classifier)
        .select_from(reviews)
        .join(comments, _c.id == _r.comment_id)
        .join(classifications, _newest(None))
        .where(part.holds(), _r.site_id == site_id, score.is_not(None))
        .order_by(part.key, _r.id)
        .limit(limit)
    )
    return list(connection.execute(statement))


def _waiting(taker: Taker) -> Select[Any]:
    held = case((taker.may_take(), False), else_=True).label("held")
    return (
        select(
            _r.id.label("review_id"),
            _r.comment_id,
            _r.site_id,
            _r.escalated_at,
            held,
            _c.sequence,
        )
        .join(comments, _c.id == _r.comment_id)
        .where(waiting)
    )


def _newest(classifier: str | None) -> ColumnElement[bool]:
    """Join what was said last of a comment's present text, where its scores mean something."""
    newer = classifications.alias("newer")
    of_text = and_(
        newer.c.comment_id == _s.comment_id,
        newer.c.revision == _s.revision,
        newer.c.purpose == Purpose.DECIDE,
        newer.c.id > _s.id,
    )
    said = and_(
        _s.comment_id == _r.comment_id,
        _s.revision == _c.revision,
        _s.purpose == Purpose.DECIDE,
        sound(classifications),
        ~exists().where(of_text),
    )
    return said if classifier is None else said & (_s.classifier == classifier)
