"""One line of an import: its fields by name, checked as the intake checks them.

Beyond the intake's, a line may hold a past decision. More is taken than over HTTP where exports are
known to differ: numbers as ids, moments without a zone (read as UTC), fields that we do not know.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model.comments import MAX_TEXT_LENGTH, Author, Format, NewComment, Thread
from moderation.model.decisions import Action
from moderation.model.errors import FieldError, InvalidInput
from moderation.services.import_checks import Check, ip, member, metadata, moment, string

MAX_URL_LENGTH = 2048

_WEB_URL = re.compile(r"https?://[^\x00-\x20]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DIGEST = re.compile(r"[0-9A-Fa-f]{32,128}")


@dataclass(frozen=True, slots=True)
class PastDecision:
    """What somebody decided about a comment before it came here."""

    action: Action
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """One checked line; without a past decision it is to be classified."""

    new: NewComment
    past: PastDecision | None


def parse_fields(fields: Mapping[str, object], digest_ip: Callable[[str], str]) -> ImportedComment:
    """Check one line's fields (see FIELDS; `author.id` and nested objects are known too).

    Raises InvalidInput, with an error for each wrong field that never quotes it.
    """
    given = _flat(fields)
    checked: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, check in FIELDS.items():
        try:
            checked[name] = _checked(check, given.get(name), required=name in REQUIRED)
        except ValueError as error:
            errors.append(FieldError(f"/{name}", str(error)))
    if errors:
        words = "; ".join(f"{error.pointer[1:]} {error.detail}" for error in errors)
        raise InvalidInput(words, tuple(errors))
    return ImportedComment(_new_comment(checked, digest_ip), _past_decision(checked))


def unknown_fields(names: set[str]) -> set[str]:
    """Return which of a line's fields would be ignored."""
    nested = {"author", "thread"}
    return {name for name in names if _canonical(name) not in FIELDS and name not in nested}


def _flat(fields: Mapping[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in fields.items():
        if name in ("author", "thread") and isinstance(value, Mapping):
            flat |= {f"{name}_{inner}": deep for inner, deep in value.items()}
        else:
            flat[_canonical(name)] = value
    return flat


def _canonical(name: str) -> str:
    return name.strip().lower().replace(".", "_")


def _checked(check: Check, value: object, *, required: bool) -> Any:  # noqa: ANN401 - as checked
    if value is None or value == "":
        if required:
            raise ValueError("is missing")
        return None
    return check(value)


def _new_comment(found: Mapping[str, Any], digest_ip: Callable[[str], str]) -> NewComment:
    ip = found["author_ip"]
    return NewComment(
        external_id=found["external_id"],
        text=found["text"],
        format=found["format"] or Format.PLAIN,
        author=Author(
            id=found["author_id"],
            name=found["author_name"],
            role=found["author_role"],
            created_at=found["author_created_at"],
            email_digest=found["author_email_digest"],
            url=found["author_url"],
            ip_digest=digest_ip(ip) if ip else None,
        ),
        thread=Thread(
            id=found["thread_id"],
            url=found["thread_url"],
            title=found["thread_title"],
            section=found["thread_section"],
        ),
        url=found["url"],
        parent_external_id=found["parent_external_id"],
        created_at=found["created_at"],
        edited_at=found["edited_at"],
        language=found["language"],
        user_agent=found["user_agent"],
        metadata=found["metadata"] or {},
    )


def _past_decision(found: Mapping[str, Any]) -> PastDecision | None:
    if found["decision"] is None:
        return None
    return PastDecision(
        action=found["decision"],
        decided_at=found["decided_at"],
        decided_by=found["decided_by"],
        reason=found["decision_reason"],
    )


FIELDS: Mapping[str, Check] = {
    "external_id": string(255),
    "text": string(MAX_TEXT_LENGTH),
    "format": member(Format),
    "author_id": string(255),
    "author_name": string(255),
    "author_role": string(64),
    "author_created_at": moment,
    "author_email_digest": string(128, _DIGEST, "is not a digest of 32 to 128 hexadecimal digits"),
    "author_url": string(MAX_URL_LENGTH),
    "author_ip": ip,
    "thread_id": string(255),
    "thread_url": string(MAX_URL_LENGTH, _WEB_URL, "is not an http:// or https:// address"),
    "thread_title": string(1000),
    "thread_section": string(255),
    "url": string(MAX_URL_LENGTH, _WEB_URL, "is not an http:// or https:// address"),
    "parent_external_id": string(255),
    "created_at": moment,
    "edited_at": moment,
    "language": string(35, _LANGUAGE, "is not a BCP 47 tag such as en or pt-BR"),
    "user_agent": string(1000),
    "metadata": metadata,
    "decision": member(Action),
    "decided_at": moment,
    "decided_by": string(200),
    "decision_reason": string(1000),
}
"""Every field of a line, by its name as a CSV column; docs/importing.md describes each."""

REQUIRED = frozenset({"external_id", "text"})
