"""Problems (RFC 9457): the only place that knows which status an error becomes.

docs/errors.md has a paragraph on each code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from moderation.model import errors
from moderation.model.errors import FieldError, ModerationError


@dataclass(frozen=True, slots=True)
class Kind:
    """What all problems of one code share; `advice` says what to do about them."""

    status: int
    title: str
    advice: str
    retry_after: int | None = None
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong, as the outside is told."""

    code: str
    kind: Kind
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    instance: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def explanation(self) -> str:
        """What happened and what to do about it."""
        return f"{self.detail} {self.kind.advice}".strip()

    def document(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        members: dict[str, Any] = {
            "type": f"/v1/docs#{self.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.explanation,
            "code": self.code,
        }
        if self.errors:
            members["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in self.errors]
        if self.instance:
            members["instance"] = self.instance
        return members


_FIX = "Correct the request before you send it again."
_LOOK_AGAIN = "Fetch what it says now before you go on."
_REPEAT = "Nothing was stored; send the same request again."

KINDS: dict[type[ModerationError], Kind] = {
    ModerationError: Kind(500, "Error", "Try again later."),
    errors.InvalidInput: Kind(422, "Invalid input", _FIX),
    errors.IdempotencyMismatch: Kind(
        422, "Idempotency key used before", "Repeat the first request, or use a new key."
    ),
    errors.Unauthenticated: Kind(
        401, "Not authenticated", "Send a valid API key: `Authorization: Bearer cd_...`."
    ),
    errors.Forbidden: Kind(403, "Not allowed", "Ask somebody who may do it."),
    errors.OutOfScope: Kind(
        403, "Key for something else", "Use a key that may: `copydesk key add SITE --may ...`."
    ),
    errors.NotFound: Kind(404, "Not found", "Check the id, and whose key you use."),
    errors.Erased: Kind(410, "Erased", "Nothing is left to do; forget the comment."),
    errors.Conflict: Kind(409, "Conflict", _LOOK_AGAIN),
    errors.StaleRevision: Kind(409, "Older text", "Send the newest text of the comment."),
    errors.StaleReview: Kind(409, "Changed meanwhile", _LOOK_AGAIN),
    errors.Claimed: Kind(409, "A colleague is on it", _LOOK_AGAIN),
    errors.TooLateToUndo: Kind(409, "Too late to undo", "Decide on the comment again instead."),
    errors.NothingToAppeal: Kind(409, "Nothing to appeal", _LOOK_AGAIN),
    errors.AppealedBefore: Kind(409, "Appealed before", "Its appeals say what became of it."),
    errors.TooLateToAppeal: Kind(409, "Too late to appeal", "Tell the author until when it was."),
    errors.RequestInProgress: Kind(
        409, "Request in progress", "Repeat it a moment later to get the first one's answer.", 1
    ),
    errors.TooManyReports: Kind(
        429, "Too many reports", "Nothing was stored; others can report the comment.", 3600
    ),
    errors.ClassifierFailed: Kind(500, "Classifier failed", "Try again later."),
    errors.NotConfigured: Kind(
        503, "Not configured", "Whoever runs this installation must complete its settings.", 300
    ),
    errors.Transient: Kind(503, "Temporarily unavailable", _REPEAT, 5),
    errors.ClassifierUnavailable: Kind(503, "Classifier unavailable", _REPEAT, 5),
    errors.StorageUnavailable: Kind(503, "Storage unavailable", _REPEAT, 5),
    errors.Contended: Kind(503, "Somebody else is changing the same", _REPEAT, 1),
    errors.ScoringUnavailable: Kind(503, "No scores at the moment", _REPEAT, 1),
}

HTTP_KINDS: dict[int, tuple[str, str, Kind]] = {
    400: ("bad-request", "The request cannot be read.", Kind(400, "Bad request", _FIX)),
    404: (
        "not-found",
        "There is nothing at this address.",
        Kind(404, "Not found", "See /v1/docs for the addresses there are."),
    ),
    405: (
        "method-not-allowed",
        "This address does not know this method.",
        Kind(405, "Method not allowed", "Use one of those in the `Allow` header."),
    ),
    413: (
        "too-large",
        "The body is too large.",
        Kind(
            413,
            "Too large",
            "Send 256 KiB at most, or 4 MiB as a policy or as a batch of at most 100 comments.",
        ),
    ),
    415: (
        "unsupported-media-type",
        "The body has another media type than this address reads.",
        Kind(415, "Unsupported media type", "Send JSON, as `Content-Type: application/json`."),
    ),
    429: (
        "rate-limited",
        "Too many requests with wrong API keys came from your address.",
        Kind(429, "Too many requests", "Wait before you try again, with a valid key.", 60),
    ),
    500: (
        "internal-error",
        "Something went wrong here.",
        Kind(500, "Internal error", "Try again later; the log holds more under this instance."),
    ),
}
"""What Flask itself refuses, and what nobody foresaw: code, detail and kind by status."""


def problem_of(error: ModerationError) -> Problem:
    """Return the problem that an error of ours becomes."""
    kind = next(KINDS[cls] for cls in type(error).__mro__ if cls in KINDS)
    headers = {} if kind.retry_after is None else {"Retry-After": str(kind.retry_after)}
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="copydesk"'
    return Problem(
        code=error.code,
        kind=kind,
        detail=str(error),
        errors=error.errors if isinstance(error, errors.InvalidInput) else (),
        headers=headers,
    )


def problem_of_status(
    status: int, *, detail: str | None = None, instance: str | None = None
) -> Problem:
    """Return the problem for an HTTP status; unknown ones count as bad request or as our fault."""
    fallback = HTTP_KINDS[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    code, said, kind = HTTP_KINDS.get(status, fallback)
    headers = {} if kind.retry_after is None else {"Retry-After": str(kind.retry_after)}
    return Problem(code, kind, detail or said, instance=instance, headers=headers)
