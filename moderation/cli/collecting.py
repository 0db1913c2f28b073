"""Scored comments as arrays, without their texts unless somebody wants examples."""

from array import array
from collections.abc import Sequence

import numpy as np

from classifiers.evaluation.evaluating import UNKNOWN, Sample
from moderation.cli.comment_files import Comment
from moderation.cli.labelled import LabelColumn
from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.policy import Policy
from moderation.model.verdicts import decide

MOST_GROUPS = 1_000


class Collection:
    """Gathers comments one at a time: some dozen bytes of each."""

    def __init__(
        self,
        labels: frozenset[Label],
        columns: Sequence[LabelColumn],
        by: str | None,
        policy: Policy,
        *,
        texts: bool,
    ) -> None:
        self.count = 0
        self.unreadable = 0
        self.texts: list[str] = []
        self._keeps_texts = texts
        self._policy = policy
        self._by = by
        self._columns = columns
        self._scores = {label: array("d") for label in Label if label in labels}
        self._truth = {column.label: array("b") for column in columns}
        self._held = array("b")
        self._groups: list[str] = []
        self._names: dict[str, str] = {}

    def add(self, comment: Comment, facts: Facts) -> None:
        """Gather one comment. Raises InvalidInput where there are too many groups."""
        self.count += 1
        self.unreadable += not facts.readable
        for label, scores in self._scores.items():
            scores.append(facts.scores[label])
        for column in self._columns:
            truth = column.truth(comment.fields)
            self._truth[column.label].append(UNKNOWN if truth is None else truth)
        self._held.append(decide(facts, self._policy).action is not Action.APPROVE)
        if self._by is not None:
            self._groups.append(self._group(comment, self._by))
        if self._keeps_texts:
            self.texts.append(comment.text)

    def sample(self) -> Sample:
        """Return all of them."""
        return Sample(
            scores={label: np.array(scores) for label, scores in self._scores.items()},
            truth={label: np.array(truth, dtype=np.int8) for label, truth in self._truth.items()},
            held=np.array(self._held, dtype=np.bool_),
            groups=self._groups,
        )

    def _group(self, comment: Comment, by: str) -> str:
        value = comment.fields.get(by)
        # One string for each group, however many comments it has.
        name = "" if value is None else str(value)
        name = self._names.setdefault(name, name)
        if len(self._names) > MOST_GROUPS:
            raise InvalidInput(f"{by} has more than {MOST_GROUPS:,} values: it names no groups.")
        return name
