"""Labelled comments: which column says what about them, and which comments to take."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers.detoxify.checkpoints import OLDER_NAMES
from moderation.cli.comment_files import Comment
from moderation.cli.skipped import Skipped
from moderation.model.errors import InvalidInput
from moderation.model.labels import OF_CLASSIFIERS, Label

_TRUE = frozenset({"true", "yes"})
_FALSE = frozenset({"false", "no"})
_UNKNOWN = frozenset({"", "-1", "-1.0"})
"""Empty, and what the Jigsaw sets write where nobody judged."""


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """A column that says whether a label is true; `positive` is the word for it, if words do."""

    label: Label
    column: str
    positive: str | None = None

    def truth(self, fields: Mapping[str, object]) -> bool | None:
        """Return what is known of a comment; None: nothing. Raises InvalidInput.

        A share of raters counts as true from a half.
        """
        value = fields.get(self.column)
        word = "" if value is None else str(value).strip().lower()
        if word in _UNKNOWN:
            return None
        if self.positive is not None:
            return word == self.positive.lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        share = number_in(word)
        if share is None or not 0.0 <= share <= 1.0:
            raise InvalidInput(f"has no 0 or 1 in {self.column}")
        return share >= 0.5  # noqa: PLR2004 - a half


def label_columns(
    given: Sequence[str], names: Iterable[str], scored: frozenset[Label], option: str = "--label"
) -> list[LabelColumn]:
    """Return the columns that the option gives as LABEL=COLUMN or LABEL=COLUMN=WORD.

    Where none is given, those that are named as a label. Raises InvalidInput for a label that is
    not scored.
    """
    if not given:
        return [
            LabelColumn(label, name)
            for name in names
            if (label := _label_named(name)) is not None and label in scored
        ]
    columns = [_parsed(one, option) for one in given]
    labels = [column.label for column in columns]
    if unscored := [label for label in labels if label not in scored]:
        known = ", ".join(label for label in Label if label in scored)
        raise InvalidInput(f"The classifier does not score {unscored[0]}; it scores {known}.")
    if len(set(labels)) < len(labels):
        raise InvalidInput(f"{option} names a label twice.")
    return columns


def usable(
    comments: Iterable[Comment], columns: Sequence[LabelColumn], skipped: Skipped
) -> Iterator[Comment]:
    """Pass on the comments whose labels can be read, before anybody scores them."""
    for comment in comments:
        try:
            for column in columns:
                column.truth(comment.fields)
        except InvalidInput as error:
            skipped.add(comment.number, str(error))
        else:
            yield comment


def drawn(comments: Iterable[Comment], limit: int, seed: int) -> list[Comment]:
    """Return at most so many comments, each as likely as any other, in their order.

    The first ones of a file are often alike. (Reservoir sampling, Waterman's algorithm R.)
    """
    source = random.Random(seed)  # noqa: S311 - nothing secret
    kept: list[Comment] = []
    for seen, comment in enumerate(comments):
        if seen < limit:
            kept.append(comment)
        elif (place := source.randrange(seen + 1)) < limit:
            kept[place] = comment
    return sorted(kept, key=lambda comment: comment.number)


def number_in(word: str) -> float | None:
    """Return the number; half of Europe's spreadsheets write 0,5. None where there is none."""
    try:
        return float(word.replace(",", "."))
    except ValueError:
        return None


def _label_named(name: str) -> Label | None:
    lowered = name.lower()
    return OLDER_NAMES.get(lowered) or (Label(lowered) if lowered in OF_CLASSIFIERS else None)


def _parsed(given: str, option: str) -> LabelColumn:
    name, _, column = given.partition("=")
    column, _, positive = column.partition("=")
    label = _label_named(name)
    if label is None or not column:
        raise InvalidInput(f"{option} is LABEL=COLUMN; the labels are {', '.join(OF_CLASSIFIERS)}.")
    return LabelColumn(label, column, positive or None)
