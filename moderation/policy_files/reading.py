"""Files into policies, and for each mistake the line on which it stands."""

from moderation.model.errors import FieldError, InvalidInput
from moderation.model.pointers import Path, dotted, path_of
from moderation.model.policy import Policy
from moderation.model.policy_document import policy_of
from moderation.policy_files.mistakes import Mistake, NoPolicy
from moderation.policy_files.strict_yaml import Parsed, parse

MAX_BYTES = 4 * 1024 * 1024
"""As much as the API takes: all word lists of a policy, in any script."""


def read_policy(written: bytes) -> Policy:
    """Return the policy that a file says. Raises NoPolicy."""
    if len(written) > MAX_BYTES:
        raise NoPolicy(Mistake(1, f"it is larger than {MAX_BYTES // 1024**2} MiB"))
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoPolicy(Mistake(1, "it is not in UTF-8")) from None
    parsed = parse(text)
    try:
        return policy_of(parsed.value)
    except InvalidInput as error:
        raise NoPolicy(*(_mistake(parsed, wrong) for wrong in error.errors)) from None


def _mistake(parsed: Parsed, wrong: FieldError) -> Mistake:
    path = path_of(wrong.pointer)
    named = f"{dotted(path)}: " if path else ""
    return Mistake(_line(parsed, path), f"{named}{wrong.detail}")


def _line(parsed: Parsed, path: Path) -> int:
    """Return the line of a path, or of what should hold it."""
    while path and path not in parsed.lines:
        path = path[:-1]
    return parsed.lines.get(path, 1)
