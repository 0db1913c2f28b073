"""Mid-batch: a program is stopped, and only when it is seen to hold something is it hit."""

import signal
import time
from contextlib import suppress

from moderation.model.errors import StorageUnavailable
from tests.faults.matrix.scene import Scene

PATIENCE_SECONDS = 10.0
POLL_SECONDS = 0.003
SETTLE_SECONDS = 0.03
"""What a stopped program had sent to the database may take so long to be done there."""

_IN_HAND = {
    "classify": "SELECT token FROM jobs WHERE token IS NOT NULL AND attempts = 1",
    "retry": "SELECT token FROM jobs WHERE token IS NOT NULL AND attempts > 1",
    "deliveries": "SELECT token FROM deliveries WHERE token IS NOT NULL",
}
"""The tokens under which a program holds something, by its name."""


def stop_in_mid_batch(
    scene: Scene, name: str, claims: int = 1, patience: float = PATIENCE_SECONDS
) -> bool:
    """Stop a program while it holds at least so many claims; False: it was stopped without."""
    deadline = time.monotonic() + patience
    children, before = scene.desk.children(name), _tokens(scene, name)
    while time.monotonic() < deadline:
        if scene.desk.children(name) != children:
            children, before = scene.desk.children(name), _tokens(scene, name)
        # A claim that was there at the beginning may be that of a process which is dead already.
        if len(_tokens(scene, name) - before) >= claims:
            scene.desk.kill(name, signal.SIGSTOP)
            time.sleep(SETTLE_SECONDS)
            if len(_tokens(scene, name) - before) >= claims:
                return True
            scene.desk.kill(name, signal.SIGCONT)
        time.sleep(POLL_SECONDS)
    scene.desk.kill(name, signal.SIGSTOP)
    return False


def _tokens(scene: Scene, name: str) -> set[str]:
    with suppress(StorageUnavailable):
        return {str(row[0]) for row in scene.desk.rows(_IN_HAND[name])}
    return set()
