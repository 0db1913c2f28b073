"""The faults, one function each; every one returns when what it broke is put right."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from random import Random
from uuid import UUID

from moderation.broker import Task, lane_key
from moderation.model.jobs import Lane
from tests.faults.matrix.kinds import Kind
from tests.faults.matrix.mid_batch import PATIENCE_SECONDS, stop_in_mid_batch
from tests.faults.matrix.poison import poison_text
from tests.faults.matrix.scene import Scene

BEYOND_LEASE_SECONDS = 2.0
LATE_SECONDS = 3.0
"""What an orphan may take to bring what it has, too late."""

RETRY_TURNS = 3
RETRY_SECONDS = 4.0
"""Within so long after a lease ran out its jobs are tried again."""
NEIGHBOURS = 9
"""So many civil comments come in one batch with a poison."""

Act = Callable[[Scene], bool | None]
"""Says whether it hit in mid-batch; None where that was not the aim."""


def inflict(scene: Scene, kind: Kind) -> bool | None:
    """Let one fault of this kind happen; says what its act says."""
    if kind.is_poison:
        return _post_poison(scene, kind)
    return _ACTS[kind](scene)


def _kill_child(scene: Scene) -> bool:
    # Nobody can tell which child holds which claim: so all of them shall.
    hit = stop_in_mid_batch(scene, "classify", max(1, len(scene.desk.children("classify"))))
    if children := scene.desk.children("classify"):
        with suppress(ProcessLookupError):
            os.kill(Random().choice(children), signal.SIGKILL)  # noqa: S311 - nothing secret
    scene.desk.kill("classify", signal.SIGCONT)
    return hit


def _kill(name: str) -> Act:
    def act(scene: Scene) -> None:
        scene.desk.kill(name)
        scene.desk.start(name)

    return act


def _kill_worker(scene: Scene) -> bool:
    return _kill_in_mid_batch(scene, "classify")


def _kill_sender(scene: Scene) -> bool:
    return _kill_in_mid_batch(scene, "deliveries")


def _kill_retry(scene: Scene) -> bool:
    """What a killed worker held is its work, over so soon that it may take some turns to hit."""
    hit = False
    for _ in range(RETRY_TURNS):
        _kill_in_mid_batch(scene, "classify")
        hit = _kill_in_mid_batch(scene, "retry", scene.lease + RETRY_SECONDS)
        if hit:
            break
    return hit


def _kill_in_mid_batch(scene: Scene, name: str, patience: float = PATIENCE_SECONDS) -> bool:
    hit = stop_in_mid_batch(scene, name, patience=patience)
    scene.desk.kill(name)
    scene.desk.start(name)
    return hit


def _freeze_workers(scene: Scene) -> bool:
    """Let children wake when others have their jobs, and their parent cannot end them."""
    hit = stop_in_mid_batch(scene, "classify")
    worker = scene.desk.processes["classify"]
    time.sleep(scene.lease + BEYOND_LEASE_SECONDS)
    worker.kill()
    worker.wait()
    scene.desk.start("classify")
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGCONT)
        time.sleep(LATE_SECONDS)
        os.killpg(worker.pid, signal.SIGKILL)
    return hit


def _freeze(scene: Scene, name: str, seconds: float) -> None:
    scene.desk.kill(name, signal.SIGSTOP)
    time.sleep(seconds)
    scene.desk.kill(name, signal.SIGCONT)


def _take_redis_away(scene: Scene) -> None:
    scene.desk.kill("valkey")
    time.sleep(scene.plan.redis_away)
    scene.desk.start("valkey")


def _freeze_redis(scene: Scene) -> None:
    _freeze(scene, "valkey", scene.plan.redis_frozen)


def _hurt_database(scene: Scene) -> None:
    """Hold SQLite's one write lock, or crash PostgreSQL."""
    scene.crash_database()


def hold_write_lock(scene: Scene) -> None:
    """Hold SQLite's one write lock as a tool of the operator's might."""
    with closing(sqlite3.connect(scene.sqlite_file, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(scene.plan.write_lock)
        other.execute("ROLLBACK")


def _kill_beat(scene: Scene) -> None:
    scene.desk.kill("beat")
    time.sleep(scene.plan.beat_away)
    scene.desk.start("beat")


def _duplicate_messages(scene: Scene) -> None:
    """Push ids of jobs again that are waiting, under way or over, and call tasks too often."""
    broker = scene.desk.runtime.broker
    calls = [Task.CLASSIFY, Task.CLASSIFY, Task.RETRY, Task.DELIVER, Task.SWEEP]
    ids = scene.plan.duplicates - len(calls)
    rows = scene.desk.rows(f"SELECT id FROM jobs ORDER BY created_at DESC LIMIT {ids}")  # noqa: S608 - a number
    for lane in Lane:
        part = [str(UUID(str(row[0]))) for row in rows[lane is Lane.BULK :: 2]]
        if part:
            broker.redis.rpush(lane_key(lane), *part)
    for task in calls:
        broker.celery.send_task(task.value)


def _restart_all(scene: Scene) -> None:
    for name in ("valkey", "web", "classify", "retry", "deliveries", "beat"):
        scene.desk.restart(name)


def _post_poison(scene: Scene, kind: Kind) -> None:
    external_id = f"poison-{len(scene.poison)}"
    scene.poison.append(external_id)
    client = scene.load.client()
    neighbours = {f"{external_id}-beside-{n}": f"Civil comment {n}." for n in range(NEIGHBOURS)}
    # Lent to nobody: a poison that is withdrawn before it was tried three times proves nothing.
    client.submit({external_id: poison_text(kind), **neighbours}, lend=False)
    client.close()


_ACTS: Mapping[Kind, Act] = {
    Kind.CHILD_KILLED: _kill_child,
    Kind.WORKER_KILLED: _kill_worker,
    Kind.RETRY_KILLED: _kill_retry,
    Kind.SENDER_KILLED: _kill_sender,
    Kind.WORKERS_FROZEN: _freeze_workers,
    Kind.REDIS_EMPTIED: _kill("valkey"),
    Kind.REDIS_AWAY: _take_redis_away,
    Kind.REDIS_FROZEN: _freeze_redis,
    Kind.DATABASE: _hurt_database,
    Kind.WEB_KILLED: _kill("web"),
    Kind.BEAT_KILLED: _kill_beat,
    Kind.DUPLICATES: _duplicate_messages,
    Kind.ROLLING_RESTART: _restart_all,
}
