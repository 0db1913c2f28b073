"""The words that moderators read for what the model names."""

from collections.abc import Iterable, Sequence

from api.dashboard import rule_words
from api.dashboard.language_names import language_name
from api.dashboard.languages import Words, gettext, noted, number
from api.dashboard.reason_details import detail_of
from moderation.model import reviews
from moderation.model.acts import ActKind
from moderation.model.comments import Display, DisplayRules, Status
from moderation.model.decisions import Action, Decision, Reason, ReasonKind, Source, displayed
from moderation.model.desk import WhyNot
from moderation.model.labels import Label
from moderation.model.people import Role
from moderation.model.reviews import Cause
from moderation.model.site_reasons import SiteReason, likely
from moderation.services.undoing import Done
from moderation.services.watching import Watched

LABELS = Words(
    {
        Label.TOXICITY: noted("toxicity"),
        Label.SEVERE_TOXICITY: noted("severe toxicity"),
        Label.OBSCENE: noted("obscenity"),
        Label.THREAT: noted("threat"),
        Label.INSULT: noted("insult"),
        Label.IDENTITY_ATTACK: noted("identity attack"),
        Label.SEXUAL_EXPLICIT: noted("sexually explicit"),
        Label.UNWANTED: noted("unwanted here"),
    }
)

CAUSES = Words(reviews.CAUSES)

STATUSES = Words(
    {
        Status.PENDING: noted("Pending"),
        Status.APPROVED: noted("Approved"),
        Status.FLAGGED: noted("Flagged"),
        Status.REJECTED: noted("Rejected"),
        Status.ERASED: noted("Erased"),
    }
)

AGAIN = Words(
    {
        Status.PENDING: noted("pending"),
        Status.APPROVED: noted("approved"),
        Status.FLAGGED: noted("flagged"),
        Status.REJECTED: noted("rejected"),
        Status.ERASED: noted("erased"),
    }
)
"""As it stands inside a sentence."""

ROLES = Words(
    {
        Role.MODERATOR: noted("moderator"),
        Role.OPERATOR: noted("operator"),
        Role.ADMIN: noted("admin"),
    }
)

DISPLAYS = Words(
    {
        Display.SHOW: noted("the site shows it"),
        Display.HOLD: noted("the site holds it back"),
        Display.HIDE: noted("the site hides it"),
    }
)

DONE = Words(
    {
        Action.APPROVE: noted("Approved"),
        Action.FLAG: noted("Flagged"),
        Action.REJECT: noted("Rejected"),
    }
)

SOURCES = Words(
    {
        Source.AUTOMATION: noted("the classifier"),
        Source.MODERATOR: noted("a moderator"),
        Source.APPEAL: noted("an appeal"),
    }
)

RULES = Words(
    {
        ReasonKind.AUTHOR_BANNED: noted("the author is banned"),
        ReasonKind.AUTHOR_HELD: noted("the author is held"),
        ReasonKind.AUTHOR_TRUSTED: noted("the author is trusted"),
        ReasonKind.THREAD_HELD: noted("the thread is held"),
        ReasonKind.CAP: noted("automation has rejected as many this hour as it may"),
        ReasonKind.SECOND_LOOK: noted("two people judged it differently"),
        ReasonKind.REPORT: noted("reported by readers"),
    }
)

_WITH_DETAIL = {
    ReasonKind.FAILURE: noted("could not be scored: %(detail)s"),
    ReasonKind.LANGUAGE: noted("%(detail)s; its scores mean nothing"),
    ReasonKind.REPORT: noted("reported: %(detail)s"),
}

WHY_NOT = Words(
    {
        WhyNot.ESCALATED: noted("An operator decides on it."),
        WhyNot.DISPUTED: noted(
            "You judged this comment before, and a colleague judged it differently: "
            "a third person decides."
        ),
        WhyNot.APPEALED: noted(
            "You judged this comment before, so somebody else judges the appeal."
        ),
    }
)

SET_ASIDE = Words(
    {
        ActKind.SKIP: noted("Skipped for half an hour"),
        ActKind.ESCALATE: noted("Escalated to operators"),
        ActKind.SEND_BACK: noted("Sent back to the queue"),
        ActKind.SECOND_LOOK: noted("Judged once more"),
        ActKind.AUDIT: noted("Approved, it stays as it is"),
    }
)

UNDONE = Words(
    {
        ActKind.SKIP: noted("Undone, no longer skipped"),
        ActKind.ESCALATE: noted("Undone, no longer escalated"),
        ActKind.SEND_BACK: noted("Undone, escalated again"),
        ActKind.SECOND_LOOK: noted("Undone, it waits for a second look again"),
        ActKind.AUDIT: noted("Undone, it waits for the audit again"),
    }
)


def why(reason: Reason) -> str:
    """Say in one line what made a decision so; a label also says from where it flags."""
    if reason.label is not None and reason.kind in {ReasonKind.LABEL, ReasonKind.UNSCORED}:
        return _of_label(reason, LABELS[reason.label])
    if reason.detail and reason.kind in _WITH_DETAIL:
        return gettext(_WITH_DETAIL[reason.kind], detail=detail_of(reason))
    return rule_words.why(reason) or RULES.get(reason.kind) or detail_of(reason)


def _of_label(reason: Reason, label: str) -> str:
    if reason.kind is ReasonKind.UNSCORED:
        return gettext("no score for %(label)s", label=label)
    score, line = _number(reason.score), _number(reason.threshold)
    return gettext("%(label)s %(score)s, flags from %(line)s", label=label, score=score, line=line)


def display(rules: DisplayRules, status: Status, last: Decision | None) -> str:
    """Say what the site does with a comment whose last decision this is."""
    return DISPLAYS[displayed(rules, status, last)]


def labels(named: Iterable[Label]) -> str:
    """Say several labels in one line."""
    return ", ".join(LABELS[label] for label in named)


def causes(found: Cause) -> str:
    """Say several causes in one line."""
    return ", ".join(CAUSES[cause] for cause in CAUSES if cause & found)


def language(code: str) -> str:
    """Say a language's name."""
    return language_name(code)


def unreadable(reasons: tuple[Reason, ...]) -> bool:
    """Say whether the classifier could not read the text, so that its scores mean nothing."""
    return any(reason.kind is ReasonKind.LANGUAGE for reason in reasons)


def strongest_first(reasons: tuple[Reason, ...]) -> list[Reason]:
    """Order reasons for reading: what is no score first, then the highest score."""
    return sorted(reasons, key=lambda reason: -(2.0 if reason.score is None else reason.score))


def who(decision: Decision) -> str:
    """Say who decided."""
    if any(reason.kind is ReasonKind.AUTHOR_BANNED for reason in decision.reasons):
        return decision.user_name or gettext("a ban")
    if decision.imported:
        return decision.user_name or gettext("an import")
    return decision.user_name or SOURCES[decision.source]


def watched(one: Watched) -> str:
    """Say what became of a comment that somebody looks at; nothing where nothing did."""
    if one.claim is not None:
        return gettext("%(name)s is on it", name=one.claim.name)
    if one.status is Status.ERASED:
        return gettext("The site withdrew it")
    if one.last is None or one.status is Status.PENDING:
        return gettext("The site sent a new text")
    return gettext("%(done)s by %(who)s", done=DONE[one.last.action], who=who(one.last))


def done(found: Done) -> str:
    """Say what a person did, or took back."""
    act, made = found.act, found.made
    if act.kind is not ActKind.DECIDE:
        return (UNDONE if act.undone_at else SET_ASIDE)[act.kind]
    if act.undone_at:
        return undone_to(found.comment.status)
    return "" if made is None else _done(made.action, made.reasons)


def undone_to(status: Status) -> str:
    """Say to which status a comment went back."""
    return gettext("Undone, %(status)s again", status=AGAIN[status])


def likely_reason(offered: Sequence[SiteReason], reasons: Iterable[Reason]) -> SiteReason:
    """Guess the reason a moderator would reject for: that of the label furthest over its line."""
    over = [(r.score or 0.0, r.label) for r in reasons if r.label is not None]
    # Toxicity is the sum of the others, and the site's head names nothing: the others say more.
    vague = (Label.TOXICITY, Label.UNWANTED)
    ranked = sorted(over, key=lambda pair: (pair[1] in vague, -pair[0]))
    return likely(offered, [label for _, label in ranked])


def _done(action: Action, reasons: Iterable[Reason]) -> str:
    titles = [reason.title for reason in reasons if reason.title]
    if not titles:
        return DONE[action]
    return gettext("%(done)s for “%(reason)s”", done=DONE[action], reason=titles[0])


def _number(value: float | None) -> str:
    return "?" if value is None else number(value, 2)
