"""The address that Coral asks: whatever goes wrong, it is told to hold the comment.

Also after a wrong signature: where it gets an error Coral publishes, and a secret that was rolled
there and not here would let all comments through unseen.
"""

import structlog
from flask import Blueprint, Flask, Response
from werkzeug.exceptions import RequestEntityTooLarge

from api import error_handlers
from api.compat.coral import deadlines
from api.compat.coral.answers import premoderate
from api.compat.coral.moderate import moderate
from api.compat.coral.refusal import Refusal
from moderation.model.errors import ModerationError
from moderation.settings import Settings

log = structlog.get_logger()

PREFIX = "/coral"


def register(app: Flask, settings: Settings) -> None:
    """Serve one address for each site."""
    deadlines.register(app, settings.web_threads)
    blueprint = Blueprint("coral", __name__, url_prefix=PREFIX)
    # A path, so that an address with a stroke too many is no error, after which Coral publishes.
    blueprint.add_url_rule("/<path:name>", view_func=moderate, methods=["POST"])
    blueprint.register_error_handler(Refusal, _hold_refused)
    blueprint.register_error_handler(ModerationError, _hold_failed)
    blueprint.register_error_handler(RequestEntityTooLarge, _hold_too_large)
    blueprint.register_error_handler(Exception, _hold_broken)
    app.register_blueprint(blueprint)


def _hold_refused(refusal: Refusal) -> Response:
    return _hold(refusal.reason)


def _hold_too_large(_error: RequestEntityTooLarge) -> Response:
    return _hold("too-long")


def _hold_failed(error: ModerationError) -> Response:
    return _hold(error.code)


def _hold_broken(error: Exception) -> Response:
    """Say no word of an unknown error: its text may hold anything."""
    log.error("request_broke", route=error_handlers.route(), exc_info=error)
    return premoderate("error")


def _hold(reason: str) -> Response:
    log.warning("coral_not_judged", reason=reason)
    return premoderate(reason)
