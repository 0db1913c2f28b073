"""Downloads over HTTP: on time, taken up again where they broke off, never taken for whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from io import FileIO
from pathlib import Path
from typing import IO
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

import httpcore2

from classifiers.fetches import Progress
from moderation.model.errors import NotConfigured

SECONDS = 30.0
"""How long a connection may be silent."""
PIECE_BYTES = 1 << 18
PARTIAL = 206
UNSATISFIABLE = 416


@dataclass(frozen=True, slots=True)
class Download:
    """What to get and where to put it; `limit` is more bytes than the file can have.

    Only a file whose digest is known may be resumed: nobody else would notice two halves of
    different files.
    """

    url: str
    place: Path
    limit: int
    resumable: bool = False

    def steps(self) -> Iterator[Progress]:
        """Get the file; it is whole only when this has ended.

        What came before the connection broke off stays if it can be resumed. Raises NotConfigured
        with what went wrong.
        """
        try:
            with _readable_errors(self.url):
                answer, start = self._answer()
                # Unbuffered: a full disk is told by the piece that does not fit, not at the end.
                with answer, self.place.open("ab" if start else "wb", buffering=0) as file:
                    yield from self._copied(answer, file, start)
        except _Useless as error:
            self.place.unlink(missing_ok=True)
            raise NotConfigured(str(error)) from error

    def _answer(self) -> tuple[HTTPResponse, int]:
        """Ask for what is missing, else for all; return the answer and where in the file it is."""
        start = self.place.stat().st_size if self.resumable and self.place.exists() else 0
        if start and (rest := _rest(self.url, start)):
            return rest, start
        return _open(self.url), 0

    def _copied(self, answer: HTTPResponse, file: FileIO, start: int) -> Iterator[Progress]:
        total = None if answer.length is None else start + answer.length
        done = start
        name = self.url.rpartition("/")[2]
        yield Progress(name, done, total)
        while piece := answer.read(PIECE_BYTES):
            done += len(piece)
            if done > self.limit:
                raise _Useless(f"{self.url} is larger than {self.limit:,} bytes: another file")
            _write(file, piece)
            yield Progress(name, done, total)
        if total is not None and done != total:
            raise NotConfigured(
                f"{self.url} broke off after {done:,} of {total:,} bytes: call this again"
            )


class _Useless(Exception):
    """What came is not worth keeping."""


class SafeRedirects(HTTPRedirectHandler):
    """Follows redirects, as releases and the hub have them, but never out of TLS."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - as the base class has it
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the request that follows. Raises NotConfigured for one without TLS."""
        if req.type == "https" and not newurl.startswith("https://"):
            raise NotConfigured(f"{req.full_url} leads to an address without TLS")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _rest(url: str, start: int) -> HTTPResponse | None:
    """Ask for a file from `start` on; None where the server has no such part to give."""
    try:
        answer = _open(url, start)
    except HTTPError as error:
        if error.code != UNSATISFIABLE:
            raise
        error.close()
        return None
    if answer.status == PARTIAL and answer.headers.get("Content-Range", "").startswith(
        f"bytes {start}-"
    ):
        return answer
    answer.close()
    return None


def _open(url: str, start: int = 0) -> HTTPResponse:
    # By hand, because the usual opener knows file: and ftp:, too.
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(context=httpcore2.default_ssl_context()),
        HTTPDefaultErrorHandler(),
        SafeRedirects(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    request = Request(url, headers={"User-Agent": "copydesk"})  # noqa: S310 - http(s), see above
    if start:
        request.add_header("Range", f"bytes={start}-")
    answer = opener.open(request, timeout=SECONDS)
    if not isinstance(answer, HTTPResponse):
        raise NotConfigured(f"{url} is no address to fetch from")
    return answer


def _write(file: FileIO, piece: bytes) -> None:
    rest = memoryview(piece)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError as error:
        raise _Useless(f"cannot write {file.name!s}: {error.strerror}") from error


@contextmanager
def _readable_errors(url: str) -> Iterator[None]:
    """Turn what a network does into one line."""
    try:
        yield
    except HTTPError as error:
        error.close()
        raise NotConfigured(f"{url} answers {error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        # TLS, name servers, timeouts, broken connections, redirects to nonsense.
        reason = getattr(error, "reason", None) or error
        raise NotConfigured(f"cannot fetch {url}: {reason}") from error
