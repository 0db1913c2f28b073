"""Fixtures that more than one folder of tests needs."""

import os
from collections.abc import Iterator

import pytest

from tests.servers import postgresql, valkey


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """Run one Valkey for all tests."""
    with valkey() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Run one PostgreSQL for all tests."""
    with postgresql() as url:
        yield url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only unit and architecture tests run with their sockets off."""
    for item in items:
        if item.path.parts[-2:] and {"integration", "e2e", "faults"} & set(item.path.parts):
            item.add_marker(pytest.mark.enable_socket)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was skipped: a green run with skips proves less."""
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped:
        terminalreporter.section(f"{skipped} TESTS SKIPPED", "!", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything must run (CI), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("COPYDESK_TEST_STRICT") == "1" and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
