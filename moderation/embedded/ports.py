"""Ports: whether one can be had."""

import errno
import socket

from moderation.embedded.errors import CannotStart

MAX_PORT = 65535
LOOPBACK = "127.0.0.1"


def check_web_port(host: str, port: int) -> None:
    """Raise CannotStart if the dashboard could not listen there."""
    try:
        _try(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = 8081 if port == MAX_PORT else port + 1
            raise CannotStart(
                f"Port {port} of {host} is taken by another program. "
                f"Stop that one, or choose another port: COPYDESK_PORT={other} make run"
            ) from None
        raise CannotStart(f"Nobody can listen on {host}, port {port}: {error.strerror}.") from None


def is_free(port: int) -> bool:
    """Say whether nobody listens on this port of the loopback address."""
    try:
        _try(LOOPBACK, port)
    except OSError:
        return False
    return True


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    return _try(LOOPBACK, 0)


def _try(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        # As servers do: connections of the last run that linger do not count.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((host, port))
        bound: int = trial.getsockname()[1]
        return bound
