"""How gunicorn serves scores.

`gunicorn -c python:worker.scoring_conf 'worker.scoring:from_environment()'`: one process of several
threads, for the tensor library computes without holding up the others.
"""

from typing import Any
from urllib.parse import urlsplit

from moderation.telemetry import without_requests
from worker.scoring import WAITING
from worker.weights import settings

bind = urlsplit(settings().scoring_url).netloc
worker_class = "gthread"
workers = 1
# More than are admitted, so that who is refused need not wait to hear it.
threads = settings().workers * (1 + WAITING) + 4

# Loaded before the fork, so that the successor of a process that a text killed works at once.
preload_app = True

timeout = 60
graceful_timeout = 10
# The web comes with a new connection each time.
keepalive = 0

# Nobody steers the server through a socket, and it would be one per home directory.
control_socket_disable = True


def on_starting(server: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Keep what a request holds out of the server's own log."""
    server.log.error_log.addFilter(without_requests)
