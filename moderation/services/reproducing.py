"""Reproducing: whether each automatic decision follows from its policy version and its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.model.decisions import ReasonKind
from moderation.model.ids import DecisionId, SiteId
from moderation.model.policy import Policy
from moderation.model.verdicts import decide
from moderation.runtime import Runtime
from moderation.services.publishing import history_of
from moderation.storage import decisions, replaying
from moderation.storage.classifications import facts_of

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How many decisions were made again, and which of them came out otherwise."""

    decisions: int
    other: tuple[DecisionId, ...]


def reproduce(runtime: Runtime, site_id: SiteId) -> Reproduction:
    """Make every automatic decision of a site again, and compare action and reasons.

    What words decided that were erased since cannot be made again, and is not counted.
    Nothing is written. Raises NotFound, StorageUnavailable.
    """
    with runtime.reading() as connection:
        history = history_of(connection, site_id)
    versions = {one.policy.version: one.policy for one in history}
    number, other, after = 0, [], None
    while True:
        # Short transactions: a site may have millions.
        with runtime.reading() as connection:
            rows = replaying.automatic(connection, site_id, after, CHUNK)
        whole = [row for row in rows if not _is_forgotten(row)]
        number += len(whole)
        other += [row.decision_id for row in whole if not _follows(row, versions)]
        if len(rows) < CHUNK:
            return Reproduction(number, tuple(other))
        after = rows[-1].decision_id


def _is_forgotten(row: Any) -> bool:  # noqa: ANN401 - a row
    of_lists = (one for one in row.reasons if one["kind"] == ReasonKind.WORD_LIST)
    return any("detail" not in one for one in of_lists)


def _follows(row: Any, versions: Mapping[int, Policy]) -> bool:  # noqa: ANN401 - a row
    policy = versions.get(row.policy_version)
    if policy is None or row.classifier is None:
        return False
    verdict = decide(facts_of(row), policy)
    reasons = [decisions.from_reason(reason) for reason in verdict.reasons]
    return bool(verdict.action == row.action and reasons == row.reasons)
