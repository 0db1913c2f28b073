"""Signing in and out."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import is_page
from api.dashboard.sessions import desk_session
from api.dashboard.throttle import throttle
from api.problems import KINDS
from api.web import web
from moderation.model.errors import Unauthenticated
from moderation.services import sign_in as service

MAX_EMAIL = 255


def sign_in() -> ResponseReturnValue:
    """Show the form; whoever is signed in already goes on."""
    if desk_session().user is not None:
        return redirect(_next())
    return render_template("dashboard/sign_in.html", email="", next=request.args.get("next", ""))


def enter() -> ResponseReturnValue:
    """Begin a session, under a new token, and go on to where the visitor wanted to go."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    email = email.replace("\0", "")[:MAX_EMAIL]
    throttle().count(email)
    try:
        token = service.sign_in(web().runtime, email, password)
    except Unauthenticated as error:
        page = render_template(
            "dashboard/sign_in.html", email=email, next=request.form.get("next", ""), error=error
        )
        return page, KINDS[Unauthenticated].status
    throttle().clear(email)
    address = _next()
    desk_session().begin(token)
    return redirect(address, 303)


def sign_out() -> ResponseReturnValue:
    """End the session for good."""
    session = desk_session()
    if session.token is not None:
        service.sign_out(web().runtime, session.token)
    session.end()
    return redirect(url_for("dashboard.sign_in"), 303)


def _next() -> str:
    wanted = request.values.get("next", "")
    return wanted if is_page(wanted) else url_for("dashboard.queue")
