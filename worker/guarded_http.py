"""One POST to a place that somebody else chose.

No redirect is followed, no proxy of the environment is used, no connection is kept.
"""

import contextlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpcore2

from moderation.model.addresses import AddressGuard, Destination
from worker.guarded_network import Deadline, Failure, GuardedBackend, PostFailed, Transport


@dataclass(frozen=True, slots=True)
class Answer:
    """What matters of an HTTP answer; the body only where it came whole."""

    status: int
    retry_after: str | None
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Post:
    """What to send, and where to; headers carry keys and bodies texts, so neither is shown."""

    destination: Destination
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def post(request: Post, guard: AddressGuard, transport: Transport) -> Answer:
    """Send one POST and return the answer, whatever its status. Raises PostFailed."""
    backend = GuardedBackend(guard, transport, Deadline(transport.seconds))
    try:
        return _exchange(request, backend, transport.tls)
    except httpcore2.TimeoutException as error:
        raise PostFailed(Failure.LATE) from error
    except httpcore2.NetworkError as error:
        raise PostFailed(Failure.LOST) from error
    except httpcore2.ProtocolError as error:
        raise PostFailed(Failure.GARBLED) from error


def _exchange(request: Post, backend: GuardedBackend, tls: ssl.SSLContext) -> Answer:
    place = request.destination
    url = httpcore2.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
    own = {"host": place.host_header, "connection": "close"}
    headers = [*own.items(), *request.headers.items()]
    with (
        httpcore2.HTTPConnection(url.origin, tls, network_backend=backend) as connection,
        connection.stream("POST", url, headers=headers, content=request.body) as response,
    ):
        body = _drain(response)
        return Answer(response.status, _header(response, b"retry-after"), body)


def _drain(response: httpcore2.Response) -> bytes | None:
    # To webhooks the status says it all; the rest is read all the same, so that a well-behaved
    # receiver sees an orderly end.
    with contextlib.suppress(
        PostFailed, httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError
    ):
        return b"".join(response.iter_stream())
    return None


def _header(response: httpcore2.Response, name: bytes) -> str | None:
    values = (value for key, value in response.headers if key.lower() == name)
    value = next(values, None)
    return None if value is None else value.decode("latin-1")
