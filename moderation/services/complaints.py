"""Complaints, reports and appeals alike, beside the decisions that are made on comments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.model.appeals import Contested, leaves_to_others, outcome_of
from moderation.model.comments import Comment, Display
from moderation.model.decisions import Action, Decision, Reason, ReasonKind, Source, displayed
from moderation.model.errors import Forbidden, InvalidInput, StaleReview
from moderation.model.ids import CommentId, DecisionId
from moderation.model.people import User
from moderation.model.reports import (
    ALL_REPORTS,
    OpenReports,
    SeenReports,
    asks_for_review,
    risk_of_reports,
)
from moderation.model.reviews import Cause
from moderation.model.sites import Site
from moderation.services.opening import open_review
from moderation.storage import appeals, audit, decisions, reports, reviews, users
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Beside:
    """What waits beside a comment of a site while a person decides on it."""

    site: Site
    comment: Comment
    appeal: Contested | None = None
    reports: OpenReports | None = None
    own_decision: bool = False

    @property
    def source(self) -> Source:
        """Whether the decision is one on an appeal."""
        return Source.MODERATOR if self.appeal is None else Source.APPEAL

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What readers complained of, as reasons of the decision."""
        named = () if self.reports is None else self.reports.reasons
        return tuple(Reason(ReasonKind.REPORT, detail=reason.value) for reason in named)


def display_after(site: Site, comment: Comment, last: Any) -> Display:  # noqa: ANN401 - a row, or None
    """Return what the site does with a comment at present, after its last decision."""
    decision = None if last is None else decisions.to_decision(last)
    return displayed(site.display_rules, comment.status, decision)


def before_decision(  # noqa: PLR0913 - who decides what on which comment, and what they were told
    connection: Connection,
    site: Site,
    comment: Comment,
    user: User,
    action: Action,
    *,
    waits_for: Cause,
    alone: bool,
) -> Beside:
    """Return what a decision of this person on a locked comment decides along with it.

    `waits_for` are the causes of its review: without an appeal among them, none is looked for. An
    appeal is judged by somebody who did not judge the comment before. Where nobody but who made the
    contested decision is there, `alone` says that the person was told so.
    Raises Forbidden, StaleReview (there is nobody else any more), InvalidInput.
    """
    beside = Beside(
        site,
        comment,
        appeal=_open_appeal(connection, comment) if waits_for & Cause.APPEAL else None,
        reports=_open_reports(connection, [comment]).get(comment.id),
    )
    if beside.appeal is None:
        return beside
    if action is Action.FLAG:
        raise InvalidInput("An appeal waits for an answer: approve or reject.")
    appeal = beside.appeal
    if user.id not in {appeal.user_id, appeal.second_by}:
        return beside
    there = users.active_at(connection, [site.id])[site.id]
    if user.id in leaves_to_others(there, appeal.user_id, appeal.second_by):
        raise Forbidden("You judged this comment before: somebody else has to judge the appeal.")
    if user.id != appeal.user_id:
        return beside
    if not alone:
        raise StaleReview("The author appealed against your decision, and nobody else is there.")
    return replace(beside, own_decision=True)


def beside_unappealed(
    connection: Connection, site: Site, locked: Sequence[Comment]
) -> dict[CommentId, Beside]:
    """Return what decisions on locked comments decide along with them, where no appeal waits."""
    reported = _open_reports(connection, locked)
    return {one.id: Beside(site, one, reports=reported.get(one.id)) for one in locked}


def settle(
    connection: Connection, beside: Beside, decision: Decision, seen: SeenReports, now: datetime
) -> None:
    """Close what a person's decision answers: the appeal, and the reports that were seen.

    Once a comment is rejected, that answers every report. Reports that came while a person looked
    at a comment and approved it stay open, and may ask for another look.
    """
    _settle_appeal(connection, beside, decision, now)
    _settle_reports(connection, beside, decision, seen, now)


def reopen(connection: Connection, comment: Comment, undone: Decision) -> bool:
    """Open again what an undone decision had closed; False where that was nothing."""
    reported = comment.reported and reports.reopen(connection, undone.id)
    appealed = undone.source is Source.APPEAL and appeals.reopen(connection, undone.id)
    return reported or appealed


@dataclass(frozen=True, slots=True)
class Automatic:
    """An automatic decision that was just recorded on a locked comment of a site."""

    site: Site
    comment: Comment
    action: Action
    decision_id: DecisionId


def follow(connection: Connection, made: Sequence[Automatic], now: datetime) -> None:
    """Let what readers complained of before a comment was decided have its effect."""
    reported = _open_reports(connection, [one.comment for one in made])
    for one in made:
        if (complained := reported.get(one.comment.id)) is None:
            continue
        if one.action is Action.REJECT:
            outcomes = ALL_REPORTS.outcomes(one.action, complained.reasons)
            reports.settle(connection, one.comment.id, outcomes, one.decision_id, now)
        else:
            _weigh(connection, one.site, one.comment, complained, now)


def look(connection: Connection, site: Site, comment: Comment, now: datetime) -> None:
    """Let people look at a decided comment whose reports ask for it.

    Where it waits anyhow, it presses more.
    """
    complained = reports.open_among(connection, [comment.id]).get(comment.id)
    if complained is not None:
        _weigh(connection, site, comment, complained, now)


def _open_appeal(connection: Connection, comment: Comment) -> Contested | None:
    return appeals.open_among(connection, [comment.id]).get(comment.id)


def _open_reports(
    connection: Connection, locked: Sequence[Comment]
) -> dict[CommentId, OpenReports]:
    """Return what readers complain of; asks nothing where nobody ever did."""
    ids = [comment.id for comment in locked if comment.reported]
    return reports.open_among(connection, ids) if ids else {}


def _weigh(
    connection: Connection, site: Site, comment: Comment, complained: OpenReports, now: datetime
) -> None:
    risk = risk_of_reports(complained.tally)
    if waiting := reviews.of_waiting(connection, comment.id):
        reviews.add_reason(connection, waiting, ReasonKind.REPORT, risk)
        return
    known = reports.dismissed(connection, comment.id, comment.revision)
    if asks_for_review(complained.tally, known, site.report_rules):
        open_review(connection, comment, ReasonKind.REPORT, risk, now)


def _settle_appeal(
    connection: Connection, beside: Beside, decision: Decision, now: datetime
) -> None:
    if beside.appeal is None:
        return
    appeal, outcome, own = beside.appeal.appeal, outcome_of(decision.action), beside.own_decision
    appeals.settle(connection, appeal.id, outcome, decision.id, now, own_decision=own)
    data = {"appeal": str(appeal.id), "outcome": outcome.value}
    _note(connection, "appeal-judge-own" if own else "appeal-judge", beside, decision, data)


def _settle_reports(
    connection: Connection, beside: Beside, decision: Decision, seen: SeenReports, now: datetime
) -> None:
    if beside.reports is None:
        return
    outcomes = seen.outcomes(decision.action, beside.reports.reasons)
    up_to = None if decision.action is Action.REJECT else seen.up_to
    reports.settle(connection, decision.comment_id, outcomes, decision.id, now, up_to=up_to)
    if outcomes:
        data = {reason.value: outcome.value for reason, outcome in outcomes.items()}
        _note(connection, "reports-judge", beside, decision, data)
    if (up_to is not None and up_to < beside.reports.last) or not outcomes:
        look(connection, beside.site, beside.comment, now)


def _note(
    connection: Connection, what: str, beside: Beside, decision: Decision, data: dict[str, str]
) -> None:
    data = data | {"decision": str(decision.id)}
    audit.add(
        connection,
        what,
        decision.decided_at,
        site_id=beside.site.id,
        user_id=decision.user_id,
        data=data,
    )
