"""Handing mail in: over TLS to a server with a certificate for its name, or else not at all."""

import ssl
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from moderation.mail import MailFailed, hand_in
from moderation.model.mail_servers import MailServer, server_at
from tests.certificates import make_certificate
from tests.smtp_server import smtp_server

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"), "localhost")


@pytest.fixture(autouse=True)
def localhost_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a server under this name count as one of another machine."""
    monkeypatch.setattr(MailServer, "is_here", property(lambda server: server.host != "localhost"))


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "desk@example.org", "alice@example.org", "Hello"
    made.set_content("Hello.\n")
    return made


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_mail_and_the_password_go_over_tls(certificate: Path, scheme: str) -> None:
    with smtp_server(certificate, at_once=scheme == "smtps") as box:
        server = server_at(f"{scheme}://desk:p%40ss@localhost:{box.port}")
        hand_in(server, message(), trusting(certificate))
    assert (len(box.mails), box.encrypted) == (1, [True])
    assert box.secrets == ["\0desk\0p@ss"]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_server_that_nobody_vouches_for_is_told_nothing(
    certificate: Path, *, at_once: bool
) -> None:
    with smtp_server(certificate, at_once=at_once) as box:
        server = server_at(f"{'smtps' if at_once else 'smtp'}://desk:pass@localhost:{box.port}")
        with pytest.raises(MailFailed, match="CERTIFICATE_VERIFY_FAILED"):
            hand_in(server, message())
    assert (box.mails, box.secrets) == ([], [])


def test_a_server_elsewhere_that_speaks_no_tls_is_told_nothing() -> None:
    with smtp_server() as box:
        server = server_at(f"smtp://desk:pass@localhost:{box.port}")
        with pytest.raises(MailFailed, match="STARTTLS"):
            hand_in(server, message())
        assert (box.mails, box.secrets) == ([], [])
        hand_in(replace(server, host="127.0.0.1"), message())
    assert box.encrypted == [False]


def test_a_server_that_is_away_is_no_disaster() -> None:
    with smtp_server() as box:
        gone = server_at(f"smtp://127.0.0.1:{box.port}")
    with pytest.raises(MailFailed, match="ConnectionRefusedError") as failed:
        hand_in(gone, message())
    assert not failed.value.for_good


@pytest.mark.parametrize("goodbye", ["500 what", "421 leave", "no answer at all", None])
def test_what_a_server_says_at_the_end_changes_nothing(goodbye: str | None) -> None:
    with smtp_server() as box:
        box.goodbye = goodbye
        hand_in(server_at(f"smtp://127.0.0.1:{box.port}"), message())
    assert len(box.mails) == 1


def test_a_server_may_think_a_message_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderation.mail.SECONDS", 2.0)
    with smtp_server() as box:
        box.thinks = 3.0
        hand_in(server_at(f"smtp://127.0.0.1:{box.port}"), message())
    assert len(box.mails) == 1


def test_no_one_else_reads_the_password_of_a_server() -> None:
    assert "secret" not in repr(server_at("smtps://desk:secret@mail.example.org"))


@pytest.mark.parametrize(
    "wrong", ["mail.example.org", "https://mail.example.org", "smtp://", "smtp://h/x", "smtp://h:x"]
)
def test_an_address_of_another_kind_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic says the rest
        server_at(wrong)
