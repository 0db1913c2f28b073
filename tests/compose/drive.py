"""What a site would do, over HTTP: post comments, and see what became of them.

    drive.py BASE ready
    drive.py BASE post FIRST COUNT       posts the comments numbered from FIRST
    drive.py BASE decided FIRST COUNT    waits until all of them are decided as they should be

Standard library only: it runs with the Python of the machine. The key is in COPYDESK_TEST_KEY.
"""

import json
import os
import sys
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

DEADLINE = 120.0
HOSTILE_EVERY = 10
CIVIL = "Thank you for the clear report on the budget vote, part {number} was new to me."
HOSTILE = "You are a stupid idiot and a pathetic loser, number {number}, shut up."
FLAGGED, APPROVED = ("flagged", "hold"), ("approved", "show")


def external_id(number: int) -> str:
    return f"comment-{number}"


def is_hostile(number: int) -> bool:
    return number % HOSTILE_EVERY == 0


class Site:
    """A site's own system, which talks to the service at one address."""

    def __init__(self, base: str) -> None:
        self._address = urlsplit(base).netloc
        self._key = os.environ.get("COPYDESK_TEST_KEY", "")

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        connection = HTTPConnection(self._address, timeout=10)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def post(self, first: int, count: int) -> None:
        for number in range(first, first + count):
            text = (HOSTILE if is_hostile(number) else CIVIL).format(number=number)
            comment = {"external_id": external_id(number), "text": text}
            status, answer = self.ask("POST", "/v1/comments", comment)
            check(status == 202, f"comment {number}: {status} {answer}")

    def announced(self) -> Counter[str]:
        """Count the decisions on each comment."""
        found: Counter[str] = Counter()
        page = {"next": "0", "has_more": True}
        while page["has_more"]:
            _, page = self.ask("GET", f"/v1/decisions?after={page['next']}&limit=500")
            found.update(decision["external_id"] for decision in page["decisions"])
        return found

    def outcome(self, number: int) -> tuple[str, str]:
        query = urlencode({"external_id": external_id(number)})
        status, comment = self.ask("GET", f"/v1/comments?{query}")
        check(status == 200, f"comment {number}: {status} {comment}")
        return comment["status"], comment["display"]


def check(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - as assert, which -O would drop
    if not holds:
        sys.exit(f"drive: {otherwise}")


def await_ready(site: Site) -> None:
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            status, answer = site.ask("GET", "/health/ready")
        except (OSError, HTTPException, ValueError):
            status, answer = 0, "nobody answers"
        if status == 200:
            return
        check(time.monotonic() < deadline, f"not ready: {answer}")
        time.sleep(0.2)


def await_decisions(site: Site, first: int, count: int) -> None:
    began = time.monotonic()
    wanted = [external_id(number) for number in range(first, first + count)]
    while missing := set(wanted) - set(found := site.announced()):
        waiting = time.monotonic() - began < DEADLINE
        check(waiting, f"{len(missing)} comments are undecided, such as {min(missing)}")
        time.sleep(0.2)
    waited = time.monotonic() - began
    twice = [name for name in wanted if found[name] > 1]
    check(not twice, f"decided more than once: {twice}")
    for number in range(first, first + count):
        expected = FLAGGED if is_hostile(number) else APPROVED
        outcome = site.outcome(number)
        check(outcome == expected, f"comment {number} is {outcome}, not {expected}")
    sys.stdout.write(f"drive: {count} decided {waited:.1f} s after the last\n")


def main(base: str, command: str, *numbers: str) -> None:
    site = Site(base)
    match command, [int(number) for number in numbers]:
        case "ready", []:
            await_ready(site)
        case "post", [first, count]:
            site.post(first, count)
        case "decided", [first, count]:
            await_decisions(site, first, count)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
