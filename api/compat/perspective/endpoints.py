"""The addresses of Perspective, outside /v1 and with an authentication and errors of their own."""

import structlog
from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from api import error_handlers
from api.compat.perspective import discovery
from api.compat.perspective.access import Quota, guard
from api.compat.perspective.analyze import analyze
from api.compat.perspective.errors import Refusal, internal, not_found, unavailable
from api.compat.perspective.parameters import respond_with_error
from api.compat.perspective.parsing import payload_too_large
from api.compat.perspective.suggest_score import suggest_score
from api.gate import Gate
from moderation.model.errors import Transient
from moderation.settings import Settings

log = structlog.get_logger()

PREFIX = "/v1alpha1"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def register(app: Flask, settings: Settings, gate: Gate) -> None:
    """Serve the methods, and the document that describes them, which is open to all."""
    methods = Blueprint("perspective", __name__, url_prefix=PREFIX)
    guard(methods, gate, Quota(settings.perspective_quota))
    methods.add_url_rule("/comments:analyze", view_func=analyze, methods=["POST"])
    methods.add_url_rule("/comments:suggestscore", view_func=suggest_score, methods=["POST"])
    # Google does not tell a wrong method of HTTP from a wrong address.
    methods.add_url_rule("/<path:_anything>", view_func=nothing, methods=METHODS)
    described = Blueprint("perspective_discovery", __name__)
    described.add_url_rule("/$discovery/rest", view_func=discovery.describe)
    for blueprint in (methods, described):
        blueprint.register_error_handler(Refusal, respond_with_error)
        blueprint.register_error_handler(Transient, _tell_unavailable)
        blueprint.register_error_handler(HTTPException, _tell_http)
        blueprint.register_error_handler(Exception, _tell_unknown)
        app.register_blueprint(blueprint)


def nothing(_anything: str) -> Response:
    """Answer what is asked of an address that Perspective does not have."""
    raise not_found()


def _tell_unavailable(error: Transient) -> Response:
    log.warning("perspective_unavailable", route=error_handlers.route(), exc_info=error)
    response = respond_with_error(unavailable())
    response.headers["Retry-After"] = "1"
    return response


def _tell_http(error: HTTPException) -> Response:
    if isinstance(error, RequestEntityTooLarge):
        return respond_with_error(payload_too_large())
    return respond_with_error(not_found())


def _tell_unknown(error: Exception) -> Response:
    """Say no word of an unknown error: its text may hold anything."""
    log.error("request_broke", route=error_handlers.route(), exc_info=error)
    return respond_with_error(internal())
