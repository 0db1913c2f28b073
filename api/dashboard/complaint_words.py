"""The words that moderators read of reports and appeals."""

from api.dashboard.numbers import counted
from moderation.model.appeals import AppealState, Contested
from moderation.model.decisions import Action, Reason, ReasonKind
from moderation.model.reports import OpenReports, ReportReason, ReportState

REASONS = {
    ReportReason.OFFENSIVE: "offensive",
    ReportReason.HARASSMENT: "harassment",
    ReportReason.HATE: "hate",
    ReportReason.VIOLENCE: "violence",
    ReportReason.DEFAMATION: "defamation",
    ReportReason.PRIVACY: "private data",
    ReportReason.MINORS: "harm to minors",
    ReportReason.SELF_HARM: "self-harm",
    ReportReason.MISINFORMATION: "misinformation",
    ReportReason.COPYRIGHT: "copyright",
    ReportReason.SCAM: "scam",
    ReportReason.SPAM: "spam",
    ReportReason.OTHER: "something else",
}

REPORTS = {
    ReportState.OPEN: "waits for an answer",
    ReportState.UPHELD: "upheld",
    ReportState.DISMISSED: "dismissed",
    ReportState.MOOT: "the comment was withdrawn",
}

APPEALS = {
    AppealState.OPEN: "Waits for an answer",
    AppealState.UPHELD: "The decision was upheld",
    AppealState.OVERTURNED: "The decision was overturned",
    AppealState.MOOT: "The text was replaced or withdrawn first",
}

_ACTS = {Action.REJECT: "rejection", Action.FLAG: "flag", Action.APPROVE: "approval"}


def reported(reports: OpenReports) -> str:
    """Say how many readers complain of what, the most common first."""
    counts = {reason: count_of(reports, reason) for reason in reports.reasons}
    ordered = sorted(counts, key=lambda reason: -counts[reason])
    return f"reported by {counted(reports.readers, 'reader')}: " + ", ".join(
        f"{REASONS[reason]} ({counts[reason]})" for reason in ordered
    )


def count_of(reports: OpenReports, reason: ReportReason) -> int:
    """Count the readers who complain of one thing."""
    return sum(count for complaint, count in reports.tally.items() if complaint.reason is reason)


def notices(reports: OpenReports) -> int:
    """Count the readers who say that the comment is illegal."""
    return sum(count for complaint, count in reports.tally.items() if complaint.is_notice)


def contested(appeal: Contested) -> str:
    """Say whose decision an author contests."""
    whose = f"{appeal.user_name}\N{RIGHT SINGLE QUOTATION MARK}s" if appeal.user_name else "the"
    by = "" if appeal.user_name else " by the classifier"
    return f"{whose} {_ACTS[appeal.action]}{by}"


def is_complaint(reason: Reason) -> bool:
    """Say whether a review waits for an answer to readers or to the author."""
    return reason.kind in {ReasonKind.REPORT, ReasonKind.APPEAL}
