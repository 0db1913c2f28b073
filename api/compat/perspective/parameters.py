"""Query parameters: those that all of Google's interfaces share, and how an answer is wanted."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from api.compat.perspective.errors import Refusal, Violation, harmless, unusable
from api.compat.perspective.masks import Mask, Shape, parse_mask, select
from api.compat.perspective.parsing import payload_error

KNOWN = ("$.xgafv", "alt", "fields", "key", "prettyPrint", "quotaUser", "version")
"""`quotaUser` counts for nothing: each key has one quota. `version` is the discovery document's."""

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
JSON_TYPE = "application/json; charset=UTF-8"


def check_parameters(shape: Shape) -> Mask:
    """Return which part of an answer of this shape is wanted. Raises Refusal."""
    for name in request.args:
        if name not in KNOWN:
            said = harmless(name)
            raise payload_error(
                f'Invalid JSON payload received. Unknown name "{said}": Cannot bind query '
                f"parameter. Field '{said}' could not be found in request message."
            )
    _choose("alt", ("json",))
    _choose("$.xgafv", ("1", "2"))
    _choose("prettyPrint", tuple(_BOOLEANS))
    return parse_mask(request.args["fields"], shape) if request.args.get("fields") else {}


def respond(document: Mapping[str, Any], mask: Mask) -> Response:
    """Answer with the part of a document that is wanted."""
    return _json(select(document, mask), 200)


def respond_with_error(refusal: Refusal) -> Response:
    """Answer with an error."""
    legacy = request.args.get("$.xgafv") == "1"
    return _json(refusal.document(legacy=legacy), refusal.code)


def _json(document: object, status: int) -> Response:
    pretty = _BOOLEANS.get(request.args.get("prettyPrint", ""), True)
    layout: dict[str, Any] = {"indent": 2} if pretty else {"separators": (",", ":")}
    body = json.dumps(document, ensure_ascii=False, allow_nan=False, **layout)
    return Response(f"{body}\n" if pretty else body, status, content_type=JSON_TYPE)


def _choose(name: str, choices: tuple[str, ...]) -> None:
    given = request.args.get(name)
    if given and given not in choices:
        said = f"Invalid value for the query parameter '{name}': it is one of {', '.join(choices)}."
        raise unusable([Violation(name, said)])
