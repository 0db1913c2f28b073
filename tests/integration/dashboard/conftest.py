"""The dashboard in this process, and browsers without a screen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from html import unescape
from math import inf

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api.web import EXTENSION
from moderation.model.people import Role, User
from moderation.runtime import Runtime
from moderation.services import backlog, sign_in
from moderation.services.passwords import hash_password
from moderation.storage import users
from tests.applications import application
from tests.factories import Agora, make_user

PASSWORD = "correct horse battery staple"  # noqa: S105 - for tests
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)


class Browser:
    """A person before a browser: keeps the cookie, sends the token that the forms carry."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.token = ""

    def get(self, path: str, status: int = 200, **headers: str) -> TestResponse:
        response = self.client.get(path, headers=headers)
        assert response.status_code == status, response.status_code
        if found := _TOKEN.search(response.text):
            self.token = unescape(found[1])
        return response

    def post(self, path: str, status: int = 303, **form: object) -> TestResponse:
        response = self.client.post(path, data={"csrf_token": self.token, **form})
        assert response.status_code == status, response.status_code
        return response

    def sign_in(self, user: User, status: int = 303, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        response = self.post("/sign-in", status, email=user.email, password=password)
        if status == 303:
            self.get("/queue")
        return response

    def cookie(self) -> str:
        cookie = self.client.get_cookie("copydesk")
        assert cookie is not None
        return cookie.value


@pytest.fixture
def app(runtime: Runtime, agora: Agora) -> Iterator[Flask]:
    """Yield the application; Alice, Olga and Mallory can sign in."""
    with serving(runtime, agora) as made:
        yield made


@contextmanager
def serving(runtime: Runtime, agora: Agora) -> Iterator[Flask]:
    with runtime.transaction() as connection:
        for user in (agora.alice, agora.olga, agora.mallory):
            users.set_password_hash(connection, user.id, password_hash())
    with application(runtime) as made:
        yield made


@pytest.fixture
def backlog_is_known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no page look at the backlog again, nor note who is on: that takes statements.

    However slow the machine.
    """
    monkeypatch.setattr(backlog, "KEPT_SECONDS", inf)
    monkeypatch.setattr(sign_in, "SEEN_NOTED_EVERY", timedelta.max)
    app.extensions[EXTENSION].backlog.read()


@pytest.fixture
def alice(app: Flask, agora: Agora) -> Browser:
    browser = Browser(app)
    browser.sign_in(agora.alice)
    return browser


@pytest.fixture
def olga(app: Flask, agora: Agora) -> Browser:
    browser = Browser(app)
    browser.sign_in(agora.olga)
    return browser


@pytest.fixture
def ines(app: Flask, runtime: Runtime, agora: Agora) -> Browser:
    """Return the browser of an operator of both sites."""
    user = make_user(runtime, "Ines", Role.OPERATOR, agora.site_id, agora.other_site_id)
    with runtime.transaction() as connection:
        users.set_password_hash(connection, user.id, password_hash())
    browser = Browser(app)
    browser.sign_in(user)
    return browser


@pytest.fixture
def mallory(app: Flask, agora: Agora) -> Browser:
    browser = Browser(app)
    browser.sign_in(agora.mallory)
    return browser
