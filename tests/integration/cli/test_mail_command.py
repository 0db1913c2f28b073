"""Mail and warnings, as an operator sets them up."""

import pytest

from tests.commands import Copydesk
from tests.smtp_server import smtp_server

pytestmark = pytest.mark.enable_socket


def test_an_operator_sees_whether_mail_is_taken(
    copydesk: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    unset = copydesk("mail", "test", "olga@example.org")
    assert (unset.status, "COPYDESK_SMTP_URL" in unset.err) == (1, True)
    monkeypatch.setenv("COPYDESK_MAIL_FROM", "Copydesk <desk@example.org>")
    with smtp_server() as box:
        monkeypatch.setenv("COPYDESK_SMTP_URL", f"smtp://127.0.0.1:{box.port}")
        sent = copydesk("mail", "test", "olga@example.org")
        assert sent.out == (
            "127.0.0.1 took the message for olga@example.org; see whether it arrives.\n"
        )
        box.refuse = "550 no such person \x1b[31m"
        refused = copydesk("mail", "test", "nobody@example.org")
        assert copydesk("mail", "test", "no address\nBcc: all").status == 1
    assert box.recipients == ["olga@example.org"]
    assert box.mails[0]["From"] == "Copydesk <desk@example.org>"
    assert "the server answered 550 no such person" in refused.err
    assert "\x1b" not in refused.err
    assert copydesk("mail", "test", "olga@example.org").status == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("SMTP_URL", "mail.example.org"), ("MAIL_FROM", "desk"), ("MAIL_FROM", "a@b\nBcc: c@d")],
)
def test_wrong_settings_are_named(
    copydesk: Copydesk, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"COPYDESK_{name}", value)
    ended = copydesk("site", "list")
    assert (ended.status, f"COPYDESK_{name}" in ended.err) == (1, True)


def test_how_long_is_too_long_is_shown_and_changed(copydesk: Copydesk) -> None:
    copydesk("site", "add", "agora")
    shown = copydesk("site", "warn", "agora").out
    assert shown == (
        "Site agora: operators are warned when a comment waits for over 120 minutes.\n"
    )
    assert "over 30 minutes" in copydesk("site", "warn", "agora", "--minutes", "30").out
    assert "nobody is warned" in copydesk("site", "warn", "agora", "--minutes", "0").out
    assert copydesk("site", "warn", "agora", "--minutes", "-1").status == 1
