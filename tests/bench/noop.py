"""The peer of intake: a Flask application that accepts anything and does nothing.

Served by gunicorn with `api/gunicorn_conf.py`, as the web process is.
"""

from contextlib import ExitStack

from flask import Flask

from api.web import EXTENSION


def make() -> Flask:
    """Return the application; the empty stack is what gunicorn's hook closes at the end."""
    app = Flask(__name__, static_folder=None)
    app.extensions[EXTENSION] = ExitStack()

    @app.post("/")
    def accept() -> tuple[str, int]:
        return "", 202

    return app
