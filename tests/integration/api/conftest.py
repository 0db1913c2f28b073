"""A web application in this process, over a real database and a real Valkey."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.runtime import Runtime
from moderation.services.api_keys import add_key
from tests.applications import application
from tests.factories import Agora


@pytest.fixture
def app(runtime: Runtime) -> Iterator[Flask]:
    with application(runtime) as made:
        yield made


@pytest.fixture
def client(app: Flask, runtime: Runtime, agora: Agora) -> FlaskClient:
    """Return a client that carries a key of Agora."""
    del agora
    return client_with_key(app, add_key(runtime, "agora", "tests"))


@pytest.fixture
def other_client(app: Flask, runtime: Runtime, agora: Agora) -> FlaskClient:
    """Return a client that carries a key of the other site."""
    del agora
    return client_with_key(app, add_key(runtime, "boule", "tests"))


def client_with_key(app: Flask, key: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client
