"""Addresses of static files that change with their content, so that browsers may keep them."""

from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for


class Assets:
    """Fingerprints every static file once, when the application is made."""

    def __init__(self, app: Flask, endpoint: str) -> None:
        self._endpoint = endpoint
        folder = Path(app.blueprints[endpoint.partition(".")[0]].static_folder or "")
        files = [path for path in folder.rglob("*") if path.is_file()]
        self._prints = {
            path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()[:10]
            for path in files
        }

    def address(self, name: str) -> str:
        """Return the address of a static file. Raises KeyError for a file that is not there."""
        return url_for(self._endpoint, filename=name, v=self._prints[name])
