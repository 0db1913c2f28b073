"""The OpenAPI 3.1 document, made from the operations."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api.v1.operation import Header, Operation, Success
from api.v1.problem_document import ProblemDocument

REF = "#/components/schemas/{model}"

INTRODUCTION = """\
Send comments, and learn what to do with them. Each comment has a `display`: `show`, `hold` or
`hide`. Webhooks and the list of decisions tell when it changes. Problems are documents of the type
`application/problem+json` (RFC 9457)."""

PROBLEM_DESCRIPTIONS = {
    400: "The body is not JSON.",
    401: "There is no valid API key.",
    403: "The API key is for something else.",
    404: "The site has no such thing.",
    409: "It does not fit what is held, or the same request is under way; `code` says which.",
    410: "The comment was withdrawn.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    422: "Some fields cannot be used; `errors` points at them.",
    429: "Too many requests with wrong keys came from this address, or reports of one reader.",
    500: "Something went wrong here.",
    503: "The database does not answer. Nothing was stored.",
}
ALWAYS = (401, 403, 422, 429, 500, 503)
WITH_BODY = (400, 413, 415)

_RETRY_AFTER = {"Retry-After": Header("Seconds to wait.", {"type": "integer"})}
_PATH_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
}
_PATH_PARAMETER = re.compile(r"<(?P<kind>\w+):(?P<name>\w+)>")


def make_document(operations: Sequence[Operation], prefix: str, version: str) -> dict[str, Any]:
    """Return the OpenAPI document of these operations."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = prefix + _PATH_PARAMETER.sub(r"{\g<name>}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Copydesk", "version": version, "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}],
    }


def statuses_of_problems(operation: Operation) -> list[int]:
    """Return the statuses of all problems that an operation may answer."""
    return sorted({*ALWAYS, *(WITH_BODY if operation.body else ()), *operation.problems})


def _describe(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.view.__name__,
        "summary": operation.summary,
        "description": (operation.view.__doc__ or "").strip(),
        "parameters": list(_parameters(operation)),
        "responses": {
            **{str(code): _success(answer) for code, answer in operation.successes.items()},
            **{str(code): _problem(code) for code in statuses_of_problems(operation)},
        },
    }
    if operation.body:
        content = {"application/json": {"schema": _reference(operation.body)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for found in _PATH_PARAMETER.finditer(operation.path):
        schema = _PATH_SCHEMAS[found["kind"]]
        yield {"name": found["name"], "in": "path", "required": True, "schema": dict(schema)}
    if operation.query:
        described = operation.query.model_json_schema()
        required = described.get("required", [])
        for name, schema in described["properties"].items():
            yield {"name": name, "in": "query", "required": name in required, "schema": schema}
    for name, header in operation.headers.items():
        yield {"name": name, "in": "header", "required": False, **_header(header)}


def _success(answer: Success) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.description}
    if answer.body:
        described["content"] = {"application/json": {"schema": _reference(answer.body)}}
    if answer.headers:
        described["headers"] = _headers(answer.headers)
    return described


def _problem(status: int) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": PROBLEM_DESCRIPTIONS[status],
        "content": {"application/problem+json": {"schema": _reference(ProblemDocument)}},
    }
    if status in {429, 503}:
        described["headers"] = _headers(_RETRY_AFTER)
    return described


def _headers(headers: Mapping[str, Header]) -> dict[str, Any]:
    return {name: _header(header) for name, header in headers.items()}


def _header(header: Header) -> dict[str, Any]:
    return {"description": header.description, "schema": dict(header.schema)}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return every model that is read or answered, and those within them."""
    models: dict[type[BaseModel], JsonSchemaMode] = {ProblemDocument: "serialization"}
    for operation in operations:
        if operation.body:
            models[operation.body] = "validation"
        models |= {a.body: "serialization" for a in operation.successes.values() if a.body}
    _, definitions = models_json_schema(list(models.items()), ref_template=REF)
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas
