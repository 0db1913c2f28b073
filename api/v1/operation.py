"""What the OpenAPI document says of an endpoint, written beside its view."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from api.bodies import MAX_BYTES
from moderation.model.keys import KeyScope

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a request or of an answer."""

    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, slots=True)
class Success:
    """One way in which an endpoint answers when all went well."""

    description: str
    body: type[BaseModel] | None = None
    headers: Mapping[str, Header] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path: `view` serves it, the rest describes it."""

    method: str
    path: str
    view: View
    summary: str
    successes: Mapping[int, Success]
    problems: Sequence[int] = ()
    """Statuses besides those that every endpoint with its traits may answer."""
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    headers: Mapping[str, Header] = field(default_factory=dict)
    scope: KeyScope = KeyScope.COMMENTS
    """Which keys open it."""
    most_bytes: int = MAX_BYTES
    """How large its body may be."""
