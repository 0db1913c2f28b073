"""`copydesk rescore`, with a worker beside it."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifiers import registry
from moderation.cli import rescoring
from moderation.runtime import Runtime
from moderation.storage.audit import audit
from moderation.storage.classifications import classifications
from moderation.storage.jobs import jobs
from tests.commands import Copydesk
from tests.factories import LEASE, Agora, classify_all, make_agora, submit
from tests.integration.worker.test_drain import Scripted
from worker.drain import Drain
from worker.reading import Reader

COMPACT = registry.version("compact")


@pytest.fixture
def agora(cli_runtime: Runtime) -> Agora:
    """Three comments, decided by a version that is gone."""
    made = make_agora(cli_runtime)
    for number in range(3):
        submit(cli_runtime, made.site_id, f"c{number}")
    classify_all(cli_runtime)
    return made


@contextmanager
def working(runtime: Runtime, version: str) -> Iterator[None]:
    """Let a worker of this version work all the time."""
    stop = threading.Event()
    worker = Drain(runtime, Reader(Scripted(version=version)), LEASE, 20_000, lingers=False)

    def work() -> None:
        while not stop.wait(0.05):
            worker.classify()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        try:
            yield
        finally:
            stop.set()
            done.result()


@pytest.mark.usefixtures("agora")
def test_it_waits_for_the_workers_and_says_what_they_did(
    copydesk: Copydesk, cli_runtime: Runtime
) -> None:
    with working(cli_runtime, COMPACT):
        ended = copydesk("rescore", "agora")
    assert ended.status == 0
    assert ended.out == f"3 comments of agora wait to be scored by {COMPACT}.\n3 done.\n"
    with cli_runtime.reading() as connection:
        purposes = connection.execute(select(classifications.c.purpose)).scalars().all()
        noted = connection.execute(select(audit.c.data).where(audit.c.action == "rescore"))
        assert noted.scalar_one() == {"classifier": COMPACT, "jobs": 3}
    assert sorted(purposes) == ["decide"] * 3 + ["rescore"] * 3
    assert copydesk("rescore", "agora").out.startswith("0 comments of agora wait")


@pytest.mark.usefixtures("agora")
def test_what_no_worker_could_score_is_counted(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    with working(cli_runtime, "another@1"):
        ended = copydesk("rescore", "agora")
    assert ended.status == 1
    assert f"0 done.\n3 not scored: no worker runs {COMPACT}." in ended.out


@pytest.mark.usefixtures("agora")
def test_it_may_only_queue_and_call_off(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    assert copydesk("rescore", "agora", "--no-wait", "--days", "1").out.startswith("3 comments")
    assert copydesk("rescore", "agora", "--cancel").out == "3 called off.\n"
    with cli_runtime.transaction() as connection:
        states = connection.execute(
            select(jobs.c.state).where(jobs.c.purpose == "rescore", jobs.c.classifier == COMPACT)
        )
        assert states.scalars().all() == ["cancelled"] * 3


@pytest.mark.usefixtures("agora")
def test_interrupted_it_says_that_the_work_goes_on(
    copydesk: Copydesk, cli_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(rescoring.time, "sleep", interrupt)
        ended = copydesk("rescore", "agora")
    assert ended.status == 130
    assert "--cancel calls it off" in ended.out
    with working(cli_runtime, COMPACT):
        assert copydesk("rescore", "agora").out.endswith("3 done.\n")


@pytest.mark.usefixtures("agora")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--classifier", "vader"), "there is no classifier 'vader'"),
        (("--classifier", "detoxify:original"), "COPYDESK_NEXT_CLASSIFIER=detoxify:original"),
        (("--days", "3", "--since", "2026-01-01"), "--days or --since, not both"),
    ],
)
def test_what_cannot_be_is_refused(copydesk: Copydesk, words: tuple[str, ...], said: str) -> None:
    ended = copydesk("rescore", "agora", *words)
    assert ended.status == 1
    assert re.search(said, ended.err)


@pytest.mark.usefixtures("agora")
def test_a_day_is_one_of_utc(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    with cli_runtime.transaction() as connection:
        tomorrow = cli_runtime.database_now(connection) + timedelta(days=1)
    later = f"{tomorrow:%Y-%m-%d}"
    assert copydesk("rescore", "agora", "--no-wait", "--since", later).out.startswith("0 comm")
    today = f"{tomorrow - timedelta(days=1):%Y-%m-%d}"
    assert copydesk("rescore", "agora", "--no-wait", "--since", today).out.startswith("3 comm")
