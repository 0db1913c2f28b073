"""Deciding: from facts to decision, status, review and announcement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model.decisions import BESIDE_SCORES, Action, ReasonKind, Source, display_of
from moderation.model.ids import DecisionId, SiteId, new_uuid
from moderation.model.jobs import Lane, Purpose
from moderation.model.labels import OF_CLASSIFIERS
from moderation.model.policy import Policy
from moderation.model.sites import Site
from moderation.model.verdicts import Verdict
from moderation.model.word_lists import WordList
from moderation.services import complaints, search_index
from moderation.services.announcements import NewEvent, announce
from moderation.services.audit_sampling import Approved, sample
from moderation.services.capping import Judged, within_caps
from moderation.services.circumstances import with_circumstances
from moderation.services.keeping import Scored, keep
from moderation.services.listed_words import with_words
from moderation.services.measuring import with_counts
from moderation.services.opening import review_row
from moderation.services.shadow_jobs import ShadowedBy, queue_for_shadows, shadowed_by
from moderation.storage import comments, decisions, jobs, policies, reviews, sites
from moderation.storage.database import Connection


def decide_all(connection: Connection, scored: Sequence[Scored], now: datetime) -> int:
    """Judge by the policies in force, and write what follows; return how many deliveries do."""
    by = _judges(connection, scored)
    scored = with_circumstances(connection, scored, now)
    scored = with_counts(connection, scored, by.sites, now)
    scored = [with_words(one, *by.lists_for(one)) for one in scored]
    made = _judge(connection, by, scored, now)
    keep(connection, [decided.scored for decided in made], now)
    _write(connection, made, now)
    queue_for_shadows(connection, [row for one in made if (row := one.shadow_row())])
    sample(connection, [decided.approved() for decided in made if decided.is_approved()], now)
    complaints.follow(connection, [decided.for_complaints() for decided in made], now)
    return announce(connection, [decided.event() for decided in made], now)


@dataclass(frozen=True, slots=True)
class _Decided:
    """One outcome with its verdict, on its way into the tables."""

    scored: Scored
    verdict: Verdict
    policy: Policy
    site: Site
    decision_id: DecisionId
    now: datetime
    shadowed: ShadowedBy | None = None

    @property
    def sequence(self) -> int:
        return self.scored.comment.sequence + 1

    def decision_row(self) -> dict[str, Any]:
        return self.scored.of_comment() | {
            "id": self.decision_id,
            "sequence": self.sequence,
            "action": self.verdict.action,
            "source": Source.AUTOMATION,
            "reasons": [decisions.from_reason(reason) for reason in self.verdict.reasons],
            "policy_version": self.policy.version,
            "classifier": self.scored.outcome.facts.classifier,
            "classification_id": self.scored.classification_id,
            "imported": False,
            "decided_at": self.now,
        }

    def status_row(self) -> dict[str, Any]:
        return {
            "id": self.scored.comment.id,
            "status": self.verdict.action.status,
            "sequence": self.sequence,
        }

    def review_row(self) -> dict[str, Any]:
        verdict = self.verdict
        return review_row(self.scored.comment, verdict.reasons, verdict.risk, self.now)

    def is_flagged_by_scores(self) -> bool:
        """Say whether the classifier in force flagged it, and no doubt about its scores did."""
        kinds = {reason.kind for reason in self.verdict.reasons}
        return (
            self.verdict.action is Action.FLAG
            and any(reason.label in OF_CLASSIFIERS for reason in self.verdict.reasons)
            and kinds - BESIDE_SCORES == {ReasonKind.LABEL}
            and self.scored.outcome.facts.classifier == self.policy.classifier
        )

    def explain_row(self) -> dict[str, Any]:
        return self.scored.of_comment() | {
            "id": new_uuid(),
            "classifier": self.policy.classifier,
            "purpose": Purpose.EXPLAIN,
            "lane": Lane.EXPLAIN,
            "created_at": self.now,
        }

    def shadow_row(self) -> dict[str, Any] | None:
        return None if self.shadowed is None else self.shadowed.job(self.scored, self.now)

    def for_complaints(self) -> complaints.Automatic:
        return complaints.Automatic(
            self.site, self.scored.comment, self.verdict.action, self.decision_id
        )

    def is_approved(self) -> bool:
        return self.verdict.action is Action.APPROVE

    def approved(self) -> Approved:
        return Approved(self.scored.comment, self.decision_id, self.site)

    def event(self) -> NewEvent:
        comment = self.scored.comment
        return NewEvent(
            site_id=comment.site_id,
            comment_id=comment.id,
            decision_id=self.decision_id,
            sequence=self.sequence,
            text_digest=comment.text_digest,
            display=display_of(self.site.display_rules, self.verdict.action, self.verdict.reasons),
        )


@dataclass(frozen=True, slots=True)
class _Judges:
    """The policies in force that judge a batch, and the sites of its comments."""

    policies: Mapping[tuple[SiteId, str], Policy]
    sites: Mapping[SiteId, Site]
    shadows: Mapping[SiteId, ShadowedBy | None]

    def policy_for(self, one: Scored) -> Policy:
        return self.policies[_pair(one)]

    def lists_for(self, one: Scored) -> tuple[tuple[WordList, ...], tuple[WordList, ...]]:
        """Return the word lists that decide, and those of what shadows."""
        shadowed = self.shadows[one.comment.site_id]
        return self.policy_for(one).word_lists, shadowed.word_lists if shadowed else ()


def _judges(connection: Connection, scored: Sequence[Scored]) -> _Judges:
    rows = sites.by_ids(connection, {one.comment.site_id for one in scored})
    return _Judges(
        policies=policies.in_force(connection, {_pair(one) for one in scored}),
        sites={site_id: sites.to_site(row) for site_id, row in rows.items()},
        shadows={site_id: shadowed_by(row) for site_id, row in rows.items()},
    )


def _pair(one: Scored) -> tuple[SiteId, str]:
    return one.comment.site_id, one.outcome.judged_for


def _judge(
    connection: Connection, by: _Judges, scored: Sequence[Scored], now: datetime
) -> list[_Decided]:
    judged = [Judged(one, by.policy_for(one)) for one in scored]
    return [
        _Decided(
            scored=one.scored,
            verdict=one.verdict,
            policy=one.policy,
            site=by.sites[one.scored.comment.site_id],
            decision_id=DecisionId(new_uuid()),
            now=now,
            shadowed=by.shadows[one.scored.comment.site_id],
        )
        for one in within_caps(connection, judged, by.sites, now)
    ]


def _write(connection: Connection, made: Sequence[_Decided], now: datetime) -> None:
    found = [decided.scored.comment for decided in made]
    decisions.add_all(connection, [decided.decision_row() for decided in made])
    comments.set_statuses(connection, [decided.status_row() for decided in made])
    # What nobody ever decided waits for nobody.
    if decided_before := [comment.id for comment in found if comment.sequence]:
        reviews.resolve(connection, decided_before, now)
    flagged = [d.review_row() for d in made if d.verdict.action is Action.FLAG]
    if flagged:
        reviews.add_all(connection, flagged)
    unexplained = [decided.explain_row() for decided in made if decided.is_flagged_by_scores()]
    if unexplained:
        jobs.add_all(connection, unexplained)
    cuts = {one.scored.comment.id: one.scored.cut for one in made if one.scored.cut}
    search_index.add(connection, [(one.id, one.site_id, one) for one in found], cuts)
