"""POST to decision at rest: what everything around the classifier adds for one comment alone.

One comment after another, once waited for (`Prefer: wait`) and once only posted, with a pause after
each: so long that whatever was known for a second is read anew and every worker has been called
again, or a short one. Right after each the bare classifier judges the same text in this process;
the figure is the difference of the two.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import median, quantiles
from uuid import uuid4

from classifiers import registry
from classifiers.interface import Classifier
from tests.bench import texts
from tests.bench.backlogs import drained, wait_for_workers
from tests.bench.options import Options
from tests.bench.places import KINDS, place
from tests.bench.results import Result, Target
from tests.installation import Installation
from worker.drain import LOOP_SECONDS

COMMENTS_SHORT = 10

P50 = Target(at_most=15)
P99 = Target(at_most=60)


@dataclass(frozen=True, slots=True)
class Judged:
    """Seconds for one comment: the whole way, and the bare classifier's."""

    way: float
    bare: float


@dataclass(frozen=True, slots=True)
class Gait:
    """How the comments come: so many in a run, with a pause after each."""

    name: str
    comments: int
    pause_seconds: float


GAITS = (
    Gait("at rest", comments=20, pause_seconds=1.2 * LOOP_SECONDS),
    Gait("in a stream", comments=100, pause_seconds=0.05),
)

Measure = Callable[["_Bench", Sequence[str]], list[Judged]]


def run(options: Options) -> Iterator[Result]:
    """Measure both ways on both databases."""
    classifier = registry.load("compact")
    classifier.classify(texts.comments(50))
    for kind in KINDS:
        with place(kind) as desk:
            desk.start()
            desk.ready()
            wait_for_workers(desk)
            for gait in GAITS:
                bench = _Bench(desk, classifier, gait.pause_seconds)
                bench.waited(texts.comments(10))
                count = COMMENTS_SHORT if options.short else gait.comments
                for name, measure in WAYS.items():
                    runs = [
                        measure(bench, texts.comments(count, n + 1)) for n in range(options.runs)
                    ]
                    yield from _rows(f"{name} {gait.name}, {kind}", runs)


@dataclass(frozen=True, slots=True)
class _Bench:
    desk: Installation
    classifier: Classifier
    pause_seconds: float

    def waited(self, comments: Sequence[str]) -> list[Judged]:
        """Time each POST that waits for its decision, as the site does."""
        found = []
        with closing(self._connect()) as site:
            for text in comments:
                started = time.perf_counter()
                _, answer = self._post(site, text, {"Prefer": "wait=10"})
                taken = time.perf_counter() - started
                if answer["status"] == "pending":
                    raise AssertionError("not decided within ten seconds")
                found.append(Judged(taken, self._bare(text)))
                time.sleep(self.pause_seconds)
        return found

    def posted(self, comments: Sequence[str]) -> list[Judged]:
        """Read from the records how long each took from its acceptance to its decision."""
        bare: dict[str, float] = {}
        with closing(self._connect()) as site:
            for text in comments:
                external_id, _ = self._post(site, text, {})
                time.sleep(self.pause_seconds)
                bare[external_id] = self._bare(text)
        drained(self.desk)
        taken = self._from_records()
        return [Judged(taken[external_id], seconds) for external_id, seconds in bare.items()]

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.desk.settings.port, timeout=30)

    def _post(
        self, site: http.client.HTTPConnection, text: str, headers: dict[str, str]
    ) -> tuple[str, dict[str, str]]:
        external_id = uuid4().hex
        sent = {"Authorization": f"Bearer {self.desk.key}", "Content-Type": "application/json"}
        who = {"author": texts.author(1), "thread": texts.thread(1)}
        body = json.dumps({"external_id": external_id, "text": text, **who})
        site.request("POST", "/v1/comments", body, sent | headers)
        return external_id, json.loads(site.getresponse().read())

    def _bare(self, text: str) -> float:
        started = time.perf_counter()
        self.classifier.classify([text])
        return time.perf_counter() - started

    def _from_records(self) -> dict[str, float]:
        age = "d.decided_at - c.received_at"
        seconds = f"EXTRACT(EPOCH FROM {age})"
        if self.desk.runtime.database.is_sqlite:
            seconds = "(julianday(d.decided_at) - julianday(c.received_at)) * 86400"
        rows = self.desk.rows(
            f"SELECT c.external_id, {seconds} FROM comments c"  # noqa: S608 - our own words
            " JOIN decisions d ON d.comment_id = c.id"
        )
        return {external_id: float(taken) for external_id, taken in rows}


WAYS: dict[str, Measure] = {"waited for": _Bench.waited, "accepted to decided": _Bench.posted}


def _rows(where: str, runs: list[list[Judged]]) -> Iterator[Result]:
    differences = [[one.way - one.bare for one in judged] for judged in runs]
    whole = [[one.way for one in judged] for judged in runs]
    alone = [[one.bare for one in judged] for judged in runs]
    for name, cut, limit in (("p50", 49, P50), ("p99", 98, P99)):
        for what, times, target in (
            ("beyond the classifier", differences, limit),
            ("of the whole", whole, None),
            ("of the classifier", alone, None),
        ):
            yield Result(
                bench="rest",
                measure=f"{name} {what}, {where}",
                value=_middle(times, cut),
                unit="ms",
                runs=len(runs),
                target=target,
            )


def _middle(runs: list[list[float]], cut: int) -> float:
    return 1000 * median(quantiles(run, n=100, method="inclusive")[cut] for run in runs)
