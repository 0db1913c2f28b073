"""The gate before everything that a site's own systems call: their API key opens it."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from api.visitors import visitor_network
from api.web import web
from moderation.model.errors import Unauthenticated
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

    def admit(self, credentials: str | None) -> SiteAccess:
        """Return whose key the value of an `Authorization` header is.

        Raises Unauthenticated, TooManyRequests.
        """
        try:
            return web().doorkeeper.authenticate(credentials)
        except Unauthenticated:
            if self._limited and not self._limiter.hit(_LIMIT, visitor_network()):
                raise TooManyRequests from None
            raise
