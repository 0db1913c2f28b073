"""Redis over TLS: each of our two clients asks for a certificate that somebody vouches for."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from kombu.exceptions import OperationalError

from moderation.broker import Broker, Task
from tests.certificates import make_certificate
from tests.tls_front import Front, tls_front


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"), "localhost")


@pytest.fixture
def front(valkey_url: str, certificate: Path) -> Iterator[Front]:
    with tls_front(urlsplit(valkey_url).port or 0, certificate) as made:
        yield made


def call(broker: Broker) -> None:
    """Send a call as Celery does, through whatever connection its application makes."""
    broker.celery.send_task(Task.TIDY.value)


def ask(broker: Broker) -> None:
    """Ask as everything of ours does that is no call."""
    broker.waiting_calls(Task.TIDY)


@pytest.fixture(params=[call, ask])
def use(request: pytest.FixtureRequest) -> Callable[[str], None]:
    def used(url: str) -> None:
        broker = Broker(url)
        try:
            request.param(broker)
        finally:
            broker.close()

    return used


def refused(use: Callable[[str], None], url: str) -> str:
    """Return why no connection came about."""
    with pytest.raises((redis.ConnectionError, OperationalError, ssl.SSLError)) as error:
        use(url)
    return str(error.value)


def test_a_redis_that_nobody_vouches_for_is_told_nothing(
    front: Front, use: Callable[[str], None]
) -> None:
    why = refused(use, f"rediss://:secret@localhost:{front.port}/0")
    assert "CERTIFICATE_VERIFY_FAILED" in why
    assert front.told == 0


def test_an_authority_of_ones_own_may_be_named(
    front: Front, certificate: Path, use: Callable[[str], None]
) -> None:
    use(f"rediss://localhost:{front.port}/0?ssl_ca_certs={certificate}")
    assert front.told > 0


def test_a_certificate_must_be_for_the_name_that_was_asked_for(
    front: Front, certificate: Path, use: Callable[[str], None]
) -> None:
    why = refused(use, f"rediss://127.0.0.1:{front.port}/0?ssl_ca_certs={certificate}")
    assert "CERTIFICATE_VERIFY_FAILED" in why
    assert front.told == 0


def test_who_says_so_asks_for_no_certificate(front: Front, use: Callable[[str], None]) -> None:
    use(f"rediss://127.0.0.1:{front.port}/0?ssl_cert_reqs=none")
    assert front.told > 0
