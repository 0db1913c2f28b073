"""`copydesk coral`."""

import io
import re

import pytest
from sqlalchemy import select

from moderation.runtime import Runtime
from moderation.services.coral import find_phase
from moderation.services.sites import add_site
from moderation.storage.audit import audit
from tests.commands import Copydesk
from tests.coral import SECRET


@pytest.fixture(autouse=True)
def _agora(cli_runtime: Runtime) -> None:
    add_site(cli_runtime, "agora", "compact@1")


def test_a_site_is_connected_shown_and_disconnected(
    copydesk: Copydesk, cli_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = copydesk("coral", "address", "agora", "--timeout", "500").out
    assert said == f"{cli_runtime.settings.base_url}/coral/agora?timeout=500&format=plain\n"
    rolled = SECRET.replace("1a", "ff")
    for secret in (SECRET, rolled):
        monkeypatch.setattr("sys.stdin", io.StringIO(f" {secret}\n"))
        done = copydesk("coral", "connect", "agora")
        assert done.status == 0
        assert secret not in done.out
        phase = find_phase(cli_runtime, "agora")
        assert phase is not None
        assert phase.secret == secret
        assert secret not in repr(phase)
    assert re.search(r"agora +2", copydesk("coral", "list").out)
    assert copydesk("coral", "disconnect", "agora").status == 0
    assert find_phase(cli_runtime, "agora") is None
    assert "not connected" in copydesk("coral", "disconnect", "agora").err
    with cli_runtime.reading() as connection:
        entries = list(connection.execute(select(audit).where(audit.c.action.like("coral-%"))))
    assert [one.action for one in entries] == ["coral-connect"] * 2 + ["coral-disconnect"]
    assert SECRET not in str(entries)


@pytest.mark.parametrize("secret", ["", "empsec_short", "x" * 31, "x" * 201, f"{SECRET} {SECRET}"])
def test_what_is_no_secret_is_refused(
    copydesk: Copydesk, cli_runtime: Runtime, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{secret}\n"))
    refused = copydesk("coral", "connect", "agora")
    assert refused.status == 1
    assert "no signing secret" in refused.err
    assert find_phase(cli_runtime, "agora") is None


def test_a_site_that_is_not_there_is_named(copydesk: Copydesk) -> None:
    for command in ("address", "connect", "disconnect"):
        assert "no site named nowhere" in copydesk("coral", command, "nowhere").err
