"""Letters: what mails say. Plain text, and what strangers wrote only where somebody chose it."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

from moderation.model.ids import MailId
from moderation.model.mail_addresses import mail_address
from moderation.model.notifications import MailKind
from moderation.model.people import User
from moderation.model.plain import plain
from moderation.model.reviews import in_words
from moderation.services.capped_sites import Capped
from moderation.services.lateness import Late
from moderation.services.notifications import stop_token
from moderation.services.waiting_list import MOST, WaitingComment
from moderation.settings import Settings

MOST_SUBJECT = 150


class _Subject(UniqueUnstructuredHeader, BaseHeader):  # type: ignore[misc] # the registry's way
    """Words, which are divided into lines and encoded in parts, as RFC 2047 wants it."""

    def fold(self, *, policy: Policy) -> str:
        return str(super().fold(policy=policy.clone(max_line_length=SMTP.max_line_length)))


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)

# The library encodes a link that is longer than a line, and then no program knows it again.
_POLICY = SMTP.clone(max_line_length=998, header_factory=_HEADERS)


def digest(
    settings: Settings, mail_id: MailId, user: User, listed: Sequence[WaitingComment], now: datetime
) -> EmailMessage:
    """Return the digest of what waits for somebody; there is at least one."""
    subject = _how_many(len(listed))
    lines = [f"{subject}, the most pressing first:" if len(listed) > 1 else f"{subject}:", ""]
    for one in listed:
        lines += _entry(settings, one)
    lines += [f"The whole queue: {settings.base_url}/queue"]
    return _letter(settings, mail_id, user, MailKind.DIGEST, now, subject=subject, lines=lines)


def warning(
    settings: Settings, mail_id: MailId, user: User, amiss: Sequence[Late | Capped], now: datetime
) -> EmailMessage:
    """Return the warning that a comment of a site waits too long, or that its cap was reached.

    There is one of the two at least; the subject is of the first.
    """
    title = plain(amiss[0].title, MOST_SUBJECT)
    said = [_late(one) if isinstance(one, Late) else _capped(one) for one in amiss]
    lines = [
        *(line for what, more in said for line in (f"At {title} {what}.", *more, "")),
        f"The queue: {settings.base_url}/queue",
        f"The shift: {settings.base_url}/shift",
    ]
    subject = f"{title}: {said[0][0]}"
    return _letter(settings, mail_id, user, MailKind.WARNING, now, subject=subject, lines=lines)


def _late(late: Late) -> tuple[str, list[str]]:
    waits = "1 minute" if late.minutes == 1 else f"{late.minutes} minutes"
    return f"a comment waits for over {waits}", [
        f"It came {_moment(late.oldest)}.",
        "You are told once, and again only after everything was in time in between.",
    ]


def _capped(capped: Capped) -> tuple[str, list[str]]:
    return f"automation reached its cap, {capped.cap} rejections an hour", [
        f"The last time that was {_moment(capped.at)}.",
        "What it would have rejected beyond that waits for a person.",
        "The page Rates tells whether much came, or a line is too low or a rule too broad.",
        "You are told once a day at most.",
    ]


def trial(settings: Settings, address: str, now: datetime) -> EmailMessage:
    """Return a message that shows an operator that mail is sent."""
    message = _message(settings, address, now, "Copydesk can send mail")
    message.set_content(f"Sent by {settings.base_url} to see whether mail arrives.\n")
    return message


def _letter(  # noqa: PLR0913 - one of each that a letter has
    settings: Settings,
    mail_id: MailId,
    user: User,
    kind: MailKind,
    now: datetime,
    *,
    subject: str,
    lines: Sequence[str],
) -> EmailMessage:
    stop = f"{settings.base_url}/stop-mail/{stop_token(settings, kind, user.id)}"
    message = _message(settings, user.email, now, subject)
    # The same at each attempt: where one arrived without our knowing, programs show the next once.
    message["Message-ID"] = f"<{mail_id}@{_domain(settings)}>"
    # RFC 3834: no program should answer.
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    foot = ["", "-- ", f"Change what you are told: {settings.base_url}/notifications"]
    message.set_content("\n".join([*lines, *foot, f"Stop these mails: {stop}", ""]))
    return message


def _message(settings: Settings, to: str, now: datetime, subject: str) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["From"] = settings.mail_from or ""
    message["To"] = mail_address(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    return message


def _how_many(number: int) -> str:
    if number == 1:
        return "A comment waits for you"
    return (
        f"{MOST} comments or more wait for you"
        if number >= MOST
        else f"{number} comments wait for you"
    )


def _entry(settings: Settings, one: WaitingComment) -> list[str]:
    text = [f"  {one.text}"] if one.text is not None else []
    return [
        f"{plain(one.site, MOST_SUBJECT)}: {in_words(one.causes)}",
        *text,
        f"  since {_moment(one.opened_at)}",
        f"  {settings.base_url}/comments/{one.comment_id}",
        "",
    ]


def _domain(settings: Settings) -> str:
    return parseaddr(settings.mail_from or "")[1].rpartition("@")[2]


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
