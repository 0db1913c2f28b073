"""One desk with something of everything on it, served by this process, and who looks at it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from moderation.runtime import Runtime
from tests.e2e.desk import sign_in
from tests.e2e.pages import scene
from tests.e2e.pages.scene import Scene, furnish
from tests.e2e.pages.serving import Served, served
from tests.e2e.pages.watching import Watch
from tests.factories import make_agora
from tests.runtimes import sqlite_runtime


@dataclass(frozen=True)
class Looker:
    """A browser window, and what is noted of it."""

    page: Page
    watch: Watch


Open = Callable[..., Looker]
"""Opens a browser at a served application: for Ada, or for nobody (`signed_in=False`)."""


@pytest.fixture
def runtime(tmp_path: Path, valkey_url: str) -> Iterator[Runtime]:
    """Yield a desk without a comment; Ada may sign in."""
    with sqlite_runtime(tmp_path, redis_url=valkey_url, rate_limits=False) as made:
        make_agora(made)
        scene.add_ada(made)
        yield made


@pytest.fixture(scope="session")
def furnished(valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    folder = tmp_path_factory.mktemp("pages")
    with sqlite_runtime(folder, redis_url=valkey_url, rate_limits=False) as made:
        yield made


@pytest.fixture(scope="session")
def furniture(furnished: Runtime) -> Scene:
    return furnish(furnished)


@pytest.fixture(scope="session")
def desk(furnished: Runtime, furniture: Scene) -> Iterator[Served]:
    del furniture
    with served(furnished, scene.break_a_card) as made:
        yield made


@pytest.fixture(scope="session")
def base_url() -> str:
    """Start no installation of processes for these tests."""
    return ""


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Remember who is signed in where: one password is hashed once."""
    return {}


@pytest.fixture
def long_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let bulks be undone, and so be followed, for longer than the slowest machine needs."""
    monkeypatch.setattr("moderation.model.bulks.UNDO_FOR", timedelta(hours=1))


@pytest.fixture
def look_at(browser: Browser, sessions: dict[str, Any]) -> Iterator[Open]:
    """Open browsers that are watched, and close them afterwards."""
    opened: list[BrowserContext] = []

    def open_at(site: Served, *, signed_in: bool = True, language: str = "en") -> Looker:
        context = browser.new_context(storage_state=sessions.get(site.base_url))
        opened.append(context)
        page = context.new_page()
        if signed_in and site.base_url not in sessions:
            sign_in(page, site.base_url, scene.ADA)
            sessions[site.base_url] = context.storage_state()
        if not signed_in:
            context.clear_cookies()
        # From now on: who signs in looks for English words.
        context.set_extra_http_headers({"Accept-Language": language})
        watch = Watch(site.base_url)
        watch.over(context)
        return Looker(page, watch)

    yield open_at
    for context in opened:
        context.close()
