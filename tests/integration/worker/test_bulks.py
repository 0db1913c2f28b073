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
import sys
from moderation.runtime import make_runtime
from moderation.settings import Settings
from worker.bulks import work_off
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
    worker = _start(runtime)
    wait_until(lambda: _done(runtime, bulk_id) >= 10)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    done = _done(runtime, bulk_id)
    assert done < len(ids), "killed in the middle"
    # PostgreSQL may hold what it had locked for a moment more.
    wait_until(lambda: run(runtime) >= 0 and not has_turns(runtime))
    assert set(fates(runtime, bulk_id).values()) == {Fate.DONE}
    with runtime.reading() as connection:
        made = select(func.count()).where(decisions.c.user_id == agora.alice.id)
        assert connection.execute(made).scalar() == len(ids)


def _start(runtime: Runtime) -> subprocess.Popen[bytes]:
    known = runtime.settings
    secrets = (known.secret_key.get_secret_value(), known.database_url)
    places = (known.redis_url.get_secret_value(), str(known.var))
    command = [sys.executable, "-c", WORKER, *secrets, *places]
    return subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - ours


def _done(runtime: Runtime, bulk_id: BulkId) -> int:
    return Counter(fates(runtime, bulk_id).values())[Fate.DONE]
