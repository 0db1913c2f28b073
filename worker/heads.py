"""Heads: the score of a site's own, beside those of the classifier."""

from collections import OrderedDict
from dataclasses import dataclass, field

import structlog

from classifiers.head.weights import Head
from moderation.model.errors import InvalidInput
from moderation.model.ids import HeadId
from moderation.model.labels import Label, Scores
from moderation.runtime import Runtime
from moderation.services.heads import Weights, weights_of
from moderation.services.learning import fingerprint
from worker.reading import Read

log = structlog.get_logger()

MOST = 64
"""Kept in memory, each of at most half a megabyte; those used last."""

Loaded = tuple[Weights, Head]


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of sites, loaded at their first use. A version never changes once it is trained."""

    runtime: Runtime
    _loaded: OrderedDict[HeadId, Loaded | None] = field(default_factory=OrderedDict)

    def add(self, head_id: HeadId, read: Read, scores: Scores) -> tuple[Scores, int | None]:
        """Return the scores with the head's, and its number; as they are where it has none.

        It says nothing of another classifier's scores, and a head that is damaged nothing at all: a
        policy that asks for its score flags the comment then. Raises StorageUnavailable.
        """
        found = self._find(head_id)
        if found is None or found[0].classifier != read.judge.version:
            return scores, None
        score = found[1].score(read.text, scores)
        if score is None:
            return scores, None
        return {**scores, Label.UNWANTED: score}, found[0].number

    def _find(self, head_id: HeadId) -> Loaded | None:
        if head_id not in self._loaded:
            self._loaded[head_id] = self._load(head_id)
            if len(self._loaded) > MOST:
                self._loaded.popitem(last=False)
        self._loaded.move_to_end(head_id)
        return self._loaded[head_id]

    def _load(self, head_id: HeadId) -> Loaded | None:
        weights = weights_of(self.runtime, head_id)
        # What fails must not be tried again at every comment.
        if weights is None or fingerprint(weights.weights) != weights.fingerprint:
            log.error("head_failed", head=str(head_id), reason="these were never trained")
            return None
        try:
            return weights, Head.from_bytes(weights.weights)
        except InvalidInput as error:
            log.error("head_failed", head=str(head_id), reason=str(error))  # noqa: TRY400 - the reason says it all
            return None
