"""Columns that hold scores of another classifier."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from moderation.cli.comment_files import Comment
from moderation.cli.labelled import label_columns, number_in
from moderation.cli.score_files import Scored, ScoreSource
from moderation.cli.skipped import Skipped
from moderation.model.classification import Facts
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """A column of scores for a label. In JSON, dots lead into objects."""

    label: Label
    column: str

    def score(self, fields: Mapping[str, object]) -> float | None:
        """Return a comment's score from 0 to 1; None: it has none. Raises InvalidInput."""
        value = _value(fields, self.column)
        word = "" if value is None else str(value).strip()
        if not word:
            return None
        score = number_in(word)
        if score is None or not 0.0 <= score <= 1.0:
            raise InvalidInput(f"has no score from 0 to 1 in {self.column}")
        return score


def score_columns(
    option: str, given: Sequence[str], names: Iterable[str], scored: frozenset[Label]
) -> list[ScoreColumn]:
    """Return the columns that are given as LABEL=COLUMN, else those that are named as a label.

    Raises InvalidInput.
    """
    columns = label_columns(given, names, scored, option)
    if any(column.positive is not None for column in columns):
        raise InvalidInput(f"{option} is LABEL=COLUMN: scores are numbers, not words.")
    return [ScoreColumn(column.label, column.column) for column in columns]


def with_scores(
    comments: Iterable[Comment], columns: Sequence[ScoreColumn], skipped: Skipped
) -> Iterator[Comment]:
    """Pass on the comments whose scores can be read and that have one, if any is asked for."""
    for comment in comments:
        try:
            found = [column.score(comment.fields) for column in columns]
        except InvalidInput as error:
            skipped.add(comment.number, str(error))
        else:
            if not columns or any(score is not None for score in found):
                yield comment


def from_columns(columns: Sequence[ScoreColumn]) -> ScoreSource:
    """Take scores from columns of the file itself, for what `with_scores` has passed on."""
    named = ", ".join(column.column for column in columns)
    labels = frozenset(column.label for column in columns)
    return ScoreSource(named, labels, partial(_scores, named, columns))


def _scores(
    named: str, columns: Sequence[ScoreColumn], comments: Iterable[Comment], _: Skipped
) -> Scored:
    for comment in comments:
        found = {column.label: column.score(comment.fields) for column in columns}
        scores = {label: score for label, score in found.items() if score is not None}
        yield comment, Facts(named, scores)


def _value(fields: Mapping[str, object], column: str) -> object:
    if column in fields:
        return fields[column]
    value: object = fields
    for name in column.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
