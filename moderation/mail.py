"""Mail: handing one message to the operator's own server, over SMTP.

The standard library does all that this takes. A server that is not on this machine must speak TLS
and have a certificate for its name: mails say where comments wait, and may hold texts.
"""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

from moderation.model.mail_servers import FROM_THE_START, MailServer

SECONDS = 15.0
"""For each step before the message; a server that takes longer is tried again later."""

SECONDS_TO_TAKE = 120.0
"""For each step with it. Whoever turns away while a server thinks it over, sends it twice."""

_REFUSED_FOR_GOOD = range(500, 600)


class MailFailed(Exception):
    """The server did not take the mail; `for_good` where it would not take it later either."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


def hand_in(server: MailServer, message: EmailMessage, tls: ssl.SSLContext | None = None) -> None:
    """Hand a message to the server, which delivers it. Raises MailFailed."""
    try:
        connection = _connect(server, tls or ssl.create_default_context())
        try:
            if server.user is not None:
                connection.login(server.user, server.password or "")
            _wait_for(connection, SECONDS_TO_TAKE)
            connection.send_message(message)
            _leave(connection)
        finally:
            connection.close()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise MailFailed(_said(code, said), for_good=code in _REFUSED_FOR_GOOD) from None
    except smtplib.SMTPResponseException as error:
        raise MailFailed(_said(error.smtp_code, error.smtp_error)) from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MailFailed(f"{type(error).__name__}: {error}") from None


def _connect(server: MailServer, tls: ssl.SSLContext) -> smtplib.SMTP:
    if server.scheme == FROM_THE_START:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=tls)
    connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if not server.is_here:
            connection.starttls(context=tls)
    except BaseException:
        connection.close()
        raise
    return connection


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye. The message was taken: what the server answers changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        _wait_for(connection, SECONDS)
        connection.quit()


def _wait_for(connection: smtplib.SMTP, seconds: float) -> None:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"the server answered {code} {words}"
