"""What comments are known for: the labels that were over their thresholds when they were judged."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select

from moderation.model.decisions import Source
from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.policy import Threshold
from moderation.model.preferences import NOTHING
from moderation.model.reviews import Cause
from moderation.storage.classifications import classifications, place_of, scores_of
from moderation.storage.database import Connection
from moderation.storage.decisions import decisions
from moderation.storage.policies import policies, to_policy

_d, _k, _p = decisions.c, classifications.c, policies.c

# Not the reasons of the decision: those of a banned author say nothing of the scores.
_JUDGED: Select[Any] = (
    select(
        _d.comment_id,
        *(_k[label.value] for label in Label),
        _k.classifier.label("scored_by"),
        *(_k.section, _k.thread),
        *(_p.classifier, _p.version, _p.thresholds, _p.other_languages, _p.overrides),
    )
    .join(classifications, _k.id == _d.classification_id)
    .join(policies, (_p.site_id == _d.site_id) & (_p.version == _d.policy_version))
    .where(_d.source == Source.AUTOMATION)
)


def of(connection: Connection, comment_ids: Collection[CommentId]) -> dict[CommentId, Cause]:
    """Return which labels were over their thresholds, in a present text or an older one."""
    found: defaultdict[CommentId, Cause] = defaultdict(lambda: NOTHING)
    for row in connection.execute(_JUDGED.where(_d.comment_id.in_(comment_ids))):
        thresholds = to_policy(row).for_scores_of(row.scored_by).at(place_of(row)).thresholds
        for label, score in scores_of(row).items():
            line = thresholds.get(label, Threshold()).lowest
            if line is not None and score >= line:
                found[row.comment_id] |= Cause[label.name]
    return dict(found)
