"""The web in this process, over a real database; and a real process that scores."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from classifiers import registry
from moderation.runtime import Runtime
from moderation.services.api_keys import add_key
from moderation.services.sites import add_site
from moderation.settings import Settings
from tests.applications import application
from tests.scoring import scoring, settings_for_scoring

Analyze = Callable[..., TestResponse]
PATH = "/v1alpha1/comments:analyze"


@pytest.fixture(scope="session")
def scoring_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one scoring process for all tests; its key is that of their settings."""
    settings = settings_for_scoring(tmp_path_factory.mktemp("scoring"))
    with scoring(settings):
        yield settings.scoring_url


@pytest.fixture
def settings(settings: Settings, scoring_url: str) -> Settings:
    return settings.model_copy(update={"scoring_url": scoring_url})


@pytest.fixture
def app(runtime: Runtime) -> Iterator[Flask]:
    with application(runtime) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def key(runtime: Runtime) -> str:
    """Return a key of the site Agora, which is English."""
    add_site(runtime, "agora", registry.version("compact"))
    return add_key(runtime, "agora", "tests")


@pytest.fixture
def analyze(client: FlaskClient, key: str) -> Analyze:
    """Ask for the toxicity of a text; further fields of the request by name."""

    def ask(text: str, query: str = "", **fields: object) -> TestResponse:
        body = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}} | fields
        return client.post(f"{PATH}?key={key}{query}", json=body)

    return ask
