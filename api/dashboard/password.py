"""Changing one's password."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.languages import gettext
from api.dashboard.sessions import desk_session
from api.dashboard.throttle import throttle
from api.problems import KINDS
from api.web import web
from moderation.model.errors import InvalidInput
from moderation.services import sign_in


def password() -> ResponseReturnValue:
    """Show the form."""
    return render_template("dashboard/password.html")


def change_password() -> ResponseReturnValue:
    """Replace the password; every other session of the person ends."""
    user = current_user()
    old, new = request.form.get("old", ""), request.form.get("new", "")
    throttle().count(user.email)
    try:
        token = sign_in.change_password(web().runtime, user, old, new)
    except InvalidInput as error:
        page = render_template("dashboard/password.html", error=error)
        return page, KINDS[InvalidInput].status
    throttle().clear(user.email)
    desk_session().begin(token)
    flash(gettext("Your password is changed. You were signed out everywhere else."))
    return redirect(url_for("dashboard.queue"), 303)
