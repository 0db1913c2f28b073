"""Learning: a site's head is trained on what its moderators decided, tried, and kept as a version.

Nothing follows from it before an operator switches it on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from moderation.broker import Task
from moderation.markup import as_read
from moderation.model.comments import Format
from moderation.model.decisions import Action
from moderation.model.errors import Conflict, InvalidInput, ModerationError, NotFound
from moderation.model.head_trials import Trial, line_for, scored, trial_of
from moderation.model.heads import HeadState, Lessons, SiteHead
from moderation.model.ids import CommentId, HeadId, SiteId, UserId, new_uuid
from moderation.model.learning import MOST, Judged, Parts, Supply, parted, supply_of
from moderation.model.people import User
from moderation.model.policy import Policy
from moderation.runtime import Runtime
from moderation.services.operating import check_operator
from moderation.services.publishing import history_of, in_force, running
from moderation.storage import audit, heads, lessons, sites
from moderation.storage.classifications import facts_of
from moderation.storage.database import Connection

MOST_ATTEMPTS = 3
"""Training that ended its process so often is given up."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """How heads are trained, and what they say of comments; services know no classifier."""

    train: Callable[[Parts], bytes]
    score: Callable[[bytes, Sequence[Judged]], list[float | None]]


@dataclass(frozen=True, slots=True)
class Learning:
    """How a site stands: what there is to learn from, and the versions, the newest first."""

    classifier: str
    policy: Policy
    newest: int
    supply: Supply
    versions: tuple[SiteHead, ...]

    @property
    def on(self) -> SiteHead | None:
        """The version whose score new comments get."""
        return next((one for one in self.versions if one.is_on), None)

    @property
    def is_waiting(self) -> bool:
        """Say whether one is to be trained."""
        return any(one.state is HeadState.ASKED for one in self.versions)


def read_learning(runtime: Runtime, user: User, site_id: SiteId) -> Learning:
    """Return how a site stands. Raises NotFound, Forbidden."""
    check_operator(user, site_id)
    return look_at(runtime, site_id)


def look_at(runtime: Runtime, site_id: SiteId) -> Learning:
    """Return how a site stands, for a command. Raises NotFound."""
    with runtime.reading() as connection:
        history = history_of(connection, site_id)
        classifier = running(connection, history)
        return Learning(
            classifier=classifier,
            policy=in_force(history, classifier).policy,
            newest=history[0].policy.version,
            supply=Supply(*lessons.count(connection, site_id, classifier)),
            versions=tuple(heads.of_site(connection, site_id)),
        )


def ask(runtime: Runtime, user: User, site_id: SiteId) -> None:
    """Have a version trained soon. Raises NotFound, Forbidden, InvalidInput, Conflict."""
    check_operator(user, site_id)
    ask_for(runtime, site_id, user.id)
    runtime.broker.ring(Task.LEARN)


def ask_for(runtime: Runtime, site_id: SiteId, user_id: UserId | None = None) -> HeadId:
    """Note that a version is to be trained. Raises InvalidInput (too little to learn), Conflict."""
    found = look_at(runtime, site_id)
    _check(found.supply)
    with runtime.transaction() as connection:
        sites.lock(connection, site_id)
        now = runtime.database_now(connection)
        known = heads.of_site(connection, site_id)
        if any(one.state is HeadState.ASKED for one in known):
            raise Conflict("One is being trained already.")
        head_id, number = HeadId(new_uuid()), heads.next_number(connection, site_id)
        heads.add(
            connection,
            id=head_id,
            site_id=site_id,
            number=number,
            classifier=found.classifier,
            state=HeadState.ASKED,
            asked_by=user_id,
            asked_at=now,
        )
        data = {"head": number}
        audit.add(connection, "head-train", now, site_id=site_id, user_id=user_id, data=data)
    return head_id


def has_lessons(runtime: Runtime) -> bool:
    """Say whether a version is to be trained, or to give the past its score.

    Raises StorageUnavailable.
    """
    with runtime.reading() as connection:
        return heads.any_turn(connection)


def train_next(runtime: Runtime, teacher: Teacher) -> bool:
    """Train what waits longest; False where nothing does. Raises StorageUnavailable."""
    with runtime.transaction() as connection:
        head_id = heads.next_asked(connection)
        if head_id is None:
            return False
        # Committed first: what ends its process is not tried for ever.
        attempts = heads.begin(connection, head_id)
    if attempts > MOST_ATTEMPTS:
        _give_up(runtime, head_id, "its training was ended from outside")
        return True
    train(runtime, head_id, teacher)
    return True


def train(runtime: Runtime, head_id: HeadId, teacher: Teacher) -> None:
    """Train a version and keep what came of it. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        head = heads.by_id(connection, head_id)
        if head is None or head.state is not HeadState.ASKED:
            return
        until = runtime.database_now(connection)
        parts = parted(judged_until(connection, head.site_id, head.classifier, until))
        policy = in_force(history_of(connection, head.site_id), head.classifier).policy
    try:
        _check(supply_of(parts.all))
        weights = teacher.train(parts)
        trial = try_out(teacher, weights, parts, policy)
    except ModerationError as error:
        _give_up(runtime, head_id, str(error))
        return
    with runtime.transaction() as connection:
        heads.change(connection, head_id, _columns(parts, until, weights, trial))


def try_out(teacher: Teacher, weights: bytes, parts: Parts, policy: Policy) -> Trial:
    """Find the head's line on the decisions between, and compare on the newest."""
    between = scored(parts.between, teacher.score(weights, parts.between))
    newest = scored(parts.newest, teacher.score(weights, parts.newest))
    return trial_of(newest, policy, line_for(between, policy))


def find_head(connection: Connection, site_id: SiteId, number: int) -> SiteHead:
    """Return a version of a site. Raises NotFound."""
    for one in heads.of_site(connection, site_id):
        if one.number == number:
            return one
    raise NotFound("There is no such version.")


def fingerprint(weights: bytes) -> str:
    """Return what tells these very weights from any others."""
    return sha256(weights).hexdigest()


def _check(supply: Supply) -> None:
    if supply.lacks:
        raise InvalidInput("There are too few decisions to learn from.")


def _give_up(runtime: Runtime, head_id: HeadId, why: str) -> None:
    with runtime.transaction() as connection:
        heads.change(connection, head_id, {"state": HeadState.FAILED, "failure": why})


def _columns(parts: Parts, until: datetime, weights: bytes, trial: Trial) -> dict[str, object]:
    supply = supply_of(parts.all)
    lessons = Lessons(
        until, supply, parts.all[0].written_at, parts.all[-1].written_at, parts.digest
    )
    return {
        "state": HeadState.TRAINED,
        "until": lessons.until,
        "approved": supply.approved,
        "rejected": supply.rejected,
        "first_written_at": lessons.first,
        "last_written_at": lessons.last,
        "digest": lessons.digest,
        "trial": trial.to_json(),
        "weights": weights,
        "fingerprint": fingerprint(weights),
    }


def judged_until(
    connection: Connection, site_id: SiteId, classifier: str, until: datetime
) -> list[Judged]:
    """Return what people judged before a moment, each text once: their decisions go first."""
    rows = lessons.kept(connection, site_id, classifier, until, MOST)
    # The oldest of several first, so that the newest stays.
    rows += reversed(lessons.decided(connection, site_id, classifier, until, MOST))
    found = {(row.comment_id, row.revision): row for row in rows}
    newest = sorted(found.values(), key=lambda row: (row.written_at, row.id), reverse=True)[:MOST]
    return [
        Judged(
            comment_id=CommentId(row.comment_id),
            revision=row.revision,
            rejected=row.action == Action.REJECT,
            facts=facts_of(row),
            written_at=row.written_at,
            text=as_read(row.text, Format(row.format)),
        )
        for row in newest
    ]
