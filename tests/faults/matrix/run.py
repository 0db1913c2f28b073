"""One run: an installation of real processes on one database, its load and its faults."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from classifiers import registry
from moderation.services.endpoints import add_endpoint
from moderation.services.sites import list_sites
from tests.faults.matrix.faults import hold_write_lock
from tests.faults.matrix.load import Load
from tests.faults.matrix.outcome import Outcome, Timing, judge
from tests.faults.matrix.plan import Plan
from tests.faults.matrix.poisoned_registry import TIME_LIMIT
from tests.faults.matrix.scene import Scene
from tests.faults.matrix.schedule import Told, await_quiet, run_faults
from tests.faults.matrix.webhooks import Inbox
from tests.installation import installation
from tests.receivers import receiver
from tests.servers import own_postgresql
from worker.timing import lease_of

DATABASES = ("sqlite", "postgresql")
POISONED = "tests.faults.matrix.poisoned_worker"


def run(database: str, plan: Plan, told: Told, logs: Path) -> Outcome:
    """Run the matrix once; the programs' logs are kept in `logs`."""
    with tempfile.TemporaryDirectory() as folder, _scene(database, plan, Path(folder)) as scene:
        scene.desk.start()
        scene.desk.ready()
        scene.load.start()
        began = time.monotonic()
        unanswered = 1
        try:
            run_faults(scene, told)
        finally:
            unanswered = scene.load.finish()
        ended = time.monotonic()
        await_quiet(scene, told)
        timing = Timing(ended - began, time.monotonic() - ended)
        if unanswered:
            scene.load.ledger.odd(f"{unanswered} requests were never answered")
        outcome = judge(database, scene, timing)
        _keep_logs(Path(folder), logs)
    return outcome


@contextmanager
def _scene(database: str, plan: Plan, folder: Path) -> Iterator[Scene]:
    if database == "sqlite":
        with _on(plan, folder, None) as scene:
            scene.crash_database = lambda: hold_write_lock(scene)
            yield scene
    else:
        with own_postgresql() as server, _on(plan, folder, server.url) as scene:
            scene.crash_database = server.crash
            yield scene


@contextmanager
def _on(plan: Plan, folder: Path, url: str | None) -> Iterator[Scene]:
    inbox = Inbox()
    with receiver() as site, installation(folder, url) as desk:
        site.answer = inbox.take
        add_endpoint(desk.runtime, list_sites(desk.runtime)[0].id, site.url)
        desk.worker_app = POISONED
        entry = registry.entry("compact")
        limit = plan.time_limit or entry.time_limit
        for name in ("classify", "retry", "deliveries"):
            desk.variables[name] = {TIME_LIMIT: str(limit)}
        lease = lease_of(entry) - entry.time_limit + limit
        load = Load(plan, desk.settings.port, desk.key)
        yield Scene(plan, desk, load, inbox, _nothing, lease)


def _nothing() -> None:
    """Stand in until the database is known."""


def _keep_logs(folder: Path, logs: Path) -> None:
    logs.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        shutil.copy(log, logs)
