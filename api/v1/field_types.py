"""Types of fields, with the limits that the OpenAPI document also shows."""

import re
from datetime import UTC, datetime
from ipaddress import ip_address
from math import isfinite
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema
from pydantic_core import to_json

from moderation.model.perspective import Attribute

NO_NUL = r"^[^\x00]*$"
"""PostgreSQL cannot store the character NUL, and SQLite miscounts a text that holds it."""
WEB_URL = r"^(https?://[^\x00-\x20]+)?$"
"""A page of the site, which moderators open: no `javascript:`, no `data:`."""
LANGUAGE_TAG = r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$"
"""BCP 47, roughly; not checked against the registry."""
HEX_DIGEST = r"^([0-9A-Fa-f]{32,128})?$"
CURSOR = r"^[0-9]{1,19}$"

PATTERNS_IN_WORDS = {
    NO_NUL: "it must not hold the character NUL (U+0000)",
    WEB_URL: "it must begin with http:// or https:// and hold no spaces",
    LANGUAGE_TAG: "write it as a BCP 47 tag, such as en or pt-BR",
    HEX_DIGEST: "write a digest of 32 to 128 hexadecimal digits",
    CURSOR: "take the cursor from `next` of an earlier answer",
}

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

MAX_URL_LENGTH = 2048
MAX_METADATA_BYTES = 2048
MAX_POSITION = 2**63 - 1
MAX_METADATA_INTEGER = 2**53
"""Beyond it, readers of JSON disagree on the value."""

_TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)


def _check_timestamp(value: object) -> object:
    # Pydantic would also take numbers, and guess whether they are seconds or milliseconds.
    if not isinstance(value, str) or not _TIMESTAMP.fullmatch(value):
        raise ValueError("write it as 2026-01-31T12:00:00Z (RFC 3339)")
    return value


def _check_moment(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError("it must lie between 1970 and 2200")
    return value


def _check_ip(value: str) -> str:
    try:
        if value:
            ip_address(value)
    except ValueError:
        raise ValueError("write it as an IPv4 or IPv6 address") from None
    return value


def _check_scalar(value: object) -> object:
    if isinstance(value, str):
        if len(value) > MAX_METADATA_BYTES or "\x00" in value:
            raise ValueError("it is too long or holds the character NUL (U+0000)")
    elif isinstance(value, int):
        if abs(value) > MAX_METADATA_INTEGER:
            raise ValueError("write integers beyond 2^53 as strings")
    elif isinstance(value, float):
        if not isfinite(value):
            raise ValueError("it is not a finite number")
    elif value is not None:
        raise ValueError("only strings, numbers, true, false and null are taken")
    return value


def _check_metadata(value: dict[str, object]) -> dict[str, object]:
    if len(to_json(value)) > MAX_METADATA_BYTES:
        raise ValueError(f"as JSON it must not be longer than {MAX_METADATA_BYTES} bytes")
    return value


ExternalId = Annotated[str, Field(min_length=1, max_length=255, pattern=NO_NUL)]
Name = Annotated[str, Field(max_length=255, pattern=NO_NUL)]
Word = Annotated[str, Field(max_length=64, pattern=NO_NUL)]
Title = Annotated[str, Field(max_length=1000, pattern=NO_NUL)]

Website = Annotated[str, Field(max_length=MAX_URL_LENGTH, pattern=NO_NUL)]
"""What an author typed as their address: often no URL at all, and shown but never linked."""

WebUrl = Annotated[str, Field(max_length=MAX_URL_LENGTH, pattern=WEB_URL)]
Language = Annotated[str, Field(max_length=35, pattern=LANGUAGE_TAG)]
HexDigest = Annotated[str, Field(pattern=HEX_DIGEST)]

Moment = Annotated[AwareDatetime, BeforeValidator(_check_timestamp), AfterValidator(_check_moment)]

IpAddress = Annotated[str, Field(max_length=64), AfterValidator(_check_ip)]

MetadataName = Annotated[str, Field(min_length=1, max_length=64, pattern=NO_NUL)]

Metadata = Annotated[
    dict[MetadataName, Annotated[object, AfterValidator(_check_scalar)]],
    Field(max_length=20),
    AfterValidator(_check_metadata),
    # Pydantic's own schema would leave other names free.
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": 20,
            "propertyNames": {"minLength": 1, "maxLength": 64, "pattern": NO_NUL},
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        }
    ),
]


def whole(value: object) -> object:
    """Return a number that JSON may write as 3.0 as what it is; before a strict integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Score = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]

PerspectiveScores = Annotated[
    dict[Attribute, Score],
    # Pydantic's own schema would leave other names free.
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"enum": list(Attribute)},
            "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
        }
    ),
]


def _check_cursor(value: str) -> str:
    if int(value) > MAX_POSITION:
        raise ValueError(PATTERNS_IN_WORDS[CURSOR])
    return value


Cursor = Annotated[str, Field(pattern=CURSOR), AfterValidator(_check_cursor)]
