"""The first page."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue


def home() -> ResponseReturnValue:
    """Lead to the queue."""
    return redirect(url_for("dashboard.queue"))
