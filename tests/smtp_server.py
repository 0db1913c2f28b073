"""A mail server on loopback, as small as it can be: it takes mails and keeps them."""

import base64
import socketserver
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BufferedReader
from pathlib import Path

from tests.answering import answering


@dataclass
class MailBox:
    """What came; `refuse` is answered to each recipient instead, where it is set."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuse: str = ""
    goodbye: str | None = "221 bye"
    """What is answered to QUIT; None to hang up."""
    thinks: float = 0.0
    """Seconds over a message before it is taken."""

    def texts(self) -> list[str]:
        return [mail.get_content().replace("\r\n", "\n") for mail in self.mails]


@contextmanager
def smtp_server(certificate: Path | None = None, *, at_once: bool = False) -> Iterator[MailBox]:
    """Run a server on a free port; with a certificate it speaks TLS, or offers it."""
    server = _Server(("127.0.0.1", 0), _Exchange)
    server.box = MailBox(server.server_address[1])
    server.at_once = at_once
    if certificate is not None:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(certificate)
    with answering(server):
        yield server.box


class _Server(socketserver.ThreadingTCPServer):
    box: MailBox
    context: ssl.SSLContext | None = None
    at_once = False

    def handle_error(self, *_: object) -> None:
        """Do not mind clients that turn away."""


class _Exchange(socketserver.BaseRequestHandler):
    """One client; each command is a method of its name."""

    server: _Server
    lines: BufferedReader | None = None

    def handle(self) -> None:
        with suppress(OSError):
            self.listen(encrypted=self.server.at_once)
            self.say("220 here")
            while line := self.line():
                word, _, rest = line.decode().strip().partition(" ")
                getattr(self, word.lower())(rest)

    def finish(self) -> None:
        if self.lines is not None:
            self.lines.close()
        self.request.close()

    def listen(self, *, encrypted: bool) -> None:
        if encrypted:
            assert self.server.context is not None
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.lines = self.request.makefile("rb")

    def line(self) -> bytes:
        assert self.lines is not None
        return self.lines.readline()

    def say(self, line: str) -> None:
        self.request.sendall(f"{line}\r\n".encode())

    def ehlo(self, _: str) -> None:
        offers_tls = self.server.context is not None and not self.server.at_once
        self.say(f"250-here\r\n250-AUTH PLAIN\r\n250 {'STARTTLS' if offers_tls else '8BITMIME'}")

    def starttls(self, _: str) -> None:
        self.say("220 go on")
        self.listen(encrypted=True)

    def auth(self, rest: str) -> None:
        self.server.box.secrets.append(base64.b64decode(rest.split()[1]).decode())
        self.say("235 welcome")

    def mail(self, _: str) -> None:
        self.say("250 good")

    def rcpt(self, rest: str) -> None:
        box = self.server.box
        if not box.refuse:
            box.recipients.append(rest.partition(":")[2].strip("<>"))
        self.say(box.refuse or "250 good")

    def data(self, _: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.line()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.box.raw.append(b"".join(lines))
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.server.box.mails.append(found)
        self.server.box.encrypted.append(isinstance(self.request, ssl.SSLSocket))
        time.sleep(self.server.box.thinks)
        self.say("250 taken")

    def rset(self, _: str) -> None:
        self.say("250 good")

    def quit(self, _: str) -> None:
        if self.server.box.goodbye is None:
            raise ConnectionAbortedError
        self.say(self.server.box.goodbye)
