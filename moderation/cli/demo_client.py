"""The demonstration as a site plays it: over HTTP, with an API key."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from importlib import resources
from typing import Any, Self
from urllib.parse import urlencode

import httpcore2

from moderation.model.errors import InvalidInput, NotConfigured, Unauthenticated

DECISION_SECONDS = 60.0
"""How long the demonstration waits for the workers."""

POLL_SECONDS = 0.3
TIMEOUT = {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 5.0}

_UNREACHABLE = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpcore2.UnsupportedProtocol,
)

THREAD = {
    "id": "demo-budget",
    "title": "Parliament agrees on the budget",
    "url": "https://news.example/politics/budget",
    "section": "politics",
}


@dataclass(frozen=True, slots=True)
class Posted:
    """One comment of the thread and how it stands."""

    external_id: str
    kind: str
    text: str
    status: str
    because: str


def read_thread() -> list[dict[str, Any]]:
    """Return the comments of the thread, in the order in which they were written."""
    data = resources.files("moderation").joinpath("demo/thread.jsonl").read_text("utf-8")
    return [json.loads(line) for line in data.splitlines()]


class DemoClient:
    """Posts comments and asks what became of them."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._headers = [("Authorization", f"Bearer {key}"), ("Content-Type", "application/json")]
        self._pool = httpcore2.ConnectionPool()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def post(self, comment: Mapping[str, Any]) -> Posted:
        """Post one comment of the thread. Raises NotConfigured, Unauthenticated, InvalidInput."""
        sent = {name: value for name, value in comment.items() if name != "kind"}
        answer = self._call("POST", "/v1/comments", json.dumps(sent | {"thread": THREAD}).encode())
        return _posted(comment, answer)

    def await_decisions(self, posted: list[Posted]) -> list[Posted]:
        """Return the same comments once all are decided, or when waiting makes no sense."""
        deadline = time.monotonic() + DECISION_SECONDS
        while any(one.status == "pending" for one in posted) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            posted = [self._look(one) if one.status == "pending" else one for one in posted]
        return posted

    def _look(self, one: Posted) -> Posted:
        query = urlencode({"external_id": one.external_id})
        answer = self._call("GET", f"/v1/comments?{query}")
        return replace(one, status=answer["status"], because=_because(answer))

    def _call(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        try:
            response = self._pool.request(
                method,
                self._url + path,
                headers=self._headers,
                content=body,
                extensions={"timeout": TIMEOUT},
            )
        except (*_UNREACHABLE, OSError):
            raise NotConfigured(f"{self._url} does not answer. Is Copydesk running?") from None
        return _answer(response.status, response.content)


def _answer(status: int, content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = {}
    if not isinstance(found, dict):
        found = {}
    if status == HTTPStatus.UNAUTHORIZED:
        raise Unauthenticated("The API key is not accepted; is it of this installation?")
    if status == HTTPStatus.GONE:
        return {"status": "erased"}
    if status >= HTTPStatus.BAD_REQUEST or "status" not in found:
        raise InvalidInput(
            f"The service answered {status}: {found.get('detail', 'not as expected')}"
        )
    return found


def _posted(comment: Mapping[str, Any], answer: Mapping[str, Any]) -> Posted:
    return Posted(
        external_id=comment["external_id"],
        kind=comment["kind"],
        text=comment["text"],
        status=answer["status"],
        because=_because(answer),
    )


def _because(answer: Mapping[str, Any]) -> str:
    """Return the first reason of the decision, else the highest score."""
    decision, scores = answer.get("decision"), answer.get("scores")
    reasons = decision["reasons"] if decision else []
    if reasons and reasons[0].get("label"):
        return f"{reasons[0]['label']} {reasons[0].get('score') or 0:.2f}"
    if reasons:
        return str(reasons[0].get("detail") or reasons[0]["kind"])
    if not scores:
        return ""
    highest = max(scores, key=scores.__getitem__)
    return f"highest: {highest} {scores[highest]:.2f}"
