"""Preferences: what somebody chose for their own desk, and nobody else sees."""

from dataclasses import dataclass

from moderation.model.reviews import Cause

TO_CHOOSE = (
    Cause.SEVERE_TOXICITY,
    Cause.THREAT,
    Cause.IDENTITY_ATTACK,
    Cause.SEXUAL_EXPLICIT,
)
"""What can be hidden or opted out of: what is severe, and what is directed at who somebody is."""

CHOOSABLE = Cause(sum(TO_CHOOSE))

NOTHING = Cause(0)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Which texts somebody wants hidden until they ask, and which comments not to be given.

    `language` is the code of the one that they read the desk in; None: as their browser asks.
    """

    hide: Cause = NOTHING
    opt_out: Cause = NOTHING
    language: str | None = None

    def __post_init__(self) -> None:
        if (self.hide | self.opt_out) & ~CHOOSABLE:
            raise ValueError("only some causes can be chosen")

    @property
    def hides(self) -> Cause:
        """What is hidden for them: also what they would rather not be given, where they are."""
        return self.hide | self.opt_out


NO_PREFERENCES = Preferences()
