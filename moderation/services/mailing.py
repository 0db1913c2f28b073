"""Mailing: who is due a mail, what becomes of one that is sent, and when it is tried again.

A mail holds no text while it waits: what it says is read when it is sent. What was told moves on
when a mail was sent, so that what one would have told that was given up is told by the next.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import structlog

from moderation.model.errors import StorageUnavailable
from moderation.model.ids import MailId, SiteId, UserId
from moderation.model.notifications import MailKind, MailWhen
from moderation.runtime import Runtime
from moderation.services import letters
from moderation.services.capped_sites import Capped, capped_sites, untold
from moderation.services.lateness import Late, is_late, late_sites
from moderation.services.waiting_list import new_since, recipient, waiting_list
from moderation.storage import lateness, mails, notifications, rejections, users
from moderation.storage.database import Connection

log = structlog.get_logger()

LEASE = timedelta(minutes=15)
"""Longer than the slowest server may take; then whoever sends is taken for dead."""

LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
"""By then a warning is no news, and a digest that is made anew says what waits now."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is to be sent now, with what it says of `written_at`."""

    id: MailId
    user_id: UserId
    kind: MailKind
    attempts: int
    made_at: datetime
    written_at: datetime
    message: EmailMessage


def note_due(runtime: Runtime) -> None:
    """Note the digests and warnings that are due, each once. Raises StorageUnavailable.

    Nothing is written where nothing is due. What fails for one keeps no other from theirs.
    """
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        wanting = notifications.wanting_mail(connection)
        sites = lateness.oldest_of_each(connection)
        capped = untold(connection, now)
    for chosen in wanting:
        with _alone("digest_not_noted", user=str(chosen.user_id)):
            _note_digest(runtime, chosen, now)
    for site in sites:
        if is_late(site, now) != (site.warned_at is not None):
            with _alone("lateness_not_noted", site=site.name):
                _note_lateness(runtime, site, late=site.warned_at is None)
    for site in capped:
        with _alone("cap_not_noted", site=site.name):
            _note_cap(runtime, site)


def next_letter(runtime: Runtime) -> Letter | None:
    """Return a mail that is due, for as long as the lease; None where there is none.

    What nobody wants any more, or has nothing to say, is forgotten, and what cannot be written is
    put off. Raises StorageUnavailable.
    """
    while (row := _claimed(runtime)) is not None:
        with _alone("mail_not_written", mail=str(row.id), kind=row.kind):
            with runtime.reading() as connection:
                now = runtime.database_now(connection)
                message = _written(runtime, connection, row, now)
            if message is not None:
                kind, attempts = MailKind(row.kind), row.attempts + 1
                return Letter(row.id, row.user_id, kind, attempts, row.made_at, now, message)
            with runtime.transaction() as connection:
                _end(connection, row, now)
            continue
        with runtime.transaction() as connection:
            _put_off(connection, row, row.attempts + 1, runtime.database_now(connection))
    return None


def settle(runtime: Runtime, letter: Letter, *, over: bool) -> None:
    """Note that a mail was sent or is refused for good, or try it again later, for a day.

    Whoever dies before this has it sent twice, with the same Message-ID. Raises StorageUnavailable.
    """
    with runtime.transaction() as connection:
        if over:
            _end(connection, letter, letter.written_at)
        else:
            _put_off(connection, letter, letter.attempts, runtime.database_now(connection))


def _claimed(runtime: Runtime) -> Any:  # noqa: ANN401 - a row of storage.mails, or None
    """Claim a mail for good: whatever becomes of writing it, others have their turn."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        return mails.claim(connection, now, now + LEASE)


def _end(connection: Connection, mail: Any, told_until: datetime) -> None:  # noqa: ANN401 - a row or a letter
    if mail.kind == MailKind.DIGEST:
        notifications.tell_until(connection, mail.user_id, told_until)
    mails.remove(connection, mail.id)


def _put_off(connection: Connection, mail: Any, attempts: int, now: datetime) -> None:  # noqa: ANN401 - a row or a letter
    if now - mail.made_at >= GIVE_UP_AFTER:
        mails.remove(connection, mail.id)
    else:
        pause = min(timedelta(minutes=2**attempts), LONGEST_PAUSE)
        mails.put_off(connection, mail.id, now + pause, attempts)


@contextmanager
def _alone(event: str, **what: str) -> Iterator[None]:
    """Log what goes wrong with one of many, and go on: only its type, for it may hold a text."""
    try:
        yield
    except StorageUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, others wait
        log.warning(event, error=type(error).__name__, **what)


def _note_digest(runtime: Runtime, chosen: Any, now: datetime) -> None:  # noqa: ANN401 - a row
    wishes = notifications.to_wishes(chosen)
    # Most minutes it is too early for most people: then nothing is counted for them.
    if not wishes.may_be_due(now, chosen.told_until):
        return
    with runtime.reading() as connection:
        user = recipient(connection, chosen.user_id)
        if user is None or mails.on_their_way(connection, user.id, MailKind.DIGEST):
            return
        new, first = new_since(runtime, connection, user, chosen.told_until)
    if not wishes.enough_is_new(now, new, first):
        return
    with runtime.transaction() as connection:
        # Somebody else may have noted it just now, and sent it.
        unchanged = notifications.lock(connection, user.id).told_until == chosen.told_until
        if unchanged and not mails.on_their_way(connection, user.id, MailKind.DIGEST):
            mails.add(connection, user.id, MailKind.DIGEST, runtime.database_now(connection))


def _note_lateness(runtime: Runtime, site: Any, *, late: bool) -> None:  # noqa: ANN401 - a row
    with runtime.transaction() as connection:
        if not late:
            lateness.end_episode(connection, site.id)
            return
        now = runtime.database_now(connection)
        if lateness.begin_episode(connection, site.id, now):
            _warn(connection, site.id, now)


def _note_cap(runtime: Runtime, site: Any) -> None:  # noqa: ANN401 - a row
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        if rejections.note_told(connection, site.id, site.cap_told_at, now):
            _warn(connection, site.id, now)


def _warn(connection: Connection, site_id: SiteId, now: datetime) -> None:
    wanting = notifications.wanting_warnings(connection)
    for user in users.active(connection):
        wants = user.id in wanting and user.is_operator and user.sees(site_id)
        # One that was not sent yet will say what there is to say then.
        if wants and not mails.on_their_way(connection, user.id, MailKind.WARNING, site_id):
            mails.add(connection, user.id, MailKind.WARNING, now, site_id)


def _written(
    runtime: Runtime,
    connection: Connection,
    row: Any,  # noqa: ANN401 - a row of storage.mails
    now: datetime,
) -> EmailMessage | None:
    """Return what a mail says now; None where it says nothing, or to nobody."""
    user, chosen = recipient(connection, row.user_id), notifications.of(connection, row.user_id)
    if user is None or chosen is None:
        return None
    # The date of a mail is the time of day, which is what others compare it with.
    written_at = runtime.clock.now()
    if row.kind == MailKind.DIGEST:
        if chosen.mail == MailWhen.OFF:
            return None
        listed = waiting_list(runtime, connection, user, with_text=chosen.with_text)
        if not listed:
            return None
        return letters.digest(runtime.settings, row.id, user, listed, written_at)
    if not (chosen.warnings and user.is_operator and user.sees(row.site_id)):
        return None
    amiss: list[Late | Capped] = [
        *late_sites(connection, [row.site_id], now),
        *capped_sites(connection, [row.site_id], now),
    ]
    return letters.warning(runtime.settings, row.id, user, amiss, written_at) if amiss else None
