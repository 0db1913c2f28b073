"""Mailing: who is due a mail, what becomes of one that is sent, and when it is tried again.

That a mail is due and that it was noted commit together, like an event and its deliveries. A mail
holds no text while it waits: what it says is read when it is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from moderation.model.ids import MailId, UserId
from moderation.model.notifications import MailKind, MailWhen
from moderation.model.people import Role, User
from moderation.runtime import Runtime
from moderation.services import letters
from moderation.services.lateness import is_late, late_sites
from moderation.services.waiting_list import seen_sites, waiting_list
from moderation.storage import lateness, mails, notifications, users
from moderation.storage.database import Connection

LEASE = timedelta(minutes=15)
"""Longer than the slowest server may take; then whoever sends is taken for dead."""

LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
"""By then the next digest says the same, and a warning is no news."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is to be sent now."""

    id: MailId
    user_id: UserId
    kind: MailKind
    attempts: int
    made_at: datetime
    message: EmailMessage


def note_due(runtime: Runtime) -> None:
    """Note the digests and warnings that are due, each once. Raises StorageUnavailable."""
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        wanting = [row.user_id for row in notifications.wanting_mail(connection)]
        sites = lateness.oldest_of_each(connection)
    for user_id in wanting:
        _note_digest(runtime, user_id)
    for site in sites:
        if is_late(site, now) != (site.warned_at is not None):
            _note_lateness(runtime, site, late=site.warned_at is None)


def next_letter(runtime: Runtime) -> Letter | None:
    """Return a mail that is due, for as long as the lease; None where there is none.

    What nobody wants any more, or has nothing to say, is forgotten. Raises StorageUnavailable.
    """
    while True:
        with runtime.transaction() as connection:
            now = runtime.database_now(connection)
            row = mails.claim(connection, now, now + LEASE)
            if row is None:
                return None
            message = _written(runtime, connection, row, now)
            if message is not None:
                kind, attempts = MailKind(row.kind), row.attempts + 1
                return Letter(row.id, row.user_id, kind, attempts, row.made_at, message)
            mails.remove(connection, row.id)


def settle(runtime: Runtime, letter: Letter, *, over: bool) -> None:
    """Note that a mail was sent or is given up, or try it again later. Raises StorageUnavailable.

    Whoever dies before this has it sent twice, with the same Message-ID.
    """
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        if over or now - letter.made_at >= GIVE_UP_AFTER:
            mails.remove(connection, letter.id)
        else:
            pause = min(timedelta(minutes=2**letter.attempts), LONGEST_PAUSE)
            mails.put_off(connection, letter.id, now + pause, letter.attempts)


def _note_digest(runtime: Runtime, user_id: UserId) -> None:
    with runtime.transaction() as connection:
        row, user = notifications.lock(connection, user_id), users.by_id(connection, user_id)
        if user is None or user.disabled_at is not None:
            return
        now = runtime.database_now(connection)
        wishes, sites = notifications.to_wishes(row), list(seen_sites(connection, user))
        new, first = lateness.new_since(
            connection, sites, row.told_until, escalated_too=user.role.includes(Role.OPERATOR)
        )
        if not wishes.digest_is_due(now, row.told_until, new, first):
            return
        notifications.change(connection, user_id, now, told_until=now)
        if not mails.on_their_way(connection, user_id, MailKind.DIGEST):
            mails.add(connection, user_id, MailKind.DIGEST, now)


def _note_lateness(runtime: Runtime, site: Any, *, late: bool) -> None:  # noqa: ANN401 - a row
    with runtime.transaction() as connection:
        if not late:
            lateness.end_episode(connection, site.id)
            return
        now = runtime.database_now(connection)
        if lateness.begin_episode(connection, site.id, now):
            wanting = notifications.wanting_warnings(connection)
            for user in users.active(connection):
                if user.id in wanting and _is_operator(user) and user.sees(site.id):
                    mails.add(connection, user.id, MailKind.WARNING, now, site.id)


def _written(
    runtime: Runtime,
    connection: Connection,
    row: Any,  # noqa: ANN401 - a row of storage.mails
    now: datetime,
) -> EmailMessage | None:
    """Return what a mail says now; None where it says nothing, or to nobody."""
    user, chosen = users.by_id(connection, row.user_id), notifications.of(connection, row.user_id)
    if user is None or user.disabled_at is not None or chosen is None:
        return None
    # The date of a mail is the time of day, which is what others compare it with.
    written_at = runtime.clock.now()
    if row.kind == MailKind.DIGEST:
        if chosen.mail == MailWhen.OFF:
            return None
        listed = waiting_list(connection, user, now, with_text=chosen.with_text)
        if not listed:
            return None
        return letters.digest(runtime.settings, row.id, user, listed, written_at)
    if not (chosen.warnings and _is_operator(user) and user.sees(row.site_id)):
        return None
    late = late_sites(connection, [row.site_id], now)
    return letters.warning(runtime.settings, row.id, user, late[0], written_at) if late else None


def _is_operator(user: User) -> bool:
    return user.role.includes(Role.OPERATOR)
