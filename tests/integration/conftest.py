"""The same tests on SQLite and on PostgreSQL, with a real Valkey; the schema by migrations."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from moderation.runtime import Runtime, make_runtime
from moderation.settings import Settings
from moderation.storage.migrate import upgrade
from tests.factories import Agora, FakeClock, make_agora
from tests.servers import scratch_database

SECRET = "a secret of at least thirty-two characters"  # noqa: S105 - for tests


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql_server")
    with scratch_database(server) as url:
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
def runtime(settings: Settings) -> Iterator[Runtime]:
    """Yield a runtime on a migrated database."""
    with ExitStack() as stack:
        made = make_runtime(settings)
        stack.callback(made.close)
        upgrade(made.database)
        yield made


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def held_runtime(tmp_path: Path, valkey_url: str, clock: FakeClock) -> Iterator[Runtime]:
    """Yield a runtime on SQLite whose time is held by `clock`."""
    url = f"sqlite:///{tmp_path / 'held.sqlite3'}"
    settings = Settings(secret_key=SECRET, database_url=url, redis_url=valkey_url, var=tmp_path)  # type: ignore[arg-type]
    made = make_runtime(settings, clock)
    upgrade(made.database)
    yield made
    made.close()


@pytest.fixture
def agora(runtime: Runtime) -> Agora:
    return make_agora(runtime)
