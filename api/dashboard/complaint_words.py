"""The words that moderators read of reports and appeals."""

from api.dashboard.languages import Words, gettext, ngettext, noted, number
from moderation.model.appeals import AppealState, Contested
from moderation.model.decisions import Action, Reason, ReasonKind
from moderation.model.reports import OpenReports, ReportReason, ReportState

REASONS = Words(
    {
        ReportReason.OFFENSIVE: noted("offensive"),
        ReportReason.HARASSMENT: noted("harassment"),
        ReportReason.HATE: noted("hate"),
        ReportReason.VIOLENCE: noted("violence"),
        ReportReason.DEFAMATION: noted("defamation"),
        ReportReason.PRIVACY: noted("private data"),
        ReportReason.MINORS: noted("harm to minors"),
        ReportReason.SELF_HARM: noted("self-harm"),
        ReportReason.MISINFORMATION: noted("misinformation"),
        ReportReason.COPYRIGHT: noted("copyright"),
        ReportReason.SCAM: noted("scam"),
        ReportReason.SPAM: noted("spam"),
        ReportReason.OTHER: noted("something else"),
    }
)

REPORTS = Words(
    {
        ReportState.OPEN: noted("waits for an answer"),
        ReportState.UPHELD: noted("upheld"),
        ReportState.DISMISSED: noted("dismissed"),
        ReportState.MOOT: noted("the comment was withdrawn"),
    }
)

APPEALS = Words(
    {
        AppealState.OPEN: noted("Waits for an answer"),
        AppealState.UPHELD: noted("The decision was upheld"),
        AppealState.OVERTURNED: noted("The decision was overturned"),
        AppealState.MOOT: noted("The text was replaced or withdrawn first"),
    }
)

_BY_A_PERSON = {
    Action.REJECT: noted("%(name)s\N{RIGHT SINGLE QUOTATION MARK}s rejection"),
    Action.FLAG: noted("%(name)s\N{RIGHT SINGLE QUOTATION MARK}s flag"),
    Action.APPROVE: noted("%(name)s\N{RIGHT SINGLE QUOTATION MARK}s approval"),
}
_BY_AUTOMATION = Words(
    {
        Action.REJECT: noted("the rejection by the classifier"),
        Action.FLAG: noted("the flag by the classifier"),
        Action.APPROVE: noted("the approval by the classifier"),
    }
)


def reported(reports: OpenReports) -> str:
    """Say how many readers complain of what, the most common first."""
    counts = {reason: count_of(reports, reason) for reason in reports.reasons}
    ordered = sorted(counts, key=lambda reason: -counts[reason])
    what = ", ".join(f"{REASONS[reason]} ({number(counts[reason])})" for reason in ordered)
    return ngettext(
        "reported by %(n)s reader: %(what)s",
        "reported by %(n)s readers: %(what)s",
        reports.readers,
        n=number(reports.readers),
        what=what,
    )


def count_of(reports: OpenReports, reason: ReportReason) -> int:
    """Count the readers who complain of one thing."""
    return sum(count for complaint, count in reports.tally.items() if complaint.reason is reason)


def notices(reports: OpenReports) -> int:
    """Count the readers who say that the comment is illegal."""
    return sum(count for complaint, count in reports.tally.items() if complaint.is_notice)


def contested(appeal: Contested) -> str:
    """Say whose decision an author contests."""
    if appeal.user_name:
        return gettext(_BY_A_PERSON[appeal.action], name=appeal.user_name)
    return _BY_AUTOMATION[appeal.action]


def is_complaint(reason: Reason) -> bool:
    """Say whether a review waits for an answer to readers or to the author."""
    return reason.kind in {ReasonKind.REPORT, ReasonKind.APPEAL}
