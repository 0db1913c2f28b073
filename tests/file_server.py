"""A server of files on loopback, with all the ways in which a download goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.answering import answering


@dataclass
class FileServer:
    """Serves a folder below `/files/`; `/moved/` redirects there."""

    url: str
    folder: Path
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Names and ranges, in the order in which they were asked for."""
    breaks_after: int | None = None
    """Bytes of one answer after which the connection is closed."""
    knows_ranges: bool = True
    leads_to: str | None = None
    """Where `/moved/` leads, if not to this server's files."""
    says_length: bool = True
    hangs: bool = False

    def ranges(self, name: str) -> list[str | None]:
        return [asked for file, asked in self.asked if file == name]


@contextmanager
def file_server(folder: Path) -> Iterator[FileServer]:
    """Run a server on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    state = FileServer(f"http://127.0.0.1:{server.server_port}", folder)
    server.state = state  # type: ignore[attr-defined]
    with answering(server):
        yield state


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        state: FileServer = self.server.state  # type: ignore[attr-defined]
        _, area, name = self.path.split("/", 2)
        if area == "moved":
            self.send_response(302)
            # Without a host, as the hub does it.
            self.send_header("Location", state.leads_to or f"/files/{name}")
            self.end_headers()
            return
        state.asked.append((name, self.headers["Range"]))
        path = state.folder / name
        if not path.is_file():
            self.send_error(404)
            return
        self._answer(state, path.read_bytes())

    def _answer(self, state: FileServer, content: bytes) -> None:
        start = 0
        if state.knows_ranges and (asked := self.headers["Range"]):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(content) > 0:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if state.says_length:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:][: state.breaks_after])
        if state.hangs:
            self.wfile.flush()
            # Until whoever waits for the rest gives up.
            self.rfile.read(1)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
