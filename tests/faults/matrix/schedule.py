"""The schedule: every fault of the plan in its turn, always in the same order."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import chain, repeat
from random import Random

from moderation.model.errors import StorageUnavailable
from tests.faults.matrix.clock import now
from tests.faults.matrix.evidence import to_moment
from tests.faults.matrix.faults import inflict
from tests.faults.matrix.kinds import Kind
from tests.faults.matrix.plan import Plan
from tests.faults.matrix.scene import Happened, Scene

TICK_SECONDS = 0.2
CALM_SECONDS = 2.0
"""While every comment waits less than this, nothing is held up."""
WARM_UP_SECONDS = 2.0
"""What is broken first shall be at work already."""

Told = Callable[[str], None]
"""Hears what happens now."""


def order(plan: Plan) -> list[Kind]:
    """Mix the kinds; what takes longest to heal comes early, so that the end of a run is quiet."""
    random = Random(3)  # noqa: S311 - nothing secret
    kinds = list(chain.from_iterable(repeat(kind, count) for kind, count in plan.counts.items()))
    random.shuffle(kinds)
    poison = [kind for kind in kinds if kind.is_poison]
    others = [kind for kind in kinds if not kind.is_poison]
    step = max(1, len(kinds) // (3 * len(poison) or 1))
    for place, kind in enumerate(poison):
        others.insert(1 + place * step, kind)
    if Kind.SENDER_KILLED in others:
        others.remove(Kind.SENDER_KILLED)
        others.insert(0, Kind.SENDER_KILLED)
    return others


def run_faults(scene: Scene, told: Told) -> None:
    """Let every fault happen while the load goes on, and end when both had enough."""
    told("warming up")
    _rest(scene, WARM_UP_SECONDS)
    for kind in order(scene.plan):
        told(kind)
        _one(scene, kind)
    told("no more faults")
    while not scene.load.enough:
        _rest(scene, TICK_SECONDS)


def _one(scene: Scene, kind: Kind) -> None:
    first = all(fault.kind is not kind for fault in scene.happened)
    calm = first and _await_calm(scene, now())
    began = now()
    hit = inflict(scene, kind)
    ended = now()
    healed = calm and _await_calm(scene, ended)
    scene.happened.append(Happened(kind, began, ended, alone=healed, hit=hit))
    _rest(scene, scene.plan.pause)


def _await_calm(scene: Scene, since: datetime) -> bool:
    """Wait until all that came before is decided, and nothing waits for long.

    False where that takes more than planned.
    """
    deadline = time.monotonic() + scene.plan.calm
    while time.monotonic() < deadline:
        _rest(scene, TICK_SECONDS)
        if _is_calm(scene, since):
            return True
    return False


def _is_calm(scene: Scene, since: datetime) -> bool:
    with suppress(StorageUnavailable):
        rows = scene.desk.rows(
            "SELECT c.received_at FROM comments c JOIN jobs j ON j.comment_id = c.id "
            "WHERE j.state = 'queued' AND c.status = 'pending' AND c.revision = 1"
        )
        oldest = min((to_moment(row[0]) for row in rows), default=now())
        return oldest > since and (now() - oldest).total_seconds() < CALM_SECONDS
    return False


def await_quiet(scene: Scene, told: Told) -> None:
    """Wait until everything is decided and told, or nothing has moved for very long."""
    left, moved_at = -1, time.monotonic()
    while (still := _left(scene)) != 0:
        told(f"{still} to decide or to tell")
        if still != left:
            left, moved_at = still, time.monotonic()
        if time.monotonic() - moved_at > scene.plan.quiet:
            return
        _rest(scene, 2 * TICK_SECONDS)


def _left(scene: Scene) -> int:
    with suppress(StorageUnavailable):
        [[pending]] = scene.desk.rows("SELECT count(*) FROM comments WHERE status = 'pending'")
        [[queued]] = scene.desk.rows("SELECT count(*) FROM deliveries WHERE state = 'queued'")
        return int(pending + queued)
    return -1


def _rest(scene: Scene, seconds: float) -> None:
    """Wait; whoever ended meanwhile is started again, as the supervisor does."""
    deadline = time.monotonic() + seconds
    while True:
        if ended := scene.desk.revive():
            scene.revived += [f"{now():%H:%M:%S} {what}" for what in ended]
        if time.monotonic() >= deadline:
            return
        time.sleep(min(TICK_SECONDS, seconds))
