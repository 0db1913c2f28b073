"""`comments:analyze` at a steady rate, with everything running on the same cores.

Time counts from the moment at which a request was due, so that one that had to wait for the one
before it is not counted as quick. The cost beside the bare classifier is CPU time: that of the web
and the scoring process for each analysis, against the classifier's in a process of its own.
"""

import http.client
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from statistics import median

from tests.bench import texts
from tests.bench.bare import Bare, bare
from tests.bench.options import Options
from tests.bench.parts import Meter
from tests.bench.places import KINDS, place
from tests.bench.results import Result, Target
from tests.installation import Installation, wait_until
from tests.scoring import answers

A_SECOND = 50.0
SECONDS = 20.0
SECONDS_SHORT = 3.0
CONNECTIONS = 8
WARM_UP = 50
PATH = "/v1alpha1/comments:analyze"
ASKED = {"requestedAttributes": {"TOXICITY": {}, "INSULT": {}}, "languages": ["en"]}
P99 = Target(at_most=150.0)
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Run:
    """Milliseconds of the answers, and CPU milliseconds for each: the peer's and ours."""

    p50: float
    p99: float
    bare: float
    ours: float


def run(options: Options) -> Iterator[Result]:
    """Measure on both databases, which are asked for the key and the site's policy."""
    seconds = SECONDS_SHORT if options.short else SECONDS
    comments = texts.comments(int(seconds * A_SECOND))
    for kind in KINDS:
        with place(kind) as desk, bare(processes=1) as peer:
            desk.start()
            desk.ready()
            wait_until(partial(answers, desk.settings))
            _analyze_all(desk, comments[:WARM_UP])
            yield from _rows(kind, [_run(desk, peer, comments) for _ in range(options.runs)])


def _run(desk: Installation, peer: Bare, comments: Sequence[str]) -> Run:
    alone = peer.run(comments).cpu
    roots = {name: [desk.processes[name].pid] for name in ("web", "scoring")}
    meter = Meter(roots)
    took = _analyze_all(desk, comments)
    spent = meter.read().cpu()
    cuts = statistics.quantiles(took, n=100)
    each = 1000 / len(comments)
    return Run(1000 * cuts[49], 1000 * cuts[98], alone * each, spent * each)


def _rows(kind: str, runs: Sequence[Run]) -> Iterator[Result]:
    at = f"{A_SECOND:.0f} analyses a second"
    p50, p99 = median(one.p50 for one in runs), median(one.p99 for one in runs)
    yield Result("perspective", f"{kind}: p50, {at}", p50, "ms", len(runs))
    yield Result("perspective", f"{kind}: p99, {at}", p99, "ms", len(runs), target=P99)
    yield Result(
        bench="perspective",
        measure=f"{kind}: CPU per analysis of web and scoring process",
        value=median(one.ours for one in runs),
        unit="ms",
        runs=len(runs),
        peer="bare classifier",
        peer_value=median(one.bare for one in runs),
        ratio=median(one.bare / one.ours for one in runs),
    )


def _analyze_all(desk: Installation, comments: Sequence[str]) -> list[float]:
    """Analyse everything, evenly; return how long each took, in seconds.

    Raises RuntimeError where an answer is none.
    """
    begin = time.monotonic()
    due = [(begin + number / A_SECOND, text) for number, text in enumerate(comments)]
    shares = [due[start::CONNECTIONS] for start in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        done = [pool.submit(_analyze_share, desk, share) for share in shares]
        return [seconds for one in done for seconds in one.result()]


def _analyze_share(desk: Installation, due: Sequence[tuple[float, str]]) -> list[float]:
    headers = {"X-Goog-Api-Key": desk.key, "Content-Type": "application/json"}
    took = []
    with closing(http.client.HTTPConnection("127.0.0.1", desk.settings.port, timeout=60)) as site:
        for moment, text in due:
            time.sleep(max(0.0, moment - time.monotonic()))
            site.request("POST", PATH, json.dumps({"comment": {"text": text}} | ASKED), headers)
            answer = site.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise RuntimeError(f"{PATH} answered {answer.status}")
            took.append(time.monotonic() - moment)
    return took
