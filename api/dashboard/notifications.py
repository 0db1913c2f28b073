"""Notifications: what somebody wants to be told of who does not sit before the desk."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.forms import choice, number
from api.dashboard.languages import gettext
from api.dashboard.sessions import desk_session
from api.web import web
from moderation.model.notifications import AT_LEAST, HOURS, MINUTES, MailWhen, Wishes
from moderation.services import notifications as service

SHOWN_ONCE = "feed"
"""Where the session keeps a new address from the form that made it to the page that shows it."""


def notifications() -> ResponseReturnValue:
    """Show what the person chose; a new address of their feed once."""
    runtime, session = web().runtime, desk_session()
    token = session.get(SHOWN_ONCE)
    if token is not None:
        del session[SHOWN_ONCE]
    return render_template(
        "dashboard/notifications.html",
        chosen=service.notifications_of(runtime, current_user()),
        feed=token and f"{runtime.settings.base_url}/feeds/{token}",
        sends_mail=runtime.settings.mail_server is not None,
        hours=HOURS,
        at_least=AT_LEAST,
        minutes=MINUTES,
    )


def save_notifications() -> ResponseReturnValue:
    """Keep what the person chose."""
    wishes = Wishes(
        mail=choice(MailWhen, "mail"),
        hour=number("hour"),
        at_least=number("at_least"),
        minutes=number("minutes"),
        with_text="with_text" in request.form,
        warnings="warnings" in request.form,
    )
    service.save_wishes(web().runtime, current_user(), wishes)
    return _done(gettext("Your notifications are saved."))


def make_feed() -> ResponseReturnValue:
    """Give the person's feed a new address, and have it shown."""
    # Kept on the server for the next page, and no longer: who reloads it makes no other address.
    desk_session()[SHOWN_ONCE] = service.make_feed(web().runtime, current_user())
    return redirect(url_for("dashboard.notifications"), 303)


def end_feed() -> ResponseReturnValue:
    """Let the feed of the person answer no more."""
    service.end_feed(web().runtime, current_user())
    return _done(gettext("The feed is ended; its address answers no more."))


def ask_to_stop(token: str) -> ResponseReturnValue:
    """Ask whether to stop mails: the link in them decides nothing by itself."""
    kind, _ = service.check_stop_token(web().runtime.settings, token)
    return render_template("dashboard/stop_mail.html", kind=kind, token=token)


def _done(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("dashboard.notifications"), 303)
