"""Reading requests: bytes in, a checked message out, or what Google's front end says of them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import request
from pydantic import ValidationError
from pydantic.alias_generators import to_pascal, to_snake
from pydantic_core import ErrorDetails, from_json

from api.bodies import read_bytes
from api.compat.perspective.errors import PACKAGE, Refusal, Violation, harmless, unusable
from api.compat.perspective.messages import Message

AnyMessage = TypeVar("AnyMessage", bound=Message)

MAPS = {"requested_attributes", "attribute_scores"}
"""Fields whose keys are the caller's; Google counts their entries instead of naming them."""

MOST_VIOLATIONS = 20
MOST_OF_A_PATH = 200

_PAYLOAD = "Invalid JSON payload received."
_TYPES = {"string": "TYPE_STRING", "bool": "TYPE_BOOL", "float": "TYPE_FLOAT", "int": "TYPE_INT32"}


def read_message(kind: type[AnyMessage]) -> AnyMessage:
    """Return the request's body. Raises Refusal, RequestEntityTooLarge.

    The parser also refuses deep nesting and lone surrogates. No body is an empty message, and the
    media type is not looked at, as there.
    """
    body = _parse(read_bytes() or b"{}")
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        raise unusable([_violation(kind, body, one) for one in details[:MOST_VIOLATIONS]]) from None


def _parse(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        parsed = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise payload_error(f"{_PAYLOAD} Unexpected token.") from None
    if not isinstance(parsed, dict):
        raise payload_error(f'{_PAYLOAD} Unknown name "": Root element must be a message.')
    return parsed


def payload_error(description: str) -> Refusal:
    """Return what is wrong with a payload as a whole."""
    return unusable([Violation("", description)])


def payload_too_large() -> Refusal:
    """Return the answer to a body that is larger than any request has to be."""
    limit = request.max_content_length
    return Refusal(400, f"Request payload size exceeds the limit: {limit} bytes.")


def _violation(kind: type[Message], body: object, found: ErrorDetails) -> Violation:
    """Say what is wrong, and never what was sent: it may be somebody's comment."""
    *before, last = found["loc"]
    parent = _path(before, body)
    name = f'"{harmless(str(last))}"'
    where = f" at '{parent}'" if parent else ""
    if found["type"] == "extra_forbidden":
        return Violation(parent, f"{_PAYLOAD} Unknown name {name}{where}: Cannot find field.")
    if isinstance(found["input"], list) and found["type"] != "list_type":
        complaint = "Proto field is not repeating, cannot start list."
        return Violation(parent, f"{_PAYLOAD} Unknown name {name}{where}: {complaint}")
    path = _path(found["loc"], body)
    return Violation(path, f"Invalid value at '{path}' ({_type(kind, found)})")


def _type(kind: type[Message], found: ErrorDetails) -> str:
    """Return the name of the type that a field has."""
    wanted = found["type"].partition("_")[0]
    if wanted == "model":
        return f"{PACKAGE}.{found['ctx']['class_name']}"
    if wanted == "dict":
        return f"{PACKAGE}.{kind.__name__}.{to_pascal(to_snake(str(found['loc'][-1])))}Entry"
    return _TYPES.get(wanted, "TYPE_ENUM" if wanted == "literal" else "TYPE_MESSAGE")


def _path(location: Sequence[int | str], body: Any) -> str:  # noqa: ANN401 - any JSON
    """Return a place as Google writes it: `requested_attributes[0].value.score_type`."""
    words, map_before = "", False
    for part in location:
        entries = list(body) if isinstance(body, dict) else []
        if isinstance(part, int):
            words += f"[{part}]"
        elif map_before:
            words += f"[{entries.index(part) if part in entries else 0}].value"
        else:
            words += f"{'.' if words else ''}{to_snake(part)}"
        map_before = not map_before and isinstance(part, str) and to_snake(part) in MAPS
        body = _below(body, part)
    return words[:MOST_OF_A_PATH]


def _below(body: Any, part: int | str) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(body, dict):
        return body.get(part)
    if isinstance(body, list) and isinstance(part, int):
        return body[part]
    return None
