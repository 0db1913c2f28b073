"""The web application: the only place where all blueprints meet."""

from types import TracebackType

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from api import dashboard, error_handlers, headers, health, notifications
from api.bodies import MAX_BYTES
from api.compat import asking
from api.compat.coral import endpoints as coral
from api.compat.perspective import endpoints as perspective
from api.gate import Gate
from api.v1 import endpoints, reference
from api.web import EXTENSION, make_web
from moderation.runtime import Runtime, make_runtime
from moderation.settings import Settings, read_settings
from moderation.telemetry import configure_logs

log = structlog.get_logger()

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class _Application(Flask):
    """Flask, but for what it writes into the log by itself."""

    def log_exception(self, exc_info: ExceptionInfo) -> None:
        """Note an error that no view raised, without the address that Flask would quote."""
        log.error("answer_failed", route=error_handlers.route(), exc_info=exc_info)


def create_app(runtime: Runtime) -> Flask:
    """Return the web application; nothing connects until the first request."""
    settings = runtime.settings
    app = _Application(__name__, static_folder=None)
    _configure(app, settings)
    app.extensions[EXTENSION] = make_web(runtime)
    headers.register(app, https=settings.base_url.startswith("https://"))
    error_handlers.register(app)
    health.register(app)
    gate = Gate(limited=settings.rate_limits)
    endpoints.register(app, settings, gate)
    asking.register(app, settings.web_threads)
    perspective.register(app, settings, gate)
    coral.register(app, settings)
    reference.register(app)
    notifications.register(app, settings)
    dashboard.register(app)
    return app


def from_environment() -> Flask:
    """Return the application for gunicorn: `gunicorn 'api.app:from_environment()'`.

    Raises NotConfigured where settings are missing or wrong.
    """
    settings = read_settings()
    configure_logs(as_json=settings.log_json)
    return create_app(make_runtime(settings))


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        # What may be larger says so where it is listed: operations of the API, pages of the desk.
        MAX_CONTENT_LENGTH=MAX_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BYTES,
        MAX_FORM_PARTS=100,
    )
    hops = settings.trusted_proxies
    if hops:
        # Whoever is not behind our own proxy may write into these headers what they like.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0
        )
