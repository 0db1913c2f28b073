"""A publishing site's client: it sends until it is told that the comment is stored."""

import json
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any

from tests.faults.matrix.ledger import Ledger

TIMEOUT_SECONDS = 15
LONGEST_PAUSE = 2.0
PASSING = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}

Body = dict[str, Any]


class GaveUp(Exception):
    """The run is over, and nobody answered."""


@dataclass
class Client:
    """One connection, for one thread; every answer goes into the ledger."""

    port: int
    key: str
    ledger: Ledger
    gave_up: threading.Event
    _connection: HTTPConnection | None = field(default=None)

    def submit(self, comments: dict[str, str], *, lend: bool = True) -> None:
        """Have new comments accepted, texts by external ids: several of them as a batch.

        Only what is lent may be sent again, edited or withdrawn by others later.
        """
        left = dict(comments)
        while left:
            for external_id, answer in self._send(left).items():
                text = left.pop(external_id)
                self.ledger.accept(external_id, answer["id"], answer["revision"], text)
                if lend:
                    self.ledger.give_back(external_id)

    def repeat(self, external_id: str) -> None:
        """Send a known comment again, unchanged."""
        entry = self.ledger.entries[external_id]
        status, answer = self._until_done("POST", "/v1/comments", _comment(external_id, entry.text))
        if status != HTTPStatus.OK:
            self.ledger.odd(f"{external_id} was sent again and answered {status}")
        else:
            self.ledger.note(external_id, answer["id"], answer["revision"])

    def edit(self, external_id: str, text: str) -> None:
        """Send another text of a known comment."""
        entry = self.ledger.entries[external_id]
        _, answer = self._until_done("POST", "/v1/comments", _comment(external_id, text))
        entry.text, entry.revision = text, entry.revision + 1
        self.ledger.note(external_id, answer["id"], answer["revision"])

    def erase(self, external_id: str) -> None:
        """Withdraw a comment; a repetition is told that it is gone."""
        entry = self.ledger.entries[external_id]
        status, _ = self._until_done("DELETE", f"/v1/comments/{entry.comment_id}")
        if status not in {HTTPStatus.NO_CONTENT, HTTPStatus.GONE}:
            self.ledger.odd(f"{external_id} was withdrawn and answered {status}")
        entry.erased = True

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, comments: dict[str, str]) -> dict[str, Body]:
        bodies = [_comment(external_id, text) for external_id, text in comments.items()]
        if len(bodies) == 1:
            status, answer = self._until_done("POST", "/v1/comments", bodies[0])
            results = [{"status": status, "comment": answer}]
        else:
            _, answer = self._until_done("POST", "/v1/comments/batch", {"comments": bodies})
            results = answer["results"]
        told = dict(zip(comments, results, strict=True))
        for external_id, result in told.items():
            if result["status"] not in {200, 202, *PASSING}:
                raise AssertionError(f"{external_id} was refused: {result}")
        return {
            external_id: result["comment"]
            for external_id, result in told.items()
            if result["status"] in {200, 202}
        }

    def _until_done(self, method: str, path: str, body: Body | None = None) -> tuple[int, Any]:
        pause = 0.1
        while True:
            answered = self._once(method, path, body)
            if answered is not None and answered[0] not in PASSING:
                return answered
            if self.gave_up.is_set():
                raise GaveUp
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _once(self, method: str, path: str, body: Body | None) -> tuple[int, Any] | None:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        try:
            self._connection.request(method, path, data, headers)
            response = self._connection.getresponse()
            raw = response.read()
        except (OSError, HTTPException):
            self.close()
            self.ledger.count("broken connections")
            return None
        if response.status in PASSING:
            self.ledger.count(f"answers {response.status}")
        return response.status, json.loads(raw) if raw else None


def _comment(external_id: str, text: str) -> Body:
    return {"external_id": external_id, "text": text}
