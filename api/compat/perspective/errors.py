"""Errors in the words and the shape of Google's front end: `google.rpc.Status` as JSON.

Unlike Google's they quote nothing but names and language tags: a value may be somebody's comment.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SERVICE = "commentanalyzer.googleapis.com"
PACKAGE = "type.googleapis.com/google.commentanalyzer.v1alpha1"
_RPC = "type.googleapis.com/google.rpc"

_STATUSES = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_REASONS = {403: "forbidden", 404: "notFound", 429: "rateLimitExceeded"}
"""What the older format calls them; the rest is a bad request or a failure of the backend."""

_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$-]{0,63}")

MOST_NAMED = 10
"""Of the languages in one error."""

Detail = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with one field of a request; `field` is empty where that is the whole."""

    field: str
    description: str


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, code: int, message: str, details: Sequence[Detail] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.details = details

    def document(self, *, legacy: bool) -> dict[str, Any]:
        """Return the body; `legacy` is the format of `$.xgafv=1`."""
        error: dict[str, Any] = {"code": self.code, "message": str(self)}
        if legacy:
            fallback = "badRequest" if self.code < 500 else "backendError"  # noqa: PLR2004 - HTTP
            reason = _REASONS.get(self.code, fallback)
            error["errors"] = [{"message": str(self), "domain": "global", "reason": reason}]
        error["status"] = _STATUSES[self.code]
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


def harmless(name: str) -> str:
    """Return a name that the caller chose; an empty one if it may be a text."""
    return name if _NAME.fullmatch(name) else ""


def refused(message: str, error_type: str = "INVALID_REQUEST", **more: object) -> Refusal:
    """Return what Perspective itself objects to, with its own type of error."""
    return Refusal(400, message, [{"@type": f"{PACKAGE}.Error", "errorType": error_type, **more}])


def unusable(violations: Sequence[Violation], message: str = "") -> Refusal:
    """Return what is wrong with the payload or a parameter, one violation for each place."""
    listed = [
        ({"field": one.field} if one.field else {}) | {"description": one.description}
        for one in violations
    ]
    message = message or "\n".join(one.description for one in violations)
    return Refusal(400, message, [{"@type": f"{_RPC}.BadRequest", "fieldViolations": listed}])


def unknown_attribute(name: str) -> Refusal:
    """Return the answer to an attribute that the running classifier does not score."""
    return refused(f"Unknown requested attribute: {harmless(name)}")


def unsupported_language(attribute: str, tags: Sequence[str], *, requested: bool) -> Refusal:
    """Return the answer to a language that the classifier has not learnt."""
    where, asked = ("requestedLanguages", "request ") if requested else ("detectedLanguages", "")
    named = [tag for tag in tags if harmless(tag)][:MOST_NAMED]
    return refused(
        f"Attribute {attribute} does not support {asked}languages: {', '.join(named)}",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        languageNotSupportedByAttributeError={where: named, "attribute": attribute},
    )


def wrong_key() -> Refusal:
    """Return the answer to a key that is none of ours, or was switched off."""
    message = "API key not valid. Please pass a valid API key."
    information = {
        "@type": f"{_RPC}.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": SERVICE},
    }
    localized = {"@type": f"{_RPC}.LocalizedMessage", "locale": "en-US", "message": message}
    return Refusal(400, message, [information, localized])


def no_key() -> Refusal:
    """Return the answer to a request without any key."""
    return Refusal(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). Please "
        "use API Key or other form of API consumer identity to call this API.",
    )


def over_quota(limit: int, consumer: str) -> Refusal:
    """Return the answer to a key that asks more often than the operator allows."""
    metric = "Analysis requests (AnalyzeComment)"
    information = {
        "@type": f"{_RPC}.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {"service": SERVICE, "consumer": consumer, "quota_limit_value": str(limit)},
    }
    return Refusal(
        429,
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per minute' of service "
        f"'{SERVICE}' for consumer '{consumer}'.",
        [information],
    )


def too_many_wrong_keys() -> Refusal:
    """Return the answer to who tries many keys."""
    return Refusal(429, "Resource has been exhausted (e.g. check quota).")


def not_found() -> Refusal:
    """Return the answer to a method that Perspective does not have."""
    return Refusal(404, "Method not found.")


def unavailable() -> Refusal:
    """Return the answer where there are no scores in time, or no database."""
    return Refusal(503, "The service is currently unavailable.")


def internal() -> Refusal:
    """Return the answer to what nobody foresaw."""
    return Refusal(500, "Internal error encountered.")
