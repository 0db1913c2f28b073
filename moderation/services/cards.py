"""Cards: comments with all that a moderator needs to decide on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from moderation.model.comments import Comment, Status
from moderation.model.decisions import Decision, Reason, ReasonKind, Source
from moderation.model.desk import WhyNot
from moderation.model.ids import CommentId, ReviewId, UserId
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.model.people import User
from moderation.model.policy import Override, Policy, Threshold
from moderation.model.reviews import Cause, Claim, Handover
from moderation.model.site_reasons import DEFAULTS, SiteReason
from moderation.model.standings import StandingChange, SubjectKind, subject_of
from moderation.services.circumstances import Standings, standings_of
from moderation.services.complaint_cards import NO_COMPLAINTS, Complaints, complaints_of
from moderation.services.disputes import barred
from moderation.services.excerpts import Excerpt
from moderation.storage import decisions, desk, site_reasons
from moderation.storage.classifications import marks_of, place_of, scores_of
from moderation.storage.comments import to_comment
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Meter:
    """One score beside the thresholds that it was judged by."""

    label: Label
    score: float
    threshold: Threshold


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who let a review wait for operators, and why; `at` is None once it was sent back."""

    by: str
    note: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A review that waits for a person: since when, why, and how much it presses."""

    id: ReviewId
    risk: float
    reasons: tuple[Reason, ...]
    opened_at: datetime
    escalation: Escalation | None = None

    @property
    def for_operators(self) -> bool:
        """Say whether it was escalated, and not sent back."""
        return self.escalation is not None and self.escalation.at is not None


@dataclass(frozen=True, slots=True)
class Card:
    """One comment with all that a moderator needs to decide on it.

    `language` is the one that its text counted as when it was judged; `marks` are places in the
    text as readers see it; `claim` says who is looking at it now; `site_reasons` are those for
    which it can be rejected. Where `services.surroundings` adds it: the comment that it answers,
    and how many team notes there are.
    """

    comment: Comment
    meters: tuple[Meter, ...]
    decisions: tuple[Decision, ...]
    waiting: Waiting | None = None
    language: str | None = None
    marks: tuple[Mark, ...] = ()
    complaints: Complaints = NO_COMPLAINTS
    claim: Claim | None = None
    handed: Handover | None = None
    standings: Mapping[SubjectKind, StandingChange] = field(default_factory=dict)
    """What was set last of the author and of the thread; it may have ended."""
    parent: Excerpt | None = None
    notes: int = 0
    site_reasons: tuple[SiteReason, ...] = DEFAULTS
    hidden: Mapping[CommentId, Cause] = field(default_factory=dict)
    """What is hidden from whoever looks, until they ask, and for what: of all texts around too."""
    override: Override | None = None
    """Whose thresholds count in its place, under the policy that judged it."""
    disputed_by: frozenset[UserId] = frozenset()
    """Who judged it differently and leave it to a third person, who is there."""

    @property
    def hidden_for(self) -> Cause | None:
        """For what its own text is hidden from whoever looks."""
        return self.hidden.get(self.comment.id)

    @property
    def last(self) -> Decision | None:
        """The decision that stands; None while the present text was not decided."""
        if self.comment.status is Status.PENDING or not self.decisions:
            return None
        return self.decisions[-1]

    @property
    def judged(self) -> Decision | None:
        """The last automatic decision on the present text."""
        automatic = (d for d in reversed(self.decisions) if d.source is Source.AUTOMATION)
        return next((d for d in automatic if d.revision == self.comment.revision), None)

    @property
    def fingerprint(self) -> str:
        """What tells it apart from the same card as it was before; begins with the sequence."""
        reports, waiting, handed = self.complaints.reports, self.waiting, self.handed
        return " ".join(
            str(one)
            for one in (
                self.comment.sequence,
                reports and reports.last,
                handed and handed.at,
                waiting and waiting.escalation and (waiting.escalation.at or "sent back"),
                *(change.id for change in self.standings.values()),
            )
        )

    @property
    def is_disputed(self) -> bool:
        """Say whether it waits because two people judged it differently."""
        reasons = self.waiting.reasons if self.waiting else ()
        return any(reason.kind is ReasonKind.SECOND_LOOK for reason in reasons)

    def scores_of(self, label: str | None) -> tuple[tuple[Label, float], ...]:
        """Return its score of a label, with the label, where it has one."""
        return tuple((meter.label, meter.score) for meter in self.meters if meter.label == label)

    def why_not(self, user: User) -> WhyNot | None:
        """Say why this person leaves the decision to others; None where they may decide."""
        appeal, waiting = self.complaints.appeal, self.waiting
        if waiting is not None and waiting.for_operators and not user.is_operator:
            return WhyNot.ESCALATED
        if user.id in self.disputed_by:
            return WhyNot.DISPUTED
        return WhyNot.APPEALED if appeal is not None and not appeal.is_for(user) else None

    @property
    def undoable(self) -> Decision | None:
        """The decision of a person that can still be taken back."""
        last = self.last
        if last is None or last.source is Source.AUTOMATION or last.undoes or last.imported:
            return None
        return last if last.sequence == self.comment.sequence else None


def cards_of(connection: Connection, rows: Sequence[Any]) -> tuple[Card, ...]:
    """Build cards with a number of statements that does not grow with that of the cards."""
    if not rows:
        return ()
    ids = [CommentId(row.id) for row in rows]
    said = _said(connection, rows, ids)
    made: defaultdict[CommentId, list[Decision]] = defaultdict(list)
    for decision in desk.decisions_of(connection, ids):
        made[decision.comment_id].append(decision)
    reasons = site_reasons.of(connection, {row.site_id for row in rows})
    bare = [
        Card(
            to_comment(row),
            (),
            tuple(made[row.id]),
            _waiting(row),
            site_reasons=reasons[row.site_id],
        )
        for row in rows
    ]
    heard = complaints_of(connection, [card.comment for card in bare])
    between = barred(connection, [card.comment for card in bare if card.is_disputed])
    whole = [
        replace(
            card,
            complaints=heard.get(card.comment.id, NO_COMPLAINTS),
            disputed_by=between.get(card.comment.id, frozenset()),
        )
        for card in bare
    ]
    judges = _judges(connection, whole)
    found = standings_of(connection, [card.comment for card in whole])
    return tuple(
        _with_standings(_with_scores(card, said.get(card.comment.id), judges), found)
        for card in whole
    )


def _said(
    connection: Connection, rows: Sequence[Any], ids: Sequence[CommentId]
) -> Mapping[CommentId, Any]:
    """Return the classification of each comment's present text."""
    revision = {row.id: row.revision for row in rows}
    return {
        row.comment_id: row
        for row in desk.classifications_of(connection, ids)
        if row.revision == revision[row.comment_id]
    }


def _judges(connection: Connection, cards: Sequence[Card]) -> Mapping[tuple[UUID, int], Policy]:
    versions = {
        (card.comment.site_id, card.judged.policy_version)
        for card in cards
        if card.judged is not None and card.judged.policy_version is not None
    }
    return desk.policies_of(connection, versions) if versions else {}


def _with_scores(card: Card, said: Any, judges: Mapping[tuple[UUID, int], Policy]) -> Card:  # noqa: ANN401 - a row
    if said is None:
        return card
    version = card.judged.policy_version if card.judged else None
    judge = judges.get((card.comment.site_id, version or 0))
    judge = judge.for_scores_of(said.classifier) if judge else None
    override = judge.override_at(place_of(said)) if judge else None
    thresholds = judge.at(place_of(said)).thresholds if judge else {}
    meters = tuple(
        Meter(label, score, thresholds.get(label, Threshold()))
        for label, score in scores_of(said).items()
    )
    return replace(
        card, meters=meters, language=said.language, marks=marks_of(said) or (), override=override
    )


def _with_standings(card: Card, found: Standings) -> Card:
    of = {kind: subject_of(card.comment, kind) for kind in SubjectKind} if found else {}
    known = {
        kind: found[card.comment.site_id, subject]
        for kind, subject in of.items()
        if subject and (card.comment.site_id, subject) in found
    }
    return replace(card, standings=known) if known else card


def _waiting(row: Any) -> Waiting | None:  # noqa: ANN401 - a row of storage.desk
    if getattr(row, "review_id", None) is None:
        return None
    reasons = tuple(decisions.to_reason(stored) for stored in row.review_reasons)
    by = row.escalated_by_name
    escalation = Escalation(by, row.escalation_note, row.escalated_at) if by else None
    return Waiting(row.review_id, row.risk, reasons, row.opened_at, escalation)
