"""Bulks are carried out although Redis forgets them and workers are killed."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from moderation.broker import Task
from moderation.model.bulks import Fate
from moderation.model.ids import BulkId
from moderation.runtime import Runtime
from moderation.services.bulks import has_turns
from moderation.storage.decisions import decisions
from tests.bulks import begin, chosen, fates, flagged, run
from tests.factories import Agora
from tests.installation import wait_until
from worker.bulks import work_off
from worker.sweep import sweep

ROOT = Path(__file__).parents[3]
WORKER = """
import itertools, os, signal, sys
from moderation.runtime import make_runtime
from moderation.services import bulk_running
from moderation.settings import Settings
from worker.bulks import work_off
tell, turns = bulk_running.tell, itertools.count(1)
def die(*given):
    # Nothing of this turn is committed yet.
    if next(turns) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    tell(*given)
bulk_running.tell = die
secret, database, redis, var = sys.argv[1:]
settings = Settings(secret_key=secret, database_url=database, redis_url=redis, var=var)
while work_off(make_runtime(settings)):
    pass
"""


def test_the_sweep_rings_for_a_bulk_that_redis_forgot(runtime: Runtime, agora: Agora) -> None:
    begin(runtime, agora.alice, chosen(*flagged(runtime, agora.site_id, 2)))
    assert runtime.broker.waiting_calls(Task.BULK) == 1, "at once"
    runtime.broker.redis.flushall()
    sweep(runtime)
    assert runtime.broker.waiting_calls(Task.BULK) == 1
    work_off(runtime)
    runtime.broker.redis.flushall()
    sweep(runtime)
    assert runtime.broker.waiting_calls(Task.BULK) == 0


def test_a_bulk_whose_worker_is_killed_decides_each_comment_exactly_once(
    runtime: Runtime, agora: Agora
) -> None:
    ids = flagged(runtime, agora.site_id, 150)
    bulk_id = begin(runtime, agora.alice, chosen(*ids))
    assert _work_until_killed(runtime) == -signal.SIGKILL
    assert 0 < _done(runtime, bulk_id) < len(ids), "killed in the middle"
    # PostgreSQL may hold what it had locked for a moment more.
    wait_until(lambda: run(runtime) >= 0 and not has_turns(runtime))
    assert set(fates(runtime, bulk_id).values()) == {Fate.DONE}
    with runtime.reading() as connection:
        made = select(func.count()).where(decisions.c.user_id == agora.alice.id)
        assert connection.execute(made).scalar() == len(ids)


def _work_until_killed(runtime: Runtime) -> int:
    """Let a worker of its own begin, which dies in its third turn; return how it ended."""
    known = runtime.settings
    secrets = (known.secret_key.get_secret_value(), known.database_url)
    places = (known.redis_url.get_secret_value(), str(known.var))
    command = [sys.executable, "-c", WORKER, *secrets, *places]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - ours


def _done(runtime: Runtime, bulk_id: BulkId) -> int:
    return Counter(fates(runtime, bulk_id).values())[Fate.DONE]
