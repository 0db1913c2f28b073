"""The forms that ask for advice: what was wished for, and what the thresholds form gets of it."""

from dataclasses import dataclass

from api.dashboard.forms import choice, field
from api.dashboard.languages import gettext
from moderation.model.advice import Wish, WishKind
from moderation.model.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wished for, as they typed it, and why there is no advice, if so."""

    kind: WishKind
    typed: str
    error: str | None = None


def read_asked() -> Asked:
    """Return what the form holds. Raises InvalidInput where it is none of ours."""
    return Asked(choice(WishKind, "wish"), field("amount", 20))


def wish_of(asked: Asked) -> Wish:
    """Return the wish that was typed. Raises InvalidInput where it is no number."""
    try:
        amount = float(asked.typed.replace(",", "."))
    except ValueError:
        raise InvalidInput(gettext("Write a number, such as 5.")) from None
    return Wish(asked.kind, amount / 100 if asked.kind is WishKind.MISSES else amount)
