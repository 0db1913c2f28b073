"""A site that posts its comments over connections that it keeps."""

import http.client
import json
import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http import HTTPStatus

from tests.bench import texts
from tests.installation import Installation

Body = dict[str, object]


def singles(comments: Sequence[str], prefix: str) -> list[Body]:
    """Return one body for each comment."""
    return [
        {
            "external_id": f"{prefix}-{number}",
            "text": text,
            "author": texts.author(number),
            "thread": texts.thread(number),
        }
        for number, text in enumerate(comments)
    ]


def batches(comments: Sequence[str], prefix: str, size: int = 100) -> list[Body]:
    """Return bodies of up to so many comments."""
    bodies = singles(comments, prefix)
    return [{"comments": bodies[start : start + size]} for start in range(0, len(bodies), size)]


def post_all(
    desk: Installation,
    path: str,
    bodies: Sequence[Body],
    connections: int,
    per_second: float = math.inf,
) -> None:
    """Post everything over so many connections, evenly where a rate is given.

    Raises RuntimeError where an answer is no acceptance.
    """
    begin = time.monotonic()
    due = [(begin + number / per_second, body) for number, body in enumerate(bodies)]
    shares = [due[start::connections] for start in range(connections)]
    with ThreadPoolExecutor(connections) as pool:
        for done in [pool.submit(_post_share, desk, path, share) for share in shares]:
            done.result()


def _post_share(desk: Installation, path: str, due: Sequence[tuple[float, Body]]) -> None:
    headers = {"Authorization": f"Bearer {desk.key}", "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", desk.settings.port, timeout=60)) as site:
        for moment, body in due:
            time.sleep(max(0.0, moment - time.monotonic()))
            site.request("POST", path, json.dumps(body), headers)
            answer = site.getresponse()
            said = answer.read()
            if _statuses(answer.status, said) - {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
                raise RuntimeError(f"{path} answered {answer.status}: {said[:200]!r}")


def _statuses(status: int, said: bytes) -> set[int]:
    """Return what became of the request and, where it was a batch, of each of its comments."""
    if status != HTTPStatus.OK:
        return {status}
    return {status, *(one["status"] for one in json.loads(said).get("results", []))}
