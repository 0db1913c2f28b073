"""The words that moderators read for what the model names."""

from collections.abc import Iterable

from moderation.model.comments import Display, DisplayRules, Status
from moderation.model.decisions import Action, Decision, Reason, ReasonKind, Source, displayed
from moderation.model.labels import Label
from moderation.model.languages import name_of
from moderation.model.perspective import ShadowState
from moderation.model.policy import OtherLanguages
from moderation.model.reviews import Cause
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

CAUSES = {
    Cause.THREAT: "threat",
    Cause.SEVERE_TOXICITY: "severe toxicity",
    Cause.IDENTITY_ATTACK: "identity attack",
    Cause.INSULT: "insult",
    Cause.SEXUAL_EXPLICIT: "sexually explicit",
    Cause.OBSCENE: "obscenity",
    Cause.TOXICITY: "toxicity",
    Cause.LANGUAGE: "language",
    Cause.FAILURE: "could not be scored",
    Cause.PERSON: "a person asked",
    Cause.OTHER: "other",
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
}

REJECT_REASONS = (
    "Insult or personal attack",
    "Hate against a group",
    "Threat or call to violence",
    "Obscene or sexual",
    "Spam or advertising",
    "Off topic",
    "Other",
)

_LIKELY_REASON = {
    Label.TOXICITY: 0,
    Label.SEVERE_TOXICITY: 0,
    Label.INSULT: 0,
    Label.IDENTITY_ATTACK: 1,
    Label.THREAT: 2,
    Label.OBSCENE: 3,
    Label.SEXUAL_EXPLICIT: 3,
}
_OTHER = "Other"


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
    return RULES.get(reason.kind) or reason.detail or ""


def display(rules: DisplayRules, status: Status, last: Decision | None) -> str:
    """Say what the site does with a comment whose last decision this is."""
    return DISPLAYS[displayed(rules, status, last)]


def labels(named: Iterable[Label]) -> str:
    """Say several labels in one line."""
    return ", ".join(LABELS[label] for label in named)


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


def likely_reason(reasons: tuple[Reason, ...]) -> str:
    """Guess the reason a moderator would reject for: that of the label furthest over its line."""
    over = [(r.score or 0.0, r.label) for r in reasons if r.label in _LIKELY_REASON]
    # Toxicity is the sum of the others: any more precise label says more.
    precise = [pair for pair in over if pair[1] is not Label.TOXICITY]
    if not over:
        return _OTHER
    _, label = max(precise or over)
    return REJECT_REASONS[_LIKELY_REASON[label]] if label else _OTHER


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"
