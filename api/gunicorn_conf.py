"""How gunicorn serves the web: `gunicorn -c python:api.gunicorn_conf 'api.app:from_environment()'`.

One process of many threads: they share the group commit of intake, which SQLite needs, and the
counts of wrong keys. On PostgreSQL, start several such processes on several ports or machines.
"""

from typing import Any

from api.web import EXTENSION
from moderation.settings import read_settings
from moderation.telemetry import without_requests

_settings = read_settings()

bind = f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
workers = 1
threads = _settings.web_threads

# A process that hangs is replaced; waiting requests (10 s at most) do not count as hanging,
# since each thread has its own.
timeout = 60
graceful_timeout = 20
keepalive = 5

# Only ProxyFix, with COPYDESK_TRUSTED_PROXIES, decides whose X-Forwarded headers count.
forwarded_allow_ips = ""

# Nobody steers the server through a socket, and it would be one per home directory.
control_socket_disable = True


def on_starting(server: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Keep what a request holds out of the server's own log."""
    server.log.error_log.addFilter(without_requests)


def worker_exit(_server: Any, worker: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Finish what the background threads have in hand."""
    if worker.wsgi is not None:
        worker.wsgi.extensions[EXTENSION].close()
