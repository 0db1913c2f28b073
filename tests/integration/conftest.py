"""The same tests on SQLite and on PostgreSQL, with a real Valkey; the schema by migrations."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr
from sqlalchemy import make_url

from moderation.runtime import Runtime, make_runtime
from moderation.settings import Settings
from moderation.storage.database import Database
from moderation.storage.migrate import upgrade
from tests.factories import Agora, FakeClock, make_agora
from tests.runtimes import SECRET
from tests.servers import scratch_database
from tests.smtp_server import MailBox, smtp_server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file, of which each test gets a copy."""
    path = tmp_path_factory.mktemp("migrated") / "test.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> Iterator[str]:
    """Migrate one database of PostgreSQL, of which each test gets a copy; yield its name."""
    with scratch_database(postgresql_server) as url:
        _migrate(url)
        yield make_url(url).database or ""


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a migrated database without rows, of each kind in turn."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    with scratch_database(server, request.getfixturevalue("migrated_postgresql")) as url:
        yield url


@pytest.fixture
def settings(database_url: str, valkey_url: str, tmp_path: Path) -> Settings:
    with redis.Redis.from_url(valkey_url) as client:
        client.flushall()
    return Settings(
        secret_key=SECRET,  # type: ignore[arg-type]
        database_url=database_url,
        redis_url=valkey_url,  # type: ignore[arg-type]
        var=tmp_path,
        rate_limits=False,
    )


@pytest.fixture
def unhurried_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let turns of bulks end by the number of their comments, on a slow machine too."""
    monkeypatch.setattr("moderation.services.bulk_running.CHUNK_SECONDS", 600.0)


@pytest.fixture(autouse=True)
def unhurried_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one call of a worker end where nothing waits, on a slow machine too."""
    monkeypatch.setattr("worker.drain.LOOP_SECONDS", 60.0)


@pytest.fixture
def worker_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one call of a worker last for a second, as in life: where more comes without end."""
    monkeypatch.setattr("worker.drain.LOOP_SECONDS", 1.0)


@pytest.fixture
def time_is_held() -> None:
    """Let `clock` hold the time of the runtime, on either database."""


@pytest.fixture
def time_is_held_now(time_is_held: None, clock: FakeClock) -> None:
    """Let it stand at the real time, for ids are made at that."""
    del time_is_held
    clock.moment = datetime.now(UTC)


@pytest.fixture
def runtime(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Runtime]:
    """Yield a runtime on a migrated database."""
    held = "time_is_held" in request.fixturenames
    made = make_runtime(settings, request.getfixturevalue("clock") if held else None)
    yield made
    made.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def held_runtime(
    tmp_path: Path, migrated_sqlite: Path, valkey_url: str, clock: FakeClock
) -> Iterator[Runtime]:
    """Yield a runtime on SQLite whose time is held by `clock`."""
    url = f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'held.sqlite3')}"
    settings = Settings(secret_key=SECRET, database_url=url, redis_url=valkey_url, var=tmp_path)  # type: ignore[arg-type]
    made = make_runtime(settings, clock)
    yield made
    made.close()


@pytest.fixture
def agora(runtime: Runtime) -> Agora:
    return make_agora(runtime)


@pytest.fixture
def box() -> Iterator[MailBox]:
    """Yield what comes to a mail server."""
    with smtp_server() as made:
        yield made


@pytest.fixture
def sending(runtime: Runtime, box: MailBox) -> Runtime:
    """Return the runtime of an installation that can send mail."""
    where = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{box.port}"), "mail_from": "desk@example.org"}
    return replace(runtime, settings=runtime.settings.model_copy(update=where))
