"""The addresses that work without signing in: whoever knows the token in them may use them."""

from functools import partial

from flask import Blueprint, Flask
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from api.notifications.feed import feed
from api.notifications.stop import stop_mail
from api.visitors import visitor_network
from moderation.settings import Settings

A_MINUTE = 60
"""Requests from one address: a newsroom behind one asks once a minute for each of its feeds."""
_LIMIT = RateLimitItemPerMinute(A_MINUTE)


def register(app: Flask, settings: Settings) -> None:
    """Serve the feeds, and take the clicks by which mail programs unsubscribe."""
    blueprint = Blueprint("notifications", __name__)
    blueprint.add_url_rule("/feeds/<token>", view_func=feed)
    # Without a token against forged requests: that in the address is all that mail programs know.
    blueprint.add_url_rule("/stop-mail/<token>", view_func=stop_mail, methods=["POST"])
    if settings.rate_limits:
        limiter = FixedWindowRateLimiter(MemoryStorage())
        blueprint.before_request(partial(_slow_down, limiter))
    app.register_blueprint(blueprint)


def _slow_down(limiter: FixedWindowRateLimiter) -> None:
    if not limiter.hit(_LIMIT, visitor_network()):
        raise TooManyRequests("Too many requests came from your address.", retry_after=60)
