"""Who asks: a site's own API key, where Google's clients put theirs."""

from typing import cast

from flask import Blueprint, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from api.compat.perspective.errors import no_key, over_quota, too_many_wrong_keys, wrong_key
from api.gate import Gate
from moderation.model.errors import OutOfScope, Unauthenticated
from moderation.model.keys import KeyScope
from moderation.services.api_keys import SiteAccess

HEADER = "X-Goog-Api-Key"


class Quota:
    """Counts the requests of each key in this process; 0 is no limit."""

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def count(self, site: SiteAccess) -> None:
        """Count one request. Raises Refusal where it is one too many."""
        limit = self._a_minute
        if limit and not self._limiter.hit(RateLimitItemPerMinute(limit), str(site.key_id)):
            raise over_quota(limit, f"site:{site.site_name}")


def guard(blueprint: Blueprint, gate: Gate, quota: Quota) -> None:
    """Let only requests in that carry a key, in the query or a header, and not too many."""

    def admit() -> None:
        key = request.args.get("key") or request.headers.get(HEADER)
        if not key:
            raise no_key()
        try:
            site = gate.admit(f"Bearer {key}", KeyScope.COMMENTS)
        except (Unauthenticated, OutOfScope):
            raise wrong_key() from None
        except TooManyRequests:
            raise too_many_wrong_keys() from None
        quota.count(site)
        g.access = site

    blueprint.before_request(admit)


def access() -> SiteAccess:
    """Return whose key the present request carries."""
    return cast("SiteAccess", g.access)
