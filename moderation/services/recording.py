"""Recording: facts, classification, decision, status, review and announcement, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model.classification import Outcome
from moderation.model.comments import Comment, Status
from moderation.model.decisions import Action, Source
from moderation.model.ids import DecisionId, SiteId, new_uuid
from moderation.model.labels import Label
from moderation.model.policy import Policy, Verdict, decide
from moderation.runtime import Runtime
from moderation.services import search_index
from moderation.services.announcements import NewEvent, announce
from moderation.storage import (
    classifications,
    comments,
    decisions,
    jobs,
    policies,
    reviews,
    sites,
)
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch became: how many decisions, and how many deliveries they caused."""

    decided: int
    deliveries: int


def record(runtime: Runtime, outcomes: Sequence[Outcome]) -> Recorded:
    """Write a batch's decisions in one transaction.

    An outcome counts only where its token still holds the job, its revision is the current one and
    the comment is not erased; any other is dropped, so that every comment gets exactly one
    effective decision. Raises StorageUnavailable; then nothing is written.
    """
    with runtime.transaction() as connection:
        valid = _still_valid(connection, outcomes)
        if not valid:
            return Recorded(0, 0)
        now = runtime.database_now(connection)
        made = _decide_all(connection, valid, now)
        _write(connection, made, now)
        deliveries = announce(connection, [decided.event() for decided in made], now)
    return Recorded(len(made), deliveries)


@dataclass(frozen=True, slots=True)
class _Decided:
    """One outcome with its verdict, on its way into the tables."""

    outcome: Outcome
    verdict: Verdict
    policy: Policy
    comment: Comment
    site: Any
    classification_id: Any
    decision_id: DecisionId
    now: datetime

    def classification_row(self) -> dict[str, Any]:
        job, facts = self.outcome.job, self.outcome.facts
        scores = {label.value: facts.scores.get(label) for label in Label}
        return (
            self._of_comment()
            | scores
            | {
                "id": self.classification_id,
                "classifier": facts.classifier,
                "purpose": job.purpose,
                "failure": facts.failure,
                "readable": facts.readable,
                "language": facts.language,
                "supported": facts.supported,
                "classified_at": self.now,
            }
        )

    def decision_row(self) -> dict[str, Any]:
        return self._of_comment() | {
            "id": self.decision_id,
            "sequence": self.comment.sequence + 1,
            "action": self.verdict.action,
            "source": Source.AUTOMATION,
            "reasons": [decisions.from_reason(reason) for reason in self.verdict.reasons],
            "policy_version": self.policy.version,
            "classifier": self.outcome.facts.classifier,
            "classification_id": self.classification_id,
            "imported": False,
            "decided_at": self.now,
        }

    def status_row(self) -> dict[str, Any]:
        return {
            "comment_id": self.comment.id,
            "new_status": self.verdict.action.status,
            "new_sequence": self.comment.sequence + 1,
        }

    def review_row(self) -> dict[str, Any]:
        return self._of_comment() | {
            "id": new_uuid(),
            "risk": self.verdict.risk,
            "reasons": [decisions.from_reason(reason) for reason in self.verdict.reasons],
            "opened_at": self.now,
        }

    def event(self) -> NewEvent:
        return NewEvent(
            site_id=self.comment.site_id,
            comment_id=self.comment.id,
            decision_id=self.decision_id,
            sequence=self.comment.sequence + 1,
            text_digest=self.comment.text_digest,
            display=sites.display_rules(self.site).display(self.verdict.action.status),
        )

    def _of_comment(self) -> dict[str, Any]:
        return {
            "comment_id": self.comment.id,
            "site_id": self.comment.site_id,
            "revision": self.comment.revision,
        }


def _still_valid(
    connection: Connection, outcomes: Sequence[Outcome]
) -> list[tuple[Outcome, Comment]]:
    # Comments before jobs: the same order as everybody else who locks both.
    locked = comments.lock_all(connection, [outcome.job.comment_id for outcome in outcomes])
    held = jobs.lock_held(connection, {o.job.id: o.job.token for o in outcomes})
    return [
        (outcome, comment)
        for outcome in outcomes
        if outcome.job.id in held
        and (comment := locked.get(outcome.job.comment_id)) is not None
        and comment.revision == outcome.job.revision
        and comment.status != Status.ERASED
    ]


def _decide_all(
    connection: Connection, valid: Sequence[tuple[Outcome, Comment]], now: datetime
) -> list[_Decided]:
    site_ids: set[SiteId] = {comment.site_id for _, comment in valid}
    in_force = policies.current(connection, site_ids)
    site_rows = sites.by_ids(connection, site_ids)
    return [
        _Decided(
            outcome=outcome,
            verdict=decide(outcome.facts, in_force[comment.site_id]),
            policy=in_force[comment.site_id],
            comment=comment,
            site=site_rows[comment.site_id],
            classification_id=new_uuid(),
            decision_id=DecisionId(new_uuid()),
            now=now,
        )
        for outcome, comment in valid
    ]


def _write(connection: Connection, made: Sequence[_Decided], now: datetime) -> None:
    classifications.add_all(connection, [decided.classification_row() for decided in made])
    decisions.add_all(connection, [decided.decision_row() for decided in made])
    comments.set_statuses(connection, [decided.status_row() for decided in made])
    reviews.resolve(connection, [decided.comment.id for decided in made], now)
    flagged = [d.review_row() for d in made if d.verdict.action is Action.FLAG]
    if flagged:
        reviews.add_all(connection, flagged)
    jobs.finish(connection, [decided.outcome.job.id for decided in made])
    search_index.add(connection, [(d.comment.id, d.comment.site_id, d.comment) for d in made])
