"""The OpenAPI document is true: whatever it allows is answered as it says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import Phase, given
from schemathesis import BaseSchema, Case, CheckFunction, GenerationMode, Response
from schemathesis.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from moderation.model.keys import KeyScope
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.api_keys import add_key
from tests.applications import application
from tests.factories import flagged_comment, make_agora
from tests.stateful import profile

OPERATIONS = (
    ("POST", "/v1/comments"),
    ("POST", "/v1/comments/batch"),
    ("GET", "/v1/comments"),
    ("GET", "/v1/comments/{comment_id}"),
    ("DELETE", "/v1/comments/{comment_id}"),
    ("POST", "/v1/comments/{comment_id}/reports"),
    ("GET", "/v1/comments/{comment_id}/reports"),
    ("POST", "/v1/comments/reports"),
    ("POST", "/v1/comments/{comment_id}/appeals"),
    ("GET", "/v1/comments/{comment_id}/appeals"),
    ("POST", "/v1/comments/appeals"),
    ("GET", "/v1/decisions"),
    *(
        (method, f"/v1/{of}/standing")
        for of in ("authors", "threads")
        for method in ("GET", "PUT", "DELETE")
    ),
    ("GET", "/v1/policy"),
    ("PUT", "/v1/policy"),
    ("GET", "/v1/policy/versions"),
    ("GET", "/v1/policy/versions/{version}"),
    ("POST", "/v1/policy/simulations"),
    ("POST", "/v1/policy/rollbacks"),
)

LABELS = "|".join(Label)
BEYOND_JSON_SCHEMA = re.compile(
    rf".*/(created_at|edited_at|ends_at|ip|metadata|classifier|reason|thresholds/({LABELS})"
    r"|overrides(/\d+)?|word_lists(/\d+(/name)?)?)"
)
"""Moments from 1970 to 2200, or that lie ahead, addresses, the size of an object in bytes, names of
classifiers, blanks, which of two numbers is greater, and names that come twice."""


@pytest.fixture
def contract(held_runtime: Runtime) -> Iterator[BaseSchema]:
    """Yield the document, with an application behind it; SQLite alone will do here."""
    flagged_comment(held_runtime, make_agora(held_runtime).site_id)
    with application(held_runtime) as app:
        yield schemathesis.openapi.from_wsgi("/v1/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_an_operation_keeps_its_contract(
    held_runtime: Runtime, contract: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    scope = KeyScope.POLICY if path.startswith("/v1/policy") else KeyScope.COMMENTS
    headers = {"Authorization": f"Bearer {add_key(held_runtime, 'agora', 'tests', scope)}"}

    @profile(40, phases=[Phase.generate])
    @given(case=contract[path][method].as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        response = case.call(headers=headers)
        case.validate_response(response, excluded_checks=list(excused(path, response)))

    check()


def excused(path: str, response: Response) -> Iterator[CheckFunction]:
    """Yield the checks that say nothing about this answer."""
    # It tries wrong keys, but the right one above goes over them.
    yield ignored_auth
    if path.endswith("/batch"):
        # A batch is accepted although comments in it are refused, each with its problem.
        yield negative_data_rejection
    if response.status_code == 422 and is_no_matter_of_schema(response.json()):
        yield positive_data_acceptance


def is_no_matter_of_schema(problem: dict[str, Any]) -> bool:
    """Say whether a refusal is one that JSON Schema has no words for."""
    pointers = [error["pointer"] for error in problem.get("errors", [])]
    return problem["code"] == "idempotency-mismatch" or (
        bool(pointers) and all(BEYOND_JSON_SCHEMA.fullmatch(pointer) for pointer in pointers)
    )


def test_every_operation_is_tried(contract: BaseSchema) -> None:
    found = {(o.ok().method.upper(), o.ok().path) for o in contract.get_all_operations()}
    assert found == set(OPERATIONS)
