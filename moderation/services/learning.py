"""Learning: what a site's moderators decided, the versions of its head, and asking for another one.

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
from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.heads import ClaimedHead, HeadState, SiteHead
from moderation.model.ids import CommentId, HeadId, SiteId, UserId, new_uuid
from moderation.model.learning import MOST, Judged, Parts, Supply
from moderation.model.people import User
from moderation.model.policy import Policy
from moderation.runtime import Runtime
from moderation.services.operating import check_operator
from moderation.services.publishing import history_of, in_force, running
from moderation.storage import audit, heads, lessons, sites
from moderation.storage.classifications import facts_of
from moderation.storage.database import Connection


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
    _add(runtime, site_id, user.id, attempts=0)
    runtime.broker.ring(Task.LEARN)


def claim_new(runtime: Runtime, site_id: SiteId) -> ClaimedHead:
    """Note that a version is trained by whoever asks, so that others leave it alone.

    Raises InvalidInput (too little to learn), Conflict.
    """
    return _add(runtime, site_id, None, attempts=1)


def _add(
    runtime: Runtime, site_id: SiteId, user_id: UserId | None, *, attempts: int
) -> ClaimedHead:
    found = look_at(runtime, site_id)
    check_supply(found.supply)
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
            attempts=attempts,
            until=now if attempts else None,
        )
        data = {"head": number}
        audit.add(connection, "head-train", now, site_id=site_id, user_id=user_id, data=data)
    return ClaimedHead(head_id, now, attempts)


def has_lessons(runtime: Runtime) -> bool:
    """Say whether a version is to be trained, or to give the past its score.

    Raises StorageUnavailable.
    """
    with runtime.reading() as connection:
        return heads.any_turn(connection, runtime.database_now(connection))


def find_head(connection: Connection, site_id: SiteId, number: int) -> SiteHead:
    """Return a version of a site. Raises NotFound."""
    for one in heads.of_site(connection, site_id):
        if one.number == number:
            return one
    raise NotFound("There is no such version.")


def fingerprint(weights: bytes) -> str:
    """Return what tells these very weights from any others."""
    return sha256(weights).hexdigest()


def check_supply(supply: Supply) -> None:
    """Raise InvalidInput where there is too little to learn from."""
    if supply.lacks:
        raise InvalidInput("There are too few decisions to learn from.")


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
