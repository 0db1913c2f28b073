"""The application on a filled database, and people's browsers, all in this process."""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from api.app import create_app
from api.web import EXTENSION
from tests.bench.stores import PASSWORD, Store

DEEP = 50

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_NEXT = re.compile(r'rel="next" href="([^"]+)"')
_COMMENT = re.compile(r'href="(/comments/[0-9a-f-]{36})')

Get = Callable[[], TestResponse]


class Desk:
    """The application on one store, and people's browsers."""

    def __init__(self, kept: Store) -> None:
        self.count, self.runtime, self._known = kept.count, kept.runtime, kept.known
        self._app = create_app(kept.runtime)
        self._browsers: dict[str, Any] = {}

    def close(self) -> None:
        self._app.extensions[EXTENSION].close()

    def get(self, path: str, who: str = "olga", headers: Mapping[str, str] | None = None) -> Get:
        """Return what fetches a page as somebody, after having fetched it once."""
        browser = self._browser(who)

        def fetch() -> TestResponse:
            response: TestResponse = browser.get(path, headers=headers)
            if response.status_code not in {200, 304}:
                raise AssertionError(f"{path}: {response.status}")
            return response

        fetch()
        return fetch

    def poll(self, path: str, who: str = "olga") -> Get:
        """Return what asks again for a page that did not change."""
        etag = self.get(path, who)().headers["ETag"]
        return self.get(path, who, {"If-None-Match": etag})

    def feed(self, after: int) -> Get:
        """Return what fetches decisions as the site does."""
        key = {"Authorization": f"Bearer {self._known['key']}"}
        return self.get(f"/v1/decisions?after={after}", headers=key)

    @property
    def positions(self) -> int:
        return int(self._known["positions"])

    def deep(self, path: str) -> str:
        """Return the address of the fiftieth page, or the last where there are fewer."""
        for _ in range(DEEP - 1):
            found = _NEXT.search(self.get(path)().text)
            if found is None:
                break
            path = unescape(found[1])
        return path

    def in_turn(self, paths: Sequence[str]) -> Get:
        """Return what fetches another of these addresses each time."""
        fetches = itertools.cycle([self.get(path) for path in paths])

        def fetch() -> TestResponse:
            return next(fetches)()

        return fetch

    def comments(self) -> Get:
        """Return what fetches one comment's page after another."""
        return self.in_turn(_COMMENT.findall(self.get(self.deep("/comments"))().text))

    def second(self, path: str, who: str = "olga") -> Get:
        """Return what fetches the page behind this one, or this one where it is the only one."""
        found = _NEXT.search(self.get(path, who)().text)
        return self.get(unescape(found[1]) if found else path, who)

    def _browser(self, who: str) -> Any:  # noqa: ANN401 - Flask's test client
        if who not in self._browsers:
            browser = self._browsers[who] = self._app.test_client()
            found = _TOKEN.search(browser.get("/sign-in").text)
            form = {"email": self._known[who], "password": PASSWORD}
            form["csrf_token"] = unescape(found[1]) if found else ""
            if browser.post("/sign-in", data=form).status_code != 303:
                raise AssertionError(f"{who} could not sign in")
        return self._browsers[who]
