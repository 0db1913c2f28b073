"""Choosing a password by a one-time link."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.languages import gettext
from api.dashboard.sessions import desk_session
from api.problems import KINDS
from api.web import web
from moderation.model.errors import InvalidInput
from moderation.services import sign_in


def password_link(token: str) -> ResponseReturnValue:
    """Show the form; looking at it does not use the link up."""
    owner = sign_in.password_link_owner(web().runtime, token)
    return render_template("dashboard/password_link.html", owner=owner)


def use_password_link(token: str) -> ResponseReturnValue:
    """Set the password, and sign its owner in."""
    owner = sign_in.password_link_owner(web().runtime, token)
    try:
        session = sign_in.use_password_link(web().runtime, token, request.form.get("new", ""))
    except InvalidInput as error:
        page = render_template("dashboard/password_link.html", owner=owner, error=error)
        return page, KINDS[InvalidInput].status
    desk_session().begin(session)
    flash(gettext("Your password is set."))
    return redirect(url_for("dashboard.queue"), 303)
