"""A worker's way through the lanes, with classifiers that misbehave."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifiers.interface import nothing
from moderation.broker import DECIDED, Broker, Task, bell_key
from moderation.model.comments import Format, Status
from moderation.model.decisions import ReasonKind
from moderation.model.ids import JobId
from moderation.model.jobs import JobState, Lane
from moderation.model.labels import Label, Scores
from moderation.runtime import Runtime
from moderation.services.claiming import MAX_ATTEMPTS
from moderation.services.reading import get_comment, get_comment_by_external_id
from moderation.storage.classifications import classifications
from moderation.storage.jobs import jobs
from moderation.waiters import Waiters
from tests.factories import (
    CIVIL,
    CLASSIFIER,
    Agora,
    FakeClock,
    classify_all,
    make_agora,
    queue_rescoring,
    submit,
)
from tests.installation import wait_until
from tests.lingering import somebody_waits
from tests.servers import free_port
from worker.drain import BULK_TURN, LOOP_SECONDS, Drain
from worker.reading import Reader


@dataclass
class Scripted:
    """Scores everything as civil, and raises at texts that hold the word poison."""

    version: str = CLASSIFIER
    labels: frozenset[Label] = frozenset(CIVIL)
    languages: frozenset[str] = frozenset({"en"})
    batches: list[int] = field(default_factory=list)

    def can_read(self, text: str) -> bool:
        return "?" not in text

    def classify(
        self, texts: Sequence[str], *, between: Callable[[], None] = nothing
    ) -> list[Scores]:
        self.batches += [len(texts)] if texts else []
        between()
        if any("poison" in text for text in texts):
            raise RuntimeError("this text is poison")
        return [CIVIL for _ in texts]


def drain(
    runtime: Runtime, classifier: Scripted, characters: int = 20_000, *, lingers: bool = False
) -> Drain:
    return Drain(runtime, Reader(classifier), timedelta(seconds=30), characters, lingers)


def push_all(runtime: Runtime, lane: Lane = Lane.LIVE) -> None:
    with runtime.reading() as connection:
        ids = [JobId(row.id) for row in connection.execute(select(jobs.c.id).order_by(jobs.c.id))]
    runtime.broker.announce(lane, ids)


def status_of(runtime: Runtime, agora: Agora, external_id: str) -> Status:
    return get_comment_by_external_id(runtime, agora.site_id, external_id).comment.status


def test_what_lies_on_the_lane_is_decided_in_batches(runtime: Runtime, agora: Agora) -> None:
    for number in range(20):
        submit(runtime, agora.site_id, f"c{number}")
    push_all(runtime)
    classifier = Scripted()
    drain(runtime, classifier).classify()
    assert sum(classifier.batches) == 20
    assert len(classifier.batches) < 20
    assert status_of(runtime, agora, "c19") is Status.APPROVED


def test_the_bell_is_down_after_the_work(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id)
    runtime.broker.ring(Task.CLASSIFY)
    push_all(runtime)
    drain(runtime, Scripted()).classify()
    assert not runtime.broker.redis.exists(bell_key(Task.CLASSIFY))


def test_the_mates_of_a_poison_comment_are_decided_at_once(runtime: Runtime, agora: Agora) -> None:
    for external_id, text in {"a": "fine", "b": "poison", "c": "fine"}.items():
        submit(runtime, agora.site_id, external_id, text=text)
    push_all(runtime)
    drain(runtime, Scripted()).classify()
    statuses = [status_of(runtime, agora, external_id) for external_id in "abc"]
    assert statuses == [Status.APPROVED, Status.PENDING, Status.APPROVED]


def test_a_poison_comment_is_left_to_a_person_after_its_attempts(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submitted = submit(held_runtime, agora.site_id, "b", text="poison")
    push_all(held_runtime)
    classifier = Scripted()
    worker = drain(held_runtime, classifier)
    worker.classify()
    worker.retry()
    assert len(classifier.batches) == 2, "it was tried again without a pause"
    for _ in range(MAX_ATTEMPTS):
        clock.pass_time(seconds=31)
        worker.retry()
    view = get_comment(held_runtime, agora.site_id, submitted.comment_id)
    assert view.comment.status is Status.FLAGGED
    assert view.decision is not None
    assert view.decision.reasons[0].kind is ReasonKind.FAILURE
    # Once in its batch, once more in place alone, then alone by `retry`.
    assert len(classifier.batches) == MAX_ATTEMPTS + 1


def test_history_that_no_attempt_could_score_is_left_as_it_is(
    held_runtime: Runtime, clock: FakeClock
) -> None:
    agora = make_agora(held_runtime)
    submitted = submit(held_runtime, agora.site_id, "b", text="poison")
    classify_all(held_runtime)
    queue_rescoring(held_runtime, submitted.comment_id, CLASSIFIER)
    worker = drain(held_runtime, Scripted())
    clock.pass_time(seconds=3)
    worker.classify()
    for _ in range(MAX_ATTEMPTS):
        clock.pass_time(seconds=31)
        worker.retry()
    with held_runtime.reading() as connection:
        [_, again] = connection.execute(select(classifications).order_by(classifications.c.id))
    assert not jobs_queued(held_runtime)
    assert (again.purpose, again.classifier, again.toxicity) == ("rescore", CLASSIFIER, None)
    assert again.failure == f"the classifier failed {MAX_ATTEMPTS} times on this comment"
    assert status_of(held_runtime, agora, "b") is Status.APPROVED


def jobs_queued(runtime: Runtime) -> int:
    with runtime.reading() as connection:
        queued = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED)
        return len(connection.execute(queued).all())


def test_what_the_classifier_cannot_read_is_left_to_a_person(
    runtime: Runtime, agora: Agora
) -> None:
    submitted = submit(runtime, agora.site_id, text="???")
    push_all(runtime)
    drain(runtime, Scripted()).classify()
    view = get_comment(runtime, agora.site_id, submitted.comment_id)
    assert view.comment.status is Status.FLAGGED
    assert view.decision is not None
    assert view.decision.reasons[0].detail == "the classifier cannot read all of this"


def test_html_is_judged_as_readers_see_it(runtime: Runtime, agora: Agora) -> None:
    html = {"format": Format.HTML}
    submit(runtime, agora.site_id, "asked", text="<p title='?'>Fine</p>", **html)
    submit(runtime, agora.site_id, "split", text="poi<b></b>son", **html)
    submit(runtime, agora.site_id, "picture", text="<img src='idiot.png'>", **html)
    push_all(runtime)
    drain(runtime, Scripted()).classify()
    assert status_of(runtime, agora, "asked") is Status.APPROVED
    assert status_of(runtime, agora, "split") is Status.PENDING
    assert status_of(runtime, agora, "picture") is Status.FLAGGED


def test_long_texts_do_not_make_a_batch_too_long(runtime: Runtime, agora: Agora) -> None:
    for number in range(4):
        submit(runtime, agora.site_id, f"c{number}", text="long " * 100)
    push_all(runtime)
    classifier = Scripted()
    drain(runtime, classifier, characters=600).classify()
    assert classifier.batches[:4] == [1, 1, 1, 1]
    assert status_of(runtime, agora, "c3") is Status.APPROVED


@pytest.mark.usefixtures("worker_seconds")
def test_what_was_claimed_and_not_begun_in_time_is_handed_back(
    runtime: Runtime, agora: Agora
) -> None:
    class Slow(Scripted):
        def classify(
            self, texts: Sequence[str], *, between: Callable[[], None] = nothing
        ) -> list[Scores]:
            # The second part outlasts the turn, so the third is not begun.
            if len(self.batches) == 1:
                time.sleep(LOOP_SECONDS)
            return super().classify(texts, between=between)

    for number in range(4):
        submit(runtime, agora.site_id, f"c{number}", text="long " * 100)
    push_all(runtime)
    worker = drain(runtime, Slow(), characters=600)
    worker.classify()
    with runtime.reading() as connection:
        left = list(
            connection.execute(
                select(jobs.c.token, jobs.c.attempts).where(jobs.c.state == JobState.QUEUED)
            )
        )
    assert left == [(None, 0), (None, 0)]
    assert sum(runtime.broker.depth(lane) for lane in Lane) == 2
    assert runtime.broker.redis.exists(bell_key(Task.CLASSIFY))
    worker.classify()
    assert status_of(runtime, agora, "c3") is Status.APPROVED


@pytest.mark.usefixtures("worker_seconds")
def test_the_bulk_lane_gets_its_turn_while_live_comments_keep_coming(
    runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id, "bulk")
    push_all(runtime, Lane.BULK)

    class Flooded(Scripted):
        def classify(
            self, texts: Sequence[str], *, between: Callable[[], None] = nothing
        ) -> list[Scores]:
            if texts:
                name = f"live{len(self.batches)}"
                runtime.broker.announce(Lane.LIVE, [live(runtime, agora, name)])
            return super().classify(texts, between=between)

    classifier = Flooded()
    runtime.broker.announce(Lane.LIVE, [live(runtime, agora, "first")])
    worker = drain(runtime, classifier)
    # One call lasts for a second, which on a busy machine may be a few batches only.
    while len(classifier.batches) <= BULK_TURN:
        worker.classify()
    assert status_of(runtime, agora, "bulk") is Status.APPROVED


def live(runtime: Runtime, agora: Agora, external_id: str) -> JobId:
    comment_id = submit(runtime, agora.site_id, external_id).comment_id
    with runtime.transaction() as connection:
        connection.execute(
            jobs.update().where(jobs.c.comment_id == comment_id).values(lane=Lane.LIVE)
        )
        chosen = select(jobs.c.id).where(jobs.c.comment_id == comment_id)
        return JobId(connection.execute(chosen).scalar_one())


def test_a_worker_that_has_nothing_left_to_do_takes_what_comes_within_its_second(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A long second, so that a busy machine gets this done in it.
    monkeypatch.setattr("worker.drain.LOOP_SECONDS", 4.0)
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(drain(runtime, Scripted(), lingers=True).classify)
        wait_until(lambda: somebody_waits(runtime.broker))
        submit(runtime, agora.site_id)
        push_all(runtime)
        working.result()
    assert status_of(runtime, agora, "c1") is Status.APPROVED


def test_a_worker_does_not_linger_where_redis_is_away(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A long second: who would linger does so for all of it.
    monkeypatch.setattr("worker.drain.LOOP_SECONDS", 20.0)
    away = replace(runtime, broker=Broker(f"redis://127.0.0.1:{free_port()}"))
    submit(runtime, agora.site_id)
    started = time.monotonic()
    drain(away, Scripted(), lingers=True).classify()
    assert time.monotonic() - started < 20.0


def test_garbage_on_the_lane_is_dropped(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id)
    runtime.broker.redis.rpush("copydesk:lane:live", b"\xff\x00", b"not an id", b"")
    push_all(runtime)
    drain(runtime, Scripted()).classify()
    assert status_of(runtime, agora, "c1") is Status.APPROVED


def test_whoever_waits_for_a_decision_is_woken(runtime: Runtime, agora: Agora) -> None:
    submitted = submit(runtime, agora.site_id, "c1")
    push_all(runtime)
    waiters = Waiters(runtime.broker)
    with waiters.expecting(submitted.comment_id) as told:
        wait_until(lambda: runtime.broker.redis.pubsub_numsub(DECIDED)[0][1] == 1)
        drain(runtime, Scripted()).classify()
        assert told.wait(30)
    waiters.close()
    assert status_of(runtime, agora, "c1") is Status.APPROVED
