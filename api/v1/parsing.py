"""Reading requests: bytes in, a checked value out, or errors that point at the place."""

from collections.abc import Sequence
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.bodies import read_bytes
from api.v1.field_types import PATTERNS_IN_WORDS
from moderation.model.errors import FieldError, InvalidInput
from moderation.model.pointers import pointer_to

Model = TypeVar("Model", bound=BaseModel)

MAX_ERRORS = 20
MAX_POINTER_LENGTH = 200


def read_json() -> object:
    """Return the request's body, parsed.

    Raises UnsupportedMediaType, RequestEntityTooLarge, and BadRequest for what is no JSON: this
    parser also refuses deep nesting, lone surrogates and numbers such as NaN.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        return from_json(read_bytes(), allow_inf_nan=False)
    except ValueError as error:
        raise BadRequest(f"The body is not valid JSON: {error}.") from None


def read_body(model: type[Model]) -> Model:
    """Return the request's JSON body as a value. Raises InvalidInput besides read_json's errors."""
    return check(model, read_json())


def read_query(model: type[Model]) -> Model:
    """Return the request's query parameters as a value.

    Raises InvalidInput, also for unknown and repeated ones.
    """
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        errors = tuple(FieldError(_pointer([name]), "give it once") for name in repeated)
        raise InvalidInput("A query parameter is repeated.", errors)
    return check(model, request.args.to_dict())


def check(model: type[Model], value: object) -> Model:
    """Return parsed input as a value. Raises InvalidInput with a pointer to each wrong place."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise InvalidInput("Some fields cannot be used.", field_errors(error)) from None


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """Return where and why validation failed, without what was sent."""
    details = error.errors(include_url=False, include_input=False)
    return tuple(FieldError(_pointer(d["loc"]), _words(d)) for d in details[:MAX_ERRORS])


def _pointer(location: Sequence[int | str]) -> str:
    """Return a JSON Pointer (RFC 6901); a name that cannot be used is pointed at like its value."""
    if location and location[-1] == "[key]":
        location = location[:-1]
    return pointer_to(location)[:MAX_POINTER_LENGTH]


def _words(details: ErrorDetails) -> str:
    pattern = details.get("ctx", {}).get("pattern")
    if pattern in PATTERNS_IN_WORDS:
        return PATTERNS_IN_WORDS[pattern]
    return _IN_WORDS.get(details["type"], details["msg"]).removeprefix("Value error, ")


_IN_WORDS = {
    "missing": "this field is required",
    "extra_forbidden": "there is no such field",
    "timezone_aware": "it needs its time zone: Z, or an offset such as +02:00",
}
