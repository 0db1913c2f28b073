"""Classifications: scores in a column per label, and the facts for replay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from math import isfinite
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    FromClause,
    Index,
    Integer,
    Row,
    SmallInteger,
    String,
    Table,
    Text,
    and_,
    select,
    text,
    true,
    update,
)

from moderation.model.circumstances import NOTHING_SPECIAL, Circumstances
from moderation.model.classification import Facts
from moderation.model.ids import CommentId
from moderation.model.jobs import SCORING, ClaimedJob, Purpose
from moderation.model.labels import Label, Scores
from moderation.model.marks import Mark
from moderation.model.measures import Measure
from moderation.model.places import LONGEST_NAME, Place
from moderation.model.repeats import Print
from moderation.model.standings import Standing
from moderation.storage.database import Connection
from moderation.storage.inserting import insert_all
from moderation.storage.schema import (
    enum_column,
    id_column,
    json_column,
    metadata,
    moment,
    reference,
)

classifications = Table(
    "classifications",
    metadata,
    id_column(),
    reference("comment_id", "comments"),
    reference("site_id", "sites"),
    Column("revision", Integer, nullable=False),
    Column("classifier", String(100), nullable=False),
    # The version whose policy judges it: another where that one routed the comment here.
    Column("judged_for", String(100)),
    enum_column("purpose", SCORING),
    *(Column(label.value, Float) for label in Label),
    Column("failure", Text),
    Column("readable", Boolean, nullable=False),
    Column("language", String(35)),
    Column("supported", Boolean, nullable=False, server_default=true()),
    # NULL where nobody looked for words, [] where none stood out.
    json_column("marks", nullable=True),
    # What is not as usual; NULL where nothing is, or where no comment was decided.
    json_column("circumstances", nullable=True),
    # Where the comment stood, folded: an edit may move it, and what was decided stays.
    Column("section", String(LONGEST_NAME)),
    Column("thread", String(LONGEST_NAME)),
    moment("classified_at"),
    # The number of the site's head that gave the score of its own; NULL where none did.
    Column("head", Integer),
    # The rest is for counting what a policy would do without reading each row: when the comment
    # was written, its highest score, and the labels without one, a bit for each. What more than its
    # scores may decide on counts as 1.
    moment("written_at", nullable=True),
    Column("highest", Float, nullable=False, server_default="1"),
    Column("unscored", Integer, nullable=False, server_default="0"),
    # NULL where it was not counted.
    *(Column(measure.value, SmallInteger) for measure in Measure),
    # By what a site's texts find each other that say the same, or nearly so; NULL of short ones,
    # and where none was decided.
    Column("print", BigInteger),
    Column("second_print", BigInteger),
    Column("sketch", BigInteger),
    Index("ix_classifications_site_id_classifier_id", "site_id", "classifier", "id"),
    Index(
        "ix_classifications_simulation",
        *("site_id", "judged_for", "written_at", "highest", "unscored"),
        *(measure.value for measure in Measure),
    ),
    *(
        Index(
            f"ix_classifications_{name}",
            *(name, "id"),
            sqlite_where=text(f"{name} IS NOT NULL"),
            postgresql_where=text(f"{name} IS NOT NULL"),
        )
        for name in ("print", "second_print")
    ),
    Index("ix_classifications_comment_id", "comment_id"),
)

_c = classifications.c

BITS: Mapping[Label, int] = {label: 1 << place for place, label in enumerate(Label)}
"""Of labels that a row has no score for."""


def add_all(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert classifications."""
    insert_all(connection, classifications, rows)


def scores_of(row: Row[Any]) -> Scores:
    """Return the scores in a row, without the labels that its classifier does not know."""
    return {label: value for label in Label if (value := getattr(row, label.value)) is not None}


def counts_of(row: Row[Any]) -> Mapping[Measure, int]:
    """Return what was counted, from a row."""
    return {one: many for one in Measure if (many := getattr(row, one.value)) is not None}


def summary_of(facts: Facts, judged_for: str) -> dict[str, Any]:
    """Return the columns by which rows are counted without being read."""
    scored = {label: one for label, one in facts.scores.items() if isfinite(one)}
    by_scores_alone = (
        facts.failure is None
        and facts.readable
        and facts.supported
        # That the cap was reached decides nothing where scores do not reject.
        and replace(facts.circumstances, spent=False) == NOTHING_SPECIAL
        and facts.classifier == judged_for
    )
    return {
        "judged_for": judged_for,
        "highest": max(scored.values(), default=0.0) if by_scores_alone else 1.0,
        "unscored": sum(bit for label, bit in BITS.items() if label not in scored),
    }


def facts_of(row: Row[Any]) -> Facts:
    """Return what the policy judged, from a row."""
    return Facts(
        classifier=row.classifier,
        scores=scores_of(row),
        failure=row.failure,
        readable=row.readable,
        language=row.language,
        supported=row.supported,
        circumstances=to_circumstances(row.circumstances),
        place=place_of(row),
        counts=counts_of(row),
    )


def place_of(row: Row[Any]) -> Place:
    """Return where the comment of a row stood."""
    return Place(row.section, row.thread)


def from_circumstances(known: Circumstances) -> dict[str, Any] | None:
    """Turn circumstances into what is stored: only what is not as usual."""
    if known == NOTHING_SPECIAL:
        return None
    usual = asdict(NOTHING_SPECIAL)
    return {name: v for name, v in asdict(known).items() if v != usual[name]}


def to_circumstances(stored: Mapping[str, Any] | None) -> Circumstances:
    """Turn what is stored of circumstances back into the value."""
    given = dict(stored or {})
    if "standing" in given:
        given["standing"] = Standing(given["standing"])
    if "words" in given:
        given["words"] = tuple(given["words"])
    return Circumstances(**given)


def marks_of(row: Row[Any]) -> tuple[Mark, ...] | None:
    """Return the marks in a row; None where nobody looked for words."""
    if row.marks is None:
        return None
    return tuple(Mark(**one | {"label": Label(one["label"])}) for one in row.marks)


def add_marks(connection: Connection, job: ClaimedJob, marks: Iterable[Mark]) -> None:
    """Add marks to what the job's classifier version said when the comment was decided."""
    connection.execute(
        update(classifications)
        .where(
            _c.comment_id == job.comment_id,
            _c.revision == job.revision,
            _c.classifier == job.classifier,
            _c.purpose == Purpose.DECIDE,
        )
        .values(marks=[asdict(mark) for mark in marks])
    )


def from_print(made: Print | None) -> dict[str, Any]:
    """Return the columns by which a text is found, empty where it has no print."""
    if made is None:
        return dict.fromkeys(("print", "second_print", "sketch"))
    return {"print": made.number, "second_print": made.second, "sketch": made.sketch}


def forget_words(connection: Connection, comment_id: CommentId) -> None:
    """Erase what tells of a comment's texts: words marked, words found, and prints."""
    rows = connection.execute(select(_c.id, _c.circumstances).where(_c.comment_id == comment_id))
    for row in rows.all():
        known = replace(to_circumstances(row.circumstances), words=())
        connection.execute(
            update(classifications)
            .where(_c.id == row.id)
            .values(marks=None, circumstances=from_circumstances(known), **from_print(None))
        )


def judged(of: FromClause, classifier: str) -> ColumnElement[bool]:
    """Return the condition that this version could judge the text, so that its scores count."""
    return and_(of.c.classifier == classifier, sound(of))


def sound(of: FromClause) -> ColumnElement[bool]:
    """Return the condition that a text could be judged, so that its scores mean something."""
    return and_(of.c.failure.is_(None), of.c.readable, of.c.supported)
