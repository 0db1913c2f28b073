"""Reports and appeals as sites see them, never with the words of readers or authors."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from api.v1.comment_resource import COMMENTS_PATH, Moment
from moderation.model.appeals import Appeal, AppealState
from moderation.model.comments import Display, Status
from moderation.model.reports import Report, ReportReason, ReportState
from moderation.services.reporting import Reported


class ReportResource(BaseModel):
    """A reader's complaint, and what became of it."""

    id: UUID
    comment_id: UUID
    revision: int = Field(description="Of the text that was reported.")
    reason: ReportReason
    notice: bool = Field(description="Whether the reader says that the comment is illegal.")
    state: ReportState = Field(
        description="`open` until somebody decides; `moot` where the comment was withdrawn first."
    )
    decision_id: UUID | None = Field(description="The decision that answered it.")
    reported_at: Moment


class ReportReceipt(BaseModel):
    """A report, and where its comment stands: reports alone change neither."""

    report: ReportResource
    status: Status
    display: Display


class ReportPage(BaseModel):
    """Reports in the order in which they came."""

    reports: list[ReportResource]
    next: str = Field(description="The cursor for the next request.")
    has_more: bool


class AppealResource(BaseModel):
    """An author's appeal, and what became of it."""

    id: UUID
    comment_id: UUID
    decision_id: UUID = Field(description="The contested decision.")
    state: AppealState = Field(
        description="Said of the contested decision; `open` until somebody judges, `moot` where "
        "the text was replaced or withdrawn first."
    )
    outcome_id: UUID | None = Field(description="The decision on the appeal.")
    statement: str | None = Field(description="What the author is told of that decision.")
    own_decision: bool = Field(
        description="Whether it was judged by the person who had decided, because nobody else was "
        "there."
    )
    appealed_at: Moment
    settled_at: Moment | None


class AppealList(BaseModel):
    """A comment's appeals, oldest first."""

    appeals: list[AppealResource]


def report_resource(report: Report) -> dict[str, Any]:
    """Return the JSON of a report, shaped as ReportResource."""
    return {
        "id": str(report.id),
        "comment_id": str(report.comment_id),
        "revision": report.revision,
        "reason": report.reason.value,
        "notice": report.is_notice,
        "state": report.state.value,
        "decision_id": None if report.decision_id is None else str(report.decision_id),
        "reported_at": report.reported_at.isoformat(),
    }


def receipt(reported: Reported) -> dict[str, Any]:
    """Return the JSON that answers a report, shaped as ReportReceipt."""
    return {
        "report": report_resource(reported.report),
        "status": reported.comment.status.value,
        "display": reported.display.value,
    }


def appeal_resource(appeal: Appeal) -> dict[str, Any]:
    """Return the JSON of an appeal, shaped as AppealResource."""
    return {
        "id": str(appeal.id),
        "comment_id": str(appeal.comment_id),
        "decision_id": str(appeal.decision_id),
        "state": appeal.state.value,
        "outcome_id": None if appeal.outcome_id is None else str(appeal.outcome_id),
        "statement": appeal.statement,
        "own_decision": appeal.own_decision,
        "appealed_at": appeal.appealed_at.isoformat(),
        "settled_at": None if appeal.settled_at is None else appeal.settled_at.isoformat(),
    }


def appeals_path(appeal: Appeal) -> str:
    """Return the path of a comment's appeals."""
    return f"{COMMENTS_PATH}/{appeal.comment_id}/appeals"
