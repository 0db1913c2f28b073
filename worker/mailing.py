"""The loop behind the Celery task `mail`: note what is due, hand it in, one mail at a time."""

import time
from threading import Lock

import structlog

from moderation.mail import MailFailed, hand_in
from moderation.model.mail_servers import MailServer
from moderation.runtime import Runtime
from moderation.services.mailing import Letter, next_letter, note_due, settle

log = structlog.get_logger()

_SENDING = Lock()
"""Of the threads that send webhooks, at most one waits for a mail server."""


def mail(runtime: Runtime, seconds: float = 30.0) -> None:
    """Send the mails that are due, for about so many seconds; nothing where no server is set.

    Raises StorageUnavailable.
    """
    server = runtime.settings.mail_server
    if server is None or not _SENDING.acquire(blocking=False):
        return
    try:
        note_due(runtime)
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at and (letter := next_letter(runtime)):
            settle(runtime, letter, over=_send(server, letter))
    finally:
        _SENDING.release()


def _send(server: MailServer, letter: Letter) -> bool:
    """Return whether it is over with the mail: sent, or refused for good."""
    failure: MailFailed | None = None
    try:
        hand_in(server, letter.message)
    except MailFailed as error:
        failure = error
    log.info(
        "mail_sent" if failure is None else "mail_failed",
        user=str(letter.user_id),
        kind=letter.kind,
        attempt=letter.attempts,
        error=failure and str(failure),
    )
    return failure is None or failure.for_good
