"""Training: a version that was asked for is trained on what people decided, tried, and kept.

Who trains holds a lease, so that processes do not train the same one; where two do all the same,
the first result stands.
"""

from contextlib import suppress

from moderation.model.errors import ModerationError, Transient
from moderation.model.head_trials import Trial, line_for, scored, trial_of
from moderation.model.heads import ClaimedHead, HeadState
from moderation.model.ids import SiteId
from moderation.model.learning import Parts, parted, supply_of
from moderation.model.policy import Policy
from moderation.runtime import Runtime
from moderation.services.learning import (
    Teacher,
    check_supply,
    claim_new,
    fingerprint,
    judged_until,
)
from moderation.services.publishing import history_of, in_force
from moderation.storage import heads

MOST_ATTEMPTS = 3
"""Training that ended its process so often is given up."""


def train_next(runtime: Runtime, teacher: Teacher) -> bool:
    """Train what waits longest; False where nothing does. Raises StorageUnavailable."""
    with runtime.transaction() as connection:
        # Committed first: what ends its process is not tried for ever.
        claimed = heads.claim(connection, runtime.database_now(connection))
    if claimed is None:
        return False
    if claimed.attempts > MOST_ATTEMPTS:
        _give_up(runtime, claimed, "its training was ended from outside")
    else:
        _train(runtime, claimed, teacher)
    return True


def train_new(runtime: Runtime, site_id: SiteId, teacher: Teacher) -> None:
    """Train a version of a site here and now. Raises InvalidInput, Conflict, StorageUnavailable."""
    _train(runtime, claim_new(runtime, site_id), teacher)


def _train(runtime: Runtime, claimed: ClaimedHead, teacher: Teacher) -> None:
    try:
        _train_and_keep(runtime, claimed, teacher)
    except BaseException:
        # So that nobody waits for the lease to run out, as all must where a process was killed.
        with suppress(Transient), runtime.transaction() as connection:
            heads.hand_back(connection, claimed)
        raise


def _train_and_keep(runtime: Runtime, claimed: ClaimedHead, teacher: Teacher) -> None:
    with runtime.reading() as connection:
        head = heads.by_id(connection, claimed.id)
        if head is None:
            return
        parts = parted(judged_until(connection, head.site_id, head.classifier, claimed.until))
        policy = in_force(history_of(connection, head.site_id), head.classifier).policy
    try:
        check_supply(supply_of(parts.all))
        weights = teacher.train(parts)
        trial = _try_out(teacher, weights, parts, policy)
    except ModerationError as error:
        _give_up(runtime, claimed, str(error))
        return
    with runtime.transaction() as connection:
        heads.settle(connection, claimed.id, _columns(parts, claimed, weights, trial))


def _try_out(teacher: Teacher, weights: bytes, parts: Parts, policy: Policy) -> Trial:
    """Find the head's line on the decisions between, and compare on the newest."""
    between = scored(parts.between, teacher.score(weights, parts.between))
    newest = scored(parts.newest, teacher.score(weights, parts.newest))
    return trial_of(newest, policy, line_for(between, policy))


def _give_up(runtime: Runtime, claimed: ClaimedHead, why: str) -> None:
    with runtime.transaction() as connection:
        heads.settle(connection, claimed.id, {"state": HeadState.FAILED, "failure": why})


def _columns(parts: Parts, claimed: ClaimedHead, weights: bytes, trial: Trial) -> dict[str, object]:
    supply = supply_of(parts.all)
    return {
        "state": HeadState.TRAINED,
        "until": claimed.until,
        "approved": supply.approved,
        "rejected": supply.rejected,
        "first_written_at": parts.all[0].written_at,
        "last_written_at": parts.all[-1].written_at,
        "digest": parts.digest,
        "trial": trial.to_json(),
        "weights": weights,
        "fingerprint": fingerprint(weights),
    }
