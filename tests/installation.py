"""A whole installation of real processes, each of which a test can kill, freeze or start again."""

import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classifiers import registry
from moderation.embedded.programs import Program, programs
from moderation.embedded.supervisor import STOP_SECONDS
from moderation.runtime import Runtime, make_runtime
from moderation.services.api_keys import add_key
from moderation.services.sites import add_site
from moderation.settings import Settings
from moderation.storage.migrate import upgrade
from tests.runtimes import SECRET
from tests.servers import free_port, start_valkey

DEADLINE = 180.0
"""Generous, for slow machines that do other things too: what comes true in time costs nothing."""
SETTLE_SECONDS = 0.2


@dataclass(frozen=True)
class Answer:
    """What the service said."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Installation:
    """Processes by name, over one database and one Valkey."""

    folder: Path
    settings: Settings
    runtime: Runtime
    key: str
    processes: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    """What else stands in the environment of a program, by its name."""
    worker_app: str = "worker.app"
    """The module that Celery's workers start from."""

    @property
    def valkey_port(self) -> int:
        return int(self.settings.redis_url.get_secret_value().rsplit(":", 1)[1].split("/")[0])

    def start(self, *names: str) -> None:
        """Start the named programs, by default all; Valkey is one of them."""
        if not names or "valkey" in names:
            self.processes["valkey"] = start_valkey(self.valkey_port, self.folder)
        for program in programs(self.settings):
            if not names or program.name in names:
                self.processes[program.name] = self._spawn(program)

    def _spawn(self, program: Program) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{program.name}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own command
                [self.worker_app if word == "worker.app" else word for word in program.command],
                env=self._environment(program.name),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _environment(self, name: str) -> dict[str, str]:
        return os.environ | environment(self.settings) | self.variables.get(name, {})

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a program and its children, and wait where it is deadly."""
        process = self.processes[name]
        os.killpg(process.pid, number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            process.wait(DEADLINE)

    def restart(self, name: str, seconds: float = STOP_SECONDS) -> None:
        """Start a program again as its supervisor does: ask it to end, else kill it."""
        self.processes[name].terminate()
        try:
            self.processes[name].wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill(name)
        self.start(name)

    def revive(self) -> list[str]:
        """Start again what ended without being told to, and say which and how."""
        ended = {name: process.poll() for name, process in self.processes.items()}
        dead = {name: status for name, status in ended.items() if status is not None}
        for name in dead:
            self.kill_group(name)
            self.start(name)
        return [f"{name} ended with {status}" for name, status in dead.items()]

    def kill_group(self, name: str) -> None:
        """End what a program that is gone may have left behind."""
        with suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, signal.SIGKILL)

    def children(self, name: str) -> list[int]:
        """Return the process ids of a program's children."""
        parent = self.processes[name].pid
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def post(self, path: str, body: object, **headers: str) -> Answer:
        return self.request("POST", path, body, **headers)

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def request(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        url = f"http://127.0.0.1:{self.settings.port}{path}"
        data = None if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(url, data, sent | headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                return _answer(response)
        except urllib.error.HTTPError as error:
            return _answer(error)

    def ready(self) -> None:
        """Wait until the web answers and a worker has loaded its classifier."""
        wait_until(lambda: _refused_is_false(lambda: self.get("/health/ready").status == 200))

    def rows(self, statement: str) -> list[Any]:
        """Look into the database."""
        with self.runtime.reading() as connection:
            return list(connection.exec_driver_sql(statement))

    def all_decided(self) -> bool:
        return not self.rows("SELECT id FROM comments WHERE status = 'pending' LIMIT 1")

    def mid_batch(self) -> bool:
        """Say whether stopped workers hold jobs, and none SQLite's one write lock."""
        # What a worker had sent before it was stopped, a COMMIT say, may still be done there.
        time.sleep(SETTLE_SECONDS)
        held = self.rows("SELECT 1 FROM jobs WHERE token IS NOT NULL LIMIT 1")
        # While one frozen worker keeps the lock, others' leases run out.
        return bool(held) and write_lock_is_free(self.runtime)

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGCONT)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(DEADLINE)
        self.runtime.close()


@contextmanager
def installation(folder: Path, database_url: str | None = None) -> Iterator[Installation]:
    """Make a migrated installation with a site and a key; nothing is started yet."""
    settings = Settings(
        secret_key=SECRET,  # type: ignore[arg-type]
        database_url=database_url or f"sqlite:///{folder / 'copydesk.sqlite3'}",
        redis_url=f"redis://127.0.0.1:{free_port()}/0",  # type: ignore[arg-type]
        port=free_port(),
        scoring_url=f"http://127.0.0.1:{free_port()}",
        var=folder,
        rate_limits=False,
        webhook_allow_http=True,
        webhook_allowed_networks=("127.0.0.0/8",),  # type: ignore[arg-type]
    )
    runtime = make_runtime(settings)
    upgrade(runtime.database)
    add_site(runtime, "agora", registry.version("compact"), "Agora")
    made = Installation(folder, settings, runtime, add_key(runtime, "agora", "tests"))
    try:
        yield made
    finally:
        made.stop()


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables from which a process reads the same settings."""
    return {
        "COPYDESK_SECRET_KEY": settings.secret_key.get_secret_value(),
        "COPYDESK_DATABASE_URL": settings.database_url,
        "COPYDESK_REDIS_URL": settings.redis_url.get_secret_value(),
        "COPYDESK_PORT": str(settings.port),
        "COPYDESK_SCORING_URL": settings.scoring_url,
        "COPYDESK_SCORING_SECONDS": str(settings.scoring_seconds),
        "COPYDESK_VAR": str(settings.var),
        "COPYDESK_RATE_LIMITS": "false",
        "COPYDESK_WEBHOOK_ALLOW_HTTP": "true",
        "COPYDESK_WEBHOOK_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    }


def write_lock_is_free(runtime: Runtime) -> bool:
    """Say whether somebody else could write now, without waiting; on PostgreSQL always."""
    if not runtime.database.is_sqlite:
        return True
    file = runtime.database.url.database or ""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float = DEADLINE) -> None:
    """Wait for a condition; fail loudly when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.05)


def _refused_is_false(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except OSError:
        return False


def _answer(response: Any) -> Answer:  # noqa: ANN401 - urllib's response or error
    raw = response.read()
    return Answer(response.status, dict(response.headers), json.loads(raw) if raw else None)
