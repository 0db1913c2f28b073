"""Coral's side of an external moderation phase, as its server does it."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

SECRET = "empsec_" + "1a2b3c4d" * 8
"""As Coral makes them."""

STATUSES = {"NONE", "APPROVED", "REJECTED", "PREMOD", "SYSTEM_WITHHELD"}
PUBLISHED = "NONE"
"""What a comment is to which nobody objected."""

TOXIC = "COMMENT_DETECTED_TOXIC"


def message(body: object, **comment: object) -> dict[str, Any]:
    """Return what is sent of a new comment; `parentID` and others may be set."""
    return {
        "action": "NEW",
        "comment": {"body": body, "parentID": None} | comment,
        "author": {"id": "baf4e943-3594-4fcc-b2ba-3e8de7a76352", "role": "COMMENTER"},
        "story": {
            "id": "245b3856-b0a0-4d2f-a6bb-58c71f18d6a6",
            "url": "https://www.example.org/posts/a-story/",
        },
        "site": {"id": "a4bede88-2d2c-4424-bc18-4322a9e285a6"},
        "tenantID": "19ba5794-7eeb-4d46-a81b-c00c61672501",
        "tenantDomain": "comments.example.org",
    }


def written(data: object) -> bytes:
    """Return a body as JSON.stringify writes it, indented."""
    return json.dumps(data, indent=2, ensure_ascii=False).encode()


def headers(body: bytes, *secrets: str) -> dict[str, str]:
    """Return the headers; while a secret is being rolled, there are two."""
    signatures = [hmac.new(one.encode(), body, hashlib.sha256).hexdigest() for one in secrets]
    return {
        "User-Agent": "Coral Moderation/9.11.8",
        "Content-Type": "application/json",
        "X-Coral-Signature": ",".join(f"sha256={one}" for one in signatures),
    }


@dataclass(frozen=True)
class Obeyed:
    """What becomes of the comment in Coral; of `PUBLISHED` with flags, it was reported."""

    status: str
    flags: tuple[str, ...] = ()


def obey(status: int, text: str) -> Obeyed:
    """Do what Coral does with an answer: after an error or nothing said, it publishes."""
    if not 200 <= status < 300 or status == 204 or text in {"", "{}"}:
        return Obeyed(PUBLISHED)
    answer = json.loads(text)
    assert isinstance(answer, dict)
    assert answer.get("status", PUBLISHED) in STATUSES
    actions: list[dict[str, str]] = answer.get("actions", [])
    assert {one["actionType"] for one in actions} <= {"FLAG"}
    assert {one["reason"] for one in actions} <= {TOXIC, "COMMENT_DETECTED_SPAM"}
    return Obeyed(answer.get("status", PUBLISHED), tuple(one["reason"] for one in actions))
