"""Who may use the public API."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from api.gate import FAILURES_A_MINUTE
from api.v1.endpoints import OPERATIONS
from api.v1.openapi import statuses_of_problems
from api.v1.operation import Operation
from moderation.model.errors import NotFound, Unauthenticated
from moderation.model.keys import KeyScope
from moderation.runtime import Runtime, make_runtime, open_runtime
from moderation.services import api_keys
from moderation.services.api_keys import (
    KNOWN_SECONDS,
    add_key,
    authenticate,
    disable_key,
    list_keys,
)
from moderation.services.sites import disable_site, enable_site
from moderation.storage.keys import keys
from tests.applications import application
from tests.factories import Agora
from tests.installation import wait_until
from tests.integration.api.conftest import client_with_key

UUID = "01a209dd-e6cc-7c60-8f91-95da1364376a"
PATH = "/v1/comments?external_id=none"


def wrong(key: str) -> str:
    """Return a key with the same prefix and another secret."""
    return key[:-1] + ("0" if key[-1] != "0" else "1")


def path_of(operation: Operation) -> str:
    path = re.sub(r"<uuid:[^>]+>", UUID, operation.path)
    return f"/v1{path.replace('<int:version>', '1')}"


def used_at(runtime: Runtime) -> object:
    (key,) = list_keys(runtime, "agora")
    return key.used_at


def test_a_key_opens_its_own_site(runtime: Runtime, agora: Agora) -> None:
    key = add_key(runtime, "agora", "shop")
    assert re.fullmatch(r"cd_[0-9a-f]{8}_[0-9a-f]{40}", key)
    found = authenticate(runtime, f"Bearer {key}")
    assert (found.site_id, found.site_name) == (agora.site_id, "agora")
    assert authenticate(runtime, f"bearer  {key}") == found


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer cd_00000000_" + "0" * 40,
        "Bearer \u00e9",
    ],
)
def test_what_is_no_key_opens_nothing(client: FlaskClient, header: str | None) -> None:
    client.environ_base.pop("HTTP_AUTHORIZATION")
    answer = client.get(PATH, headers={"Authorization": header} if header is not None else {})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_secret_opens_nothing(runtime: Runtime, agora: Agora) -> None:
    del agora
    key = add_key(runtime, "agora", "shop")
    for other in (wrong(key), key[:-1], key + "0", key.upper(), f"{key} {key}", f"{key}\n"):
        with pytest.raises(Unauthenticated):
            authenticate(runtime, f"Bearer {other}")
    assert used_at(runtime) is None


def test_a_disabled_key_stops_at_once_and_another_goes_on(
    app: Flask, runtime: Runtime, agora: Agora
) -> None:
    del agora
    old, new = add_key(runtime, "agora", "old"), add_key(runtime, "agora", "new")
    disable_key(runtime, "agora", old.split("_")[1])
    assert client_with_key(app, old).get(PATH).status_code == 401
    assert client_with_key(app, new).get(PATH).status_code == 404
    first, second = list_keys(runtime, "agora")
    assert (first.name, first.disabled_at is None) == ("old", False)
    assert (second.name, second.disabled_at) == ("new", None)


def test_a_key_opens_what_it_is_for_and_nothing_else(
    app: Flask, runtime: Runtime, agora: Agora
) -> None:
    del agora
    keys_of = {scope: add_key(runtime, "agora", scope, scope) for scope in KeyScope}
    assert [key.scope for key in list_keys(runtime, "agora")] == list(KeyScope)
    for operation in OPERATIONS:
        path = path_of(operation)
        for scope, key in keys_of.items():
            answer = client_with_key(app, key).open(path, method=operation.method)
            refused = answer.status_code == 403
            assert refused == (scope is not operation.scope), (path, scope, answer.status)
            assert not refused or answer.json["code"] == "out-of-scope"


def test_a_query_parameter_that_nothing_reads_is_refused(
    app: Flask, runtime: Runtime, agora: Agora
) -> None:
    del agora
    keys_of = {scope: add_key(runtime, "agora", scope, scope) for scope in KeyScope}
    for operation in OPERATIONS:
        client, path = client_with_key(app, keys_of[operation.scope]), path_of(operation)
        answer = client.open(path, method=operation.method, query_string="wait=5")
        assert (answer.status_code, answer.json["code"]) == (422, "invalid-input"), path
        wrong = {"pointer": "/wait", "detail": "there is no such field"}
        assert wrong in answer.json["errors"], path
        twice = client.open(path, method=operation.method, query_string="wait=5&wait=5")
        assert twice.json["errors"] == [{"pointer": "/wait", "detail": "give it once"}], path
        assert 422 in statuses_of_problems(operation), path


def test_a_comment_is_not_accepted_beside_a_parameter_that_nothing_reads(
    client: FlaskClient,
) -> None:
    comment = {"external_id": "c1", "text": "Good morning."}
    assert client.post("/v1/comments?wait=5", json=comment).status_code == 422
    assert client.get("/v1/comments?external_id=c1").status_code == 404


def test_a_key_is_for_comments_unless_it_was_made_for_something_else(
    client: FlaskClient, runtime: Runtime
) -> None:
    [key] = list_keys(runtime, "agora")
    assert key.scope is KeyScope.COMMENTS
    refused = client.get("/v1/policy")
    assert "This key is for comments, not for policy." in refused.json["detail"]
    assert client.put("/v1/policy", data=b"{").status_code == 403


def test_only_its_own_site_can_disable_a_key(runtime: Runtime, agora: Agora) -> None:
    del agora
    prefix = add_key(runtime, "agora", "shop").split("_")[1]
    for site in ("boule", "none"):
        with pytest.raises(NotFound):
            disable_key(runtime, site, prefix)
    disable_key(runtime, "agora", f"cd_{prefix}")
    with pytest.raises(NotFound):
        disable_key(runtime, "agora", prefix)


def test_a_disabled_site_has_no_valid_keys(client: FlaskClient, runtime: Runtime) -> None:
    disable_site(runtime, "agora")
    assert client.get(PATH).status_code == 401
    enable_site(runtime, "agora")
    assert client.get(PATH).status_code == 404


def test_a_key_in_use_that_is_switched_off_stops_within_a_second(
    client: FlaskClient, runtime: Runtime
) -> None:
    assert client.get(PATH).status_code == 404
    (key,) = list_keys(runtime, "agora")
    disable_key(runtime, "agora", key.prefix)
    wait_until(lambda: client.get(PATH).status_code == 401, KNOWN_SECONDS + 5)


def test_the_last_use_is_noted_once_a_minute(
    client: FlaskClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "KNOWN_SECONDS", 0.0)
    assert used_at(runtime) is None
    client.get(PATH)
    first = used_at(runtime)
    client.get(PATH)
    assert used_at(runtime) == first is not None
    with runtime.transaction() as connection:
        older = runtime.database_now(connection) - timedelta(seconds=61)
        connection.execute(update(keys).values(used_at=older))
    client.get(PATH)
    assert used_at(runtime) > older


def test_the_secret_is_not_in_the_database(runtime: Runtime, agora: Agora) -> None:
    del agora
    secret = add_key(runtime, "agora", "shop").split("_")[2]
    with runtime.reading() as connection:
        (row,) = connection.execute(select(keys)).all()
    assert secret not in str(row)


def test_a_key_of_another_installation_is_worth_nothing(runtime: Runtime, agora: Agora) -> None:
    del agora
    key = add_key(runtime, "agora", "shop")
    settings = runtime.settings.model_copy(
        update={"secret_key": type(runtime.settings.secret_key)("y" * 40)}
    )
    with open_runtime(settings) as other, pytest.raises(Unauthenticated):
        authenticate(other, f"Bearer {key}")


@pytest.fixture
def limited(runtime: Runtime) -> Iterator[Flask]:
    settings = runtime.settings.model_copy(update={"rate_limits": True, "trusted_proxies": 1})
    with application(make_runtime(settings)) as made:
        yield made


def test_who_tries_many_keys_is_told_to_wait_and_who_has_one_is_not(
    limited: Flask, runtime: Runtime, agora: Agora
) -> None:
    del agora
    key = add_key(runtime, "agora", "shop")
    guesser, owner = client_with_key(limited, wrong(key)), client_with_key(limited, key)
    statuses = [guesser.get(PATH).status_code for _ in range(FAILURES_A_MINUTE + 1)]
    assert statuses == [401] * FAILURES_A_MINUTE + [429]
    answer = guesser.get(PATH)
    assert (answer.json["code"], answer.headers["Retry-After"]) == ("rate-limited", "60")
    assert owner.get(PATH).status_code == 404


def test_limits_can_be_switched_off(client: FlaskClient) -> None:
    wrong_key = {"Authorization": f"Bearer cd_00000000_{'0' * 40}"}
    statuses = {
        client.get(PATH, headers=wrong_key).status_code for _ in range(FAILURES_A_MINUTE + 2)
    }
    assert statuses == {401}


def test_the_count_goes_by_the_address_that_our_own_proxy_saw(limited: Flask, agora: Agora) -> None:
    del agora
    guesser = limited.test_client()

    def status(forwarded: str) -> int:
        return guesser.get(PATH, headers={"X-Forwarded-For": forwarded}).status_code

    for n in range(FAILURES_A_MINUTE):
        assert status(f"192.0.2.{n}, 198.51.100.1") == 401
    assert status("192.0.2.200, 198.51.100.1") == 429
    assert status("198.51.100.2") == 401
    for n in range(FAILURES_A_MINUTE):
        assert status(f"2001:db8::{n}") == 401
    assert status("2001:db8::ffff") == 429


def test_without_a_proxy_the_header_counts_for_nothing(runtime: Runtime, agora: Agora) -> None:
    del agora
    settings = runtime.settings.model_copy(update={"rate_limits": True})
    with application(make_runtime(settings)) as made:
        guesser = made.test_client()
        statuses = {
            guesser.get(PATH, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
            for n in range(FAILURES_A_MINUTE + 1)
        }
    assert statuses == {401, 429}
