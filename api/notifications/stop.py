"""Stopping mails by the link in them, as RFC 8058 lets mail programs do it in one click."""

from flask import abort, render_template

from api.web import web
from moderation.model.errors import NotFound
from moderation.services import notifications


def stop_mail(token: str) -> str:
    """Send no more mails of the kind that the link came in."""
    try:
        notifications.stop_mail(web().runtime, token)
    except NotFound:
        abort(404)
    return render_template("dashboard/stop_mail.html", stopped=True)
