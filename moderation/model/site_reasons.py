"""Site's reasons: what a site's moderators reject comments for, each under a digit of its own."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from moderation.model.errors import FieldError, InvalidInput
from moderation.model.labels import Label

MOST = 9
"""One for each digit."""

MAX_CODE, MAX_TITLE, MAX_GUIDELINE, MAX_MESSAGE = 40, 80, 500, 1000

_CODE = re.compile(rf"[a-z][a-z0-9-]{{0,{MAX_CODE - 1}}}")


@dataclass(frozen=True, slots=True)
class SiteReason:
    """One reason to reject, under the digit `number`.

    The code stays when the words change. The guideline is for moderators; `message` is what their
    message to the author begins with; `labels` are those that make it the likely one.
    """

    number: int
    code: str
    title: str
    guideline: str = ""
    message: str = ""
    labels: tuple[Label, ...] = ()


DEFAULTS = (
    SiteReason(
        1,
        "insult",
        "Insult or personal attack",
        "Demeans a person: another reader, the writer of the article, somebody in the news. "
        "Harsh criticism of what somebody did or said is not an insult.",
        labels=(Label.TOXICITY, Label.SEVERE_TOXICITY, Label.INSULT),
    ),
    SiteReason(
        2,
        "hate",
        "Hate against a group",
        "Attacks people for their origin, religion, sex, orientation, disability or age. "
        "Quoting such words to object to them is not hate.",
        labels=(Label.IDENTITY_ATTACK,),
    ),
    SiteReason(
        3,
        "threat",
        "Threat or call to violence",
        "Announces violence, wishes for it or asks others for it. Escalate where somebody could "
        "be in danger.",
        labels=(Label.THREAT,),
    ),
    SiteReason(
        4,
        "obscene",
        "Obscene or sexual",
        "Obscenities for their own sake, or sexual content. A swear word alone can stay.",
        labels=(Label.OBSCENE, Label.SEXUAL_EXPLICIT),
    ),
    SiteReason(
        5,
        "spam",
        "Spam or advertising",
        "Sells something, links to what has nothing to do with the article, or repeats itself.",
    ),
    SiteReason(
        6,
        "off-topic",
        "Off topic",
        "Neither about the article nor an answer to another comment.",
    ),
    SiteReason(
        7,
        "privacy",
        "Private details",
        "Names an address, a telephone number, an illness or anything else private of somebody "
        "who did not make it public.",
    ),
    SiteReason(
        8,
        "false-claim",
        "False claim",
        "States as a fact what is known to be wrong and could do harm. An opinion is no claim.",
    ),
    SiteReason(
        9,
        "other",
        "Other",
        "Breaks the house rules in another way: say how in the note.",
    ),
)
"""What holds for a site until its operators choose their own."""


def likely(reasons: Sequence[SiteReason], labels: Collection[Label]) -> SiteReason:
    """Return the reason that stands for the first of these labels, or else the last of all."""
    for label in labels:
        for reason in reasons:
            if label in reason.labels:
                return reason
    return reasons[-1]


def coded(reasons: Sequence[SiteReason], code: str) -> SiteReason:
    """Return the reason with this code. Raises InvalidInput."""
    for reason in reasons:
        if reason.code == code:
            return reason
    raise InvalidInput("Choose one of the site's reasons.")


def digest_reasons(reasons: Sequence[SiteReason]) -> str:
    """Return what tells these reasons from any others: what somebody saw who changes them."""
    return hashlib.sha256(repr(tuple(reasons)).encode()).hexdigest()


def check_reasons(reasons: Sequence[SiteReason]) -> None:
    """Raise InvalidInput for what a site's reasons must not be."""
    if not reasons:
        raise InvalidInput("Keep at least one reason.")
    codes = [reason.code for reason in reasons]
    wrong = [
        FieldError(f"/{reason.number}", detail)
        for reason in reasons
        for detail in _faults(reason, codes)
    ]
    if wrong:
        raise InvalidInput("These reasons cannot be used.", tuple(wrong))


def _faults(reason: SiteReason, codes: Sequence[str]) -> list[str]:
    limits = (
        ("title", reason.title, MAX_TITLE),
        ("guideline", reason.guideline, MAX_GUIDELINE),
        ("message", reason.message, MAX_MESSAGE),
    )
    found = [
        f"{name}: at most {most} characters" for name, text, most in limits if len(text) > most
    ]
    if not 1 <= reason.number <= MOST:
        found.append(f"number: from 1 to {MOST}")
    if not reason.title.strip():
        found.append("title: write one")
    if not _CODE.fullmatch(reason.code):
        found.append("code: small letters, digits and hyphens, a letter first, at most 40")
    elif codes.count(reason.code) > 1:
        found.append("code: another reason has it")
    return found
