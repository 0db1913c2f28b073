"""Fixtures that more than one folder of tests needs."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from moderation.model.classifier_options import ClassifierOptions
from tests.checkpoints import fetch, imported, write_checkpoint
from tests.servers import postgresql, valkey


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """Run one Valkey for all tests."""
    with valkey() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Run one PostgreSQL for all tests."""
    with postgresql(durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def torch() -> ModuleType:
    return imported("torch")


@pytest.fixture(scope="session")
def make_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write a tiny checkpoint of Detoxify into a folder of its own."""
    return lambda model_type, **spoiled: write_checkpoint(
        model_type, tmp_path_factory.mktemp(model_type), **spoiled
    )


@pytest.fixture(scope="session")
def tiny_checkpoint(make_checkpoint: Callable[..., Path]) -> Callable[[str], Path]:
    """Return the tiny checkpoint of a model type, made once."""
    return cache(make_checkpoint)


@pytest.fixture(scope="session")
def fetched(
    tiny_checkpoint: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], ClassifierOptions]:
    """Fetch a classifier of Detoxify from its tiny checkpoint, once; return what loads it."""
    models = tmp_path_factory.mktemp("models")

    @cache
    def get(name: str) -> ClassifierOptions:
        model_type = name.removeprefix("detoxify:").removesuffix("@int8")
        if name.endswith("@int8"):
            imported("onnx")
        return fetch(name, models, tiny_checkpoint(model_type))

    return get


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
    # Where tests run in several processes, only the first one reports.
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    strict = os.environ.get("COPYDESK_TEST_STRICT") == "1"
    if strict and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
