"""The forms that ask for advice: what was wished for, and what the thresholds form gets of it."""

from dataclasses import dataclass

from api.dashboard.forms import field
from api.dashboard.languages import gettext
from moderation.model.advice import Wish, WishKind
from moderation.model.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wished for, as they typed it, and why there is no advice, if so."""

    kind: WishKind
    typed: str
    error: str | None = None


def read_asked() -> Asked | None:
    """Return what the form asks advice for; None where it asks for none."""
    kind = field("do", 40).removeprefix("advise-")
    return Asked(WishKind(kind), field(f"amount_{kind}", 20)) if kind in set(WishKind) else None


def wish_of(asked: Asked) -> Wish:
    """Return the wish that was typed. Raises InvalidInput where it is no number."""
    try:
        amount = float(asked.typed.replace(",", "."))
    except ValueError:
        raise InvalidInput(gettext("Write a number, such as 5.")) from None
    return Wish(asked.kind, amount / 100 if asked.kind is WishKind.MISSES else amount)
