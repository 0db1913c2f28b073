"""The reference for programmers: /v1/openapi.json for programs, /v1/docs to read. Open to all."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response, json, render_template

from api.problems import HTTP_KINDS, KINDS, Kind
from api.v1.endpoints import OPERATIONS, PREFIX
from api.v1.openapi import make_document

API_VERSION = "1.0.0"


def register(app: Flask) -> None:
    """Serve the document and the page made from it."""
    blueprint = Blueprint(
        "v1_reference",
        __name__,
        url_prefix=PREFIX,
        template_folder="templates",
        static_folder="static",
    )
    document = make_document(OPERATIONS, PREFIX, API_VERSION)

    def openapi() -> Response:
        return Response(json.dumps(document), content_type="application/json")

    def docs() -> str:
        return render_template("v1/docs.html", document=document, kinds=_kinds(), words=words)

    blueprint.add_url_rule("/openapi.json", view_func=openapi)
    blueprint.add_url_rule("/docs", view_func=docs)
    app.register_blueprint(blueprint)


def words(schema: Mapping[str, Any]) -> str:
    """Say in words what a JSON schema allows, for a table cell."""
    if "anyOf" in schema:
        return " or ".join(words(option) for option in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return ", ".join((_type(schema), *_limits(schema)))


def _type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {words(schema['items'])}"
    kind = schema.get("type", "any")
    return str(schema.get("format") or (kind if isinstance(kind, str) else " | ".join(kind)))


def _limits(schema: Mapping[str, Any]) -> list[str]:
    names = {
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "minItems": "at least {}",
        "maxItems": "at most {}",
        "maxProperties": "at most {} members",
        "minimum": "from {}",
        "maximum": "to {}",
    }
    return [text.format(schema[name]) for name, text in names.items() if name in schema]


def _kinds() -> dict[str, Kind]:
    """Return every kind of problem by its code."""
    known = {code: kind for code, _, kind in HTTP_KINDS.values()}
    return dict(sorted({**known, **{error.code: kind for error, kind in KINDS.items()}}.items()))
