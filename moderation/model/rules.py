"""Rules: what follows from the circumstances of a comment, whatever its scores.

A rule is a function here and a place in RULES; `verdicts.decide` says which goes before which.
"""

from collections.abc import Callable, Mapping

from moderation.model.circumstances import Circumstances
from moderation.model.decisions import Action, Reason, ReasonKind
from moderation.model.standings import Standing

Rule = Callable[[Circumstances], Reason | None]
"""Returns its reason where it applies."""


def _banned_author(known: Circumstances) -> Reason | None:
    return Reason(ReasonKind.AUTHOR_BANNED) if known.standing is Standing.BANNED else None


def _held_author(known: Circumstances) -> Reason | None:
    return Reason(ReasonKind.AUTHOR_HELD) if known.standing is Standing.HELD else None


def _held_thread(known: Circumstances) -> Reason | None:
    return Reason(ReasonKind.THREAD_HELD) if known.thread_held else None


def _trusted_author(known: Circumstances) -> Reason | None:
    return Reason(ReasonKind.AUTHOR_TRUSTED) if known.standing is Standing.TRUSTED else None


RULES: Mapping[Action, tuple[Rule, ...]] = {
    Action.REJECT: (_banned_author,),
    Action.FLAG: (_held_author, _held_thread),
    Action.APPROVE: (_trusted_author,),
}
"""By what they do: an approving one only lifts a flag that scores have raised a little."""


def reasons_to(action: Action, known: Circumstances) -> tuple[Reason, ...]:
    """Return the reasons of all rules that do this and apply."""
    return tuple(reason for rule in RULES[action] if (reason := rule(known)) is not None)
