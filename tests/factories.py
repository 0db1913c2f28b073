"""Builders. Alice moderates the site Agora, Olga operates it, Mallory moderates Boule."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from moderation.model.classification import Facts, Outcome
from moderation.model.comments import NewComment
from moderation.model.ids import CommentId, JobId, SiteId, UserId, new_uuid
from moderation.model.jobs import Lane, Purpose
from moderation.model.labels import OF_CLASSIFIERS, Label, Scores
from moderation.model.marks import Mark
from moderation.model.people import Role, User
from moderation.model.policy import first_policy
from moderation.runtime import Runtime
from moderation.services.accepting import Submitted
from moderation.services.claiming import claim_batch
from moderation.services.intake import submit_in
from moderation.services.recording import record
from moderation.storage import classifications, comments, jobs, leases, policies, sites, users

CLASSIFIER = "compact@test"
NEXT = "compact@next"
LEASE = timedelta(seconds=30)
CIVIL: dict[Label, float] = dict.fromkeys(
    [label for label in OF_CLASSIFIERS if label is not Label.SEXUAL_EXPLICIT], 0.05
)
HOSTILE = CIVIL | {Label.TOXICITY: 0.95, Label.INSULT: 0.9}

INSULT = "You are a stupid idiot and everybody hates you."
"""What the classifier that comes with Copydesk flags, and does not reject."""


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def pass_time(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@dataclass(frozen=True)
class Agora:
    """A site with its people, and a person of another site."""

    site_id: SiteId
    other_site_id: SiteId
    alice: User
    olga: User
    mallory: User


def make_site(runtime: Runtime, name: str) -> SiteId:
    site_id = SiteId(new_uuid())
    policy = first_policy(CLASSIFIER)
    now = runtime.clock.now()
    with runtime.transaction() as connection:
        # Chance would choose differently each time.
        values = {"id": site_id, "name": name, "title": name.title(), "audit_share": 0.0}
        sites.add(connection, **values, created_at=now)
        values = {
            "id": new_uuid(),
            "site_id": site_id,
            "version": 1,
            "classifier": policy.classifier,
            "thresholds": policies.from_thresholds(policy.thresholds),
            "reason": "first policy",
            "published_at": now,
        }
        policies.add(connection, values)
    return site_id


def make_user(runtime: Runtime, name: str, role: Role, *site_ids: SiteId) -> User:
    user_id = UserId(new_uuid())
    email = f"{name.lower()}@example.org"
    with runtime.transaction() as connection:
        row = {"id": user_id, "email": email, "name": name, "role": role}
        connection.execute(insert(users.users).values(**row, created_at=runtime.clock.now()))
        for site_id in site_ids:
            connection.execute(insert(users.memberships).values(user_id=user_id, site_id=site_id))
    return User(user_id, email, name, role, frozenset(site_ids))


def add_bob(runtime: Runtime, site_id: SiteId) -> User:
    """Return one more moderator of a site."""
    return make_user(runtime, "Bob", Role.MODERATOR, site_id)


def make_agora(runtime: Runtime) -> Agora:
    agora, boule = make_site(runtime, "agora"), make_site(runtime, "boule")
    return Agora(
        site_id=agora,
        other_site_id=boule,
        alice=make_user(runtime, "Alice", Role.MODERATOR, agora),
        olga=make_user(runtime, "Olga", Role.OPERATOR, agora),
        mallory=make_user(runtime, "Mallory", Role.MODERATOR, boule),
    )


def submit(runtime: Runtime, site_id: SiteId, external_id: str = "c1", **fields: Any) -> Submitted:  # noqa: ANN401 - fields of NewComment
    """Store a comment as intake does, without announcing it."""
    new = NewComment(external_id=external_id, **{"text": "Good morning.", **fields})
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        return submit_in(connection, now, "compact", site_id, new)


def classify_all(
    runtime: Runtime,
    scores: Scores = CIVIL,
    **fields: Any,  # noqa: ANN401 - fields of Facts
) -> int:
    """Decide everything that waits, as a worker whose classifier always answers the same."""
    decided = 0
    for lane in Lane:
        while claim := _claim(runtime, lane):
            facts = Facts(classifier=CLASSIFIER, scores=scores, **fields)
            decided += record(runtime, [Outcome(job, facts) for job in claim]).decided
    return decided


def queue_rescoring(
    runtime: Runtime,
    comment_id: CommentId,
    classifier: str = NEXT,
    **fields: Any,  # noqa: ANN401 - columns
) -> JobId:
    """Queue a job that scores a comment by another version, for no decision."""
    job_id = JobId(new_uuid())
    with runtime.transaction() as connection:
        comment = comments.by_id(connection, comment_id)
        assert comment is not None
        row = {
            "id": job_id,
            "comment_id": comment_id,
            "site_id": comment.site_id,
            "revision": comment.revision,
            "classifier": classifier,
            "purpose": Purpose.RESCORE,
            "lane": Lane.BULK,
            "created_at": runtime.database_now(connection),
        }
        jobs.add_all(connection, [row | fields])
    return job_id


def flagged_comment(runtime: Runtime, site_id: SiteId, external_id: str = "c1") -> CommentId:
    """Return a comment that waits for a person."""
    submitted = submit(runtime, site_id, external_id, text="You are an idiot.")
    classify_all(runtime, HOSTILE)
    return submitted.comment_id


def mark_words(runtime: Runtime, marks: Sequence[Mark]) -> None:
    """Mark words in everything that was classified, as if it had been explained."""
    stored = [asdict(mark) for mark in marks]
    with runtime.transaction() as connection:
        connection.execute(classifications.classifications.update().values(marks=stored))


def _claim(runtime: Runtime, lane: Lane) -> Any:  # noqa: ANN401 - jobs
    with runtime.reading() as connection:
        job_ids = leases.oldest_fresh(connection, lane, datetime.max.replace(tzinfo=UTC), 100)
    return claim_batch(runtime, lane, job_ids, 100, LEASE).jobs if job_ids else ()
