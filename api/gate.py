"""The gate before everything that a site's own systems call: their API key opens it."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from api.visitors import visitor_network
from api.web import web
from moderation.model.errors import OutOfScope, Unauthenticated
from moderation.model.keys import KeyScope
from moderation.services.api_keys import SiteAccess

FAILURES_A_MINUTE = 30
_LIMIT = RateLimitItemPerMinute(FAILURES_A_MINUTE)


class Gate:
    """Lets in who has a key, and slows down who tries many.

    Only failures are counted, and a valid key is never turned away: otherwise one forgotten script
    with an old key would stop the comments of all that share its address. The counts are of this
    process; kept in Redis, they could make requests wait for Redis.
    """

    def __init__(self, *, limited: bool) -> None:
        self._limited = limited
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def admit(self, credentials: str | None, scope: KeyScope) -> SiteAccess:
        """Return whose key the value of an `Authorization` header is, if it is for this.

        Raises Unauthenticated, OutOfScope, TooManyRequests.
        """
        access = self._authenticate(credentials)
        if access.scope is not scope:
            raise OutOfScope(f"This key is for {access.scope}, not for {scope}.")
        return access

    def _authenticate(self, credentials: str | None) -> SiteAccess:
        try:
            return web().doorkeeper.authenticate(credentials)
        except Unauthenticated:
            if self._limited and not self._limiter.hit(_LIMIT, visitor_network()):
                raise TooManyRequests from None
            raise
