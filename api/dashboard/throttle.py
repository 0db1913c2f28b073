"""Slows down who guesses passwords: per address, and per account."""

from hashlib import sha256
from typing import cast

from flask import current_app
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from api.dashboard.languages import gettext
from api.visitors import visitor_network

MINUTES = 10
PER_ADDRESS = 30
PER_ACCOUNT = 10
_ADDRESS = RateLimitItemPerMinute(PER_ADDRESS, MINUTES, namespace="address")
_ACCOUNT = RateLimitItemPerMinute(PER_ACCOUNT, MINUTES, namespace="account")


class Throttle:
    """Counts the attempts of this process; a success clears its account's count.

    Who is kept out of an account by somebody else's guesses gets in by a password link.
    """

    EXTENSION = "copydesk-throttle"

    def __init__(self, *, limited: bool) -> None:
        self._limited = limited
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, account: str) -> None:
        """Count an attempt at an account. Raises TooManyRequests."""
        if not self._limited:
            return
        self._hit(_ADDRESS, visitor_network())
        self._hit(_ACCOUNT, _key(account))

    def clear(self, account: str) -> None:
        """Forget the attempts at an account, whose owner has just signed in."""
        self._limiter.clear(_ACCOUNT, _key(account))

    def _hit(self, limit: RateLimitItem, key: str) -> None:
        if not self._limiter.hit(limit, key):
            raise TooManyRequests(
                gettext(
                    "Too many attempts to sign in. Wait ten minutes, or ask for a password link."
                ),
                retry_after=MINUTES * 60,
            )


def throttle() -> Throttle:
    """Return the throttle of this process."""
    return cast("Throttle", current_app.extensions[Throttle.EXTENSION])


def _key(account: str) -> str:
    return sha256(account.strip().lower().encode()).hexdigest()
