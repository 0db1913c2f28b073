"""The words for the rules of a policy: what is counted, and what follows from it."""

from collections.abc import Iterator

from api.dashboard.languages import Words, gettext, ngettext, noted, number
from moderation.model.decisions import Action, Reason, ReasonKind
from moderation.model.measures import Measure
from moderation.model.policy import Policy
from moderation.model.presets import Preset

LIMITS = Words(
    {
        Measure.LINKS: noted("Links to other sites, from"),
        Measure.LENGTH: noted("Characters, from"),
        Measure.PACE: noted("Comments of the author in the ten minutes before, from"),
        Measure.APPROVALS: noted("Approved comments of the author, fewer than"),
        Measure.REPEATS: noted(
            "Comments that say the same, or nearly so, in the 24 hours before, from"
        ),
    }
)
"""As they stand before the number."""

KINDS = Words(
    {
        ReasonKind.LINKS: noted("links to other sites"),
        ReasonKind.LENGTH: noted("long comments"),
        ReasonKind.PACE: noted("many comments of an author at once"),
        ReasonKind.FIRST_TIME: noted("new authors"),
        ReasonKind.REPEATS: noted("repeated texts"),
        ReasonKind.WORD_LIST: noted("word lists"),
    }
)

ACTIONS = Words(
    {
        Action.FLAG: noted("flag for a person"),
        Action.REJECT: noted("reject without a person"),
    }
)

PRESETS = Words(
    {
        Preset.NEWS: noted("Fill in rules for a news site"),
        Preset.BLOG: noted("Fill in rules for a blog"),
    }
)

_REASONS = {
    ReasonKind.LINKS: noted("links to other sites: %(detail)s"),
    ReasonKind.LENGTH: noted("long: %(detail)s characters"),
    ReasonKind.PACE: noted("comments of the author in the ten minutes before: %(detail)s"),
    ReasonKind.FIRST_TIME: noted("the author is new here; comments approved before: %(detail)s"),
    ReasonKind.REPEATS: noted(
        "comments that say the same, or nearly so, in the 24 hours before: %(detail)s"
    ),
}


def why(reason: Reason) -> str | None:
    """Say what a rule found; None where the reason is none of a policy's rules."""
    if reason.kind is ReasonKind.WORD_LIST:
        name = reason.title or ""
        if reason.detail is None:
            return gettext("on the list “%(name)s”", name=name)
        return gettext("on the list “%(name)s”: %(words)s", name=name, words=reason.detail)
    if reason.kind in _REASONS:
        return gettext(_REASONS[reason.kind], detail=_counted(reason.detail))
    return None


def told(policy: Policy) -> Iterator[str]:
    """Say the rules of a policy, each in a few words."""
    for measure, limit in policy.limits.items():
        yield gettext(
            "%(limit)s %(number)s: %(action)s",
            limit=LIMITS[measure],
            number=number(limit.number),
            action=ACTIONS[limit.action],
        )
    for one in policy.word_lists:
        yield ngettext(
            "list “%(name)s”, %(many)s entry: %(action)s",
            "list “%(name)s”, %(many)s entries: %(action)s",
            len(one.entries),
            name=one.name,
            many=number(len(one.entries)),
            action=ACTIONS[one.action],
        )


def _counted(detail: str | None) -> str:
    if detail is None:
        return "?"
    return number(int(detail)) if detail.isdecimal() else detail
