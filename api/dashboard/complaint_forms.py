"""Reading what the forms of a card say of the reports on it."""

from flask import request

from api.dashboard.forms import INCOMPLETE, field, number
from moderation.model.errors import InvalidInput
from moderation.model.reports import ALL_REPORTS, ReportReason, SeenReports


def seen_reports() -> SeenReports:
    """Return which reports were on the card, and which of their reasons the person ticked."""
    if not field("reports"):
        return ALL_REPORTS
    upheld = _ticked() if field("ticks") else None
    return SeenReports(number("reports"), upheld)


def is_alone() -> bool:
    """Say whether the card told the person that nobody else can judge the appeal."""
    return field("alone") == "yes"


def _ticked() -> frozenset[ReportReason]:
    try:
        return frozenset(ReportReason(value) for value in request.form.getlist("upheld"))
    except ValueError:
        raise InvalidInput(INCOMPLETE) from None
