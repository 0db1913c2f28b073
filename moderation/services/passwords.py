"""Passwords: kept only as Argon2id hashes."""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from moderation.model.errors import InvalidInput

MIN_LENGTH = 12
MAX_LENGTH = 1024
"""Characters; a longer one would let a stranger keep the processor busy."""

# OWASP's parameters: some 25 ms and 19 MiB a time. The library's own take 300 ms and 64 MiB.
_HASHER = PasswordHash([Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)])


def hash_password(password: str) -> str:
    """Return the hash to store. Raises InvalidInput if nobody should use this password."""
    check_password(password)
    return _HASHER.hash(password)


def check_password(password: str) -> None:
    """Raise InvalidInput, with what to do, if nobody should use this password."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidInput(
            "Use between %(least)s and %(most)s characters; several words do well.",
            least=MIN_LENGTH,
            most=MAX_LENGTH,
        )
    if len(set(password)) < MIN_LENGTH // 3:
        raise InvalidInput("Use more different characters; several words do well.")


def is_password(password: str, stored: str | None) -> bool:
    """Compare in a time that does not tell whether there is a stored hash at all."""
    if len(password) > MAX_LENGTH:
        return False
    try:
        matches = _HASHER.verify(password, stored or _dummy_hash())
    except UnknownHashError:
        return False
    return matches and stored is not None


@cache
def _dummy_hash() -> str:
    return _HASHER.hash("nobody's password")
