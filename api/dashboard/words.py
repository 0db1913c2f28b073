"""The words that moderators read for what the model names."""

from collections.abc import Iterable, Sequence

from moderation.model.acts import ActKind
from moderation.model.comments import Display, DisplayRules, Status
from moderation.model.decisions import Action, Decision, Reason, ReasonKind, Source, displayed
from moderation.model.desk import WhyNot
from moderation.model.labels import Label
from moderation.model.languages import name_of
from moderation.model.perspective import ShadowState
from moderation.model.policy import OtherLanguages
from moderation.model.reviews import CAUSES, Cause
from moderation.model.site_reasons import SiteReason, likely
from moderation.services.undoing import Done
from moderation.services.watching import Watched

LABELS = {
    Label.TOXICITY: "toxicity",
    Label.SEVERE_TOXICITY: "severe toxicity",
    Label.OBSCENE: "obscenity",
    Label.THREAT: "threat",
    Label.INSULT: "insult",
    Label.IDENTITY_ATTACK: "identity attack",
    Label.SEXUAL_EXPLICIT: "sexually explicit",
}

WHY_NOT = {
    WhyNot.ESCALATED: "An operator decides on it.",
    WhyNot.DISPUTED: (
        "You judged this comment before, and a colleague judged it differently: a third person "
        "decides."
    ),
    WhyNot.APPEALED: "You judged this comment before, so somebody else judges the appeal.",
}

TO_CHOOSE = {
    Cause.SEVERE_TOXICITY: "Severe toxicity",
    Cause.THREAT: "Threats",
    Cause.IDENTITY_ATTACK: "Identity attacks",
    Cause.SEXUAL_EXPLICIT: "Sexually explicit text",
}

STATUSES = {
    Status.PENDING: "Pending",
    Status.APPROVED: "Approved",
    Status.FLAGGED: "Flagged",
    Status.REJECTED: "Rejected",
    Status.ERASED: "Erased",
}

OTHER_LANGUAGES = {
    OtherLanguages.FLAG: "Flag for a person",
    OtherLanguages.APPROVE: "Judge by the scores all the same",
    OtherLanguages.ROUTE: "Judge by another classifier",
}

SHADOWS = {
    ShadowState.ON: "On",
    ShadowState.OFF: "Switched off",
    ShadowState.KEY_REFUSED: "Ended, because Perspective refused the key",
    ShadowState.GONE: "Ended, because Perspective answers no more",
}

DISPLAYS = {
    Display.SHOW: "the site shows it",
    Display.HOLD: "the site holds it back",
    Display.HIDE: "the site hides it",
}

DONE = {
    Action.APPROVE: "Approved",
    Action.FLAG: "Flagged",
    Action.REJECT: "Rejected",
}

SOURCES = {
    Source.AUTOMATION: "the classifier",
    Source.MODERATOR: "a moderator",
    Source.APPEAL: "an appeal",
}

RULES = {
    ReasonKind.AUTHOR_BANNED: "the author is banned",
    ReasonKind.AUTHOR_HELD: "the author is held",
    ReasonKind.AUTHOR_TRUSTED: "the author is trusted",
    ReasonKind.THREAD_HELD: "the thread is held",
    ReasonKind.SECOND_LOOK: "two people judged it differently",
}

SET_ASIDE = {
    ActKind.SKIP: "Skipped for half an hour",
    ActKind.ESCALATE: "Escalated to operators",
    ActKind.SEND_BACK: "Sent back to the queue",
    ActKind.SECOND_LOOK: "Judged once more",
}

UNDONE = {
    ActKind.SKIP: "Undone, no longer skipped",
    ActKind.ESCALATE: "Undone, no longer escalated",
    ActKind.SEND_BACK: "Undone, escalated again",
    ActKind.SECOND_LOOK: "Undone, it waits for a second look again",
}


def why(reason: Reason) -> str:
    """Say in one line what made a decision so; a label also says from where it flags."""
    if reason.kind is ReasonKind.LABEL and reason.label is not None:
        score, line = _number(reason.score), _number(reason.threshold)
        return f"{LABELS[reason.label]} {score}, flags from {line}"
    if reason.kind is ReasonKind.UNSCORED and reason.label is not None:
        return f"no score for {LABELS[reason.label]}"
    if reason.kind is ReasonKind.FAILURE:
        return f"could not be scored: {reason.detail}"
    if reason.kind is ReasonKind.LANGUAGE:
        return f"{reason.detail}; its scores mean nothing"
    if reason.kind is ReasonKind.REPORT:
        return f"reported: {reason.detail}" if reason.detail else "reported by readers"
    return RULES.get(reason.kind) or reason.detail or ""


def display(rules: DisplayRules, status: Status, last: Decision | None) -> str:
    """Say what the site does with a comment whose last decision this is."""
    return DISPLAYS[displayed(rules, status, last)]


def labels(named: Iterable[Label]) -> str:
    """Say several labels in one line."""
    return ", ".join(LABELS[label] for label in named)


def causes(found: Cause) -> str:
    """Say several causes in one line."""
    return ", ".join(words for cause, words in CAUSES.items() if cause & found)


def language(code: str) -> str:
    """Say a language's name."""
    return name_of(code)


def unreadable(reasons: tuple[Reason, ...]) -> bool:
    """Say whether the classifier could not read the text, so that its scores mean nothing."""
    return any(reason.kind is ReasonKind.LANGUAGE for reason in reasons)


def strongest_first(reasons: tuple[Reason, ...]) -> list[Reason]:
    """Order reasons for reading: what is no score first, then the highest score."""
    return sorted(reasons, key=lambda reason: -(2.0 if reason.score is None else reason.score))


def who(decision: Decision) -> str:
    """Say who decided."""
    if any(reason.kind is ReasonKind.AUTHOR_BANNED for reason in decision.reasons):
        return decision.user_name or "a ban"
    return decision.user_name or ("an import" if decision.imported else SOURCES[decision.source])


def watched(one: Watched) -> str:
    """Say what became of a comment that somebody looks at; nothing where nothing did."""
    if one.claim is not None:
        return f"{one.claim.name} is on it"
    if one.status is Status.ERASED:
        return "The site withdrew it"
    if one.last is None or one.status is Status.PENDING:
        return "The site sent a new text"
    return f"{DONE[one.last.action]} by {who(one.last)}"


def done(found: Done) -> str:
    """Say what a person did, or took back."""
    act, made = found.act, found.made
    if act.kind is not ActKind.DECIDE:
        return (UNDONE if act.undone_at else SET_ASIDE)[act.kind]
    if act.undone_at:
        return f"Undone, {STATUSES[found.comment.status].lower()} again"
    return "" if made is None else DONE[made.action] + _for(made.reasons)


def likely_reason(offered: Sequence[SiteReason], reasons: Iterable[Reason]) -> SiteReason:
    """Guess the reason a moderator would reject for: that of the label furthest over its line."""
    over = [(r.score or 0.0, r.label) for r in reasons if r.label is not None]
    # Toxicity is the sum of the others: any more precise label says more.
    ranked = sorted(over, key=lambda pair: (pair[1] is Label.TOXICITY, -pair[0]))
    return likely(offered, [label for _, label in ranked])


def _for(reasons: Iterable[Reason]) -> str:
    titles = [reason.title for reason in reasons if reason.title]
    return f" for “{titles[0]}”" if titles else ""


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"
