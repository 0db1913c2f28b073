"""Commands as an operator types them, in this process, on an installation of their own."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from moderation.runtime import Runtime, make_runtime
from moderation.settings import read_settings
from tests.commands import Copydesk, Ended, ended
from tests.runtimes import SECRET
from tests.servers import free_port


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def environment(tmp_path: Path, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set the environment of an installation on SQLite that has no tables yet."""
    monkeypatch.setenv("COPYDESK_SECRET_KEY", SECRET)
    monkeypatch.setenv("COPYDESK_VAR", str(tmp_path))
    monkeypatch.setenv("COPYDESK_REDIS_URL", valkey_url)
    monkeypatch.setenv("COPYDESK_PORT", str(free_port()))
    return tmp_path


@pytest.fixture
def cli_runtime(environment: Path, migrated_sqlite: Path) -> Iterator[Runtime]:
    """Yield what a command sees, on a migrated database."""
    shutil.copy(migrated_sqlite, environment / "copydesk.sqlite3")
    made = make_runtime(read_settings())
    yield made
    made.close()


@pytest.fixture
def copydesk(cli_runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> Copydesk:
    """Return what runs a command."""
    del cli_runtime

    def run(*words: str) -> Ended:
        return ended(words, capsys)

    return run


@pytest.fixture
def without_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Copydesk:
    """Return what runs a command in a folder where nothing is installed."""
    for name in [name for name in os.environ if name.startswith("COPYDESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COPYDESK_VAR", str(tmp_path / "nothing"))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Ended:
        return ended(words, capsys)

    return run
