"""What reasons of decisions say in sentences of ours, in the language of the page.

The database and the API keep them in English. What a person wrote stays as it is.
"""

from api.dashboard.complaint_words import REASONS
from api.dashboard.language_names import name_from_english
from api.dashboard.languages import gettext, noted, number
from api.dashboard.our_sentences import OurSentences
from moderation.model.decisions import Reason, ReasonKind
from moderation.model.reports import ReportReason

_DETAILS = OurSentences(
    (
        noted("language not supported: %(language)s"),
        noted("the classifier cannot read all of this"),
        noted("scored by %(classifier)s, thresholds are for %(other)s"),
        noted("the classifier failed %(times)s times on this comment"),
        noted("the classifier was away for too long"),
        noted("there are no words in its HTML"),
        noted("the policy's word lists cannot be read"),
    ),
    {"times": r"\d+"},
)

_UNJUDGED = noted("undone before it was classified")
"""The one that stands where people's own words stand."""

_OURS = frozenset({ReasonKind.FAILURE, ReasonKind.LANGUAGE, ReasonKind.OTHER_CLASSIFIER})
"""Kinds of which no person words the detail."""


def detail_of(reason: Reason) -> str:
    """Return the detail of a reason in the language of this page where it is ours."""
    detail = reason.detail or ""
    if detail == _UNJUDGED and reason.kind is ReasonKind.MODERATOR and reason.code is None:
        return gettext(_UNJUDGED)
    if reason.kind is ReasonKind.REPORT and detail in set(ReportReason):
        return REASONS[ReportReason(detail)]
    if reason.kind not in _OURS or (found := _DETAILS.find(detail)) is None:
        return detail
    sentence, values = found
    return gettext(sentence, **{name: _value(name, value) for name, value in values.items()})


def _value(name: str, value: str) -> str:
    if name == "language":
        return name_from_english(value)
    return number(int(value)) if name == "times" else value
