"""Operating: who may tune a site's thresholds, and what they say of it."""

from moderation.model.errors import Forbidden, InvalidInput, NotFound
from moderation.model.ids import SiteId
from moderation.model.people import User

MAX_REASON_LENGTH = 500


def check_operator(user: User, site_id: SiteId) -> None:
    """Let operators of the site through. Raises NotFound, Forbidden."""
    if not user.sees(site_id):
        raise NotFound("There is no such site.")
    if not user.is_operator:
        raise Forbidden("Only operators tune thresholds.")


def checked_reason(reason: str) -> str:
    """Return a reason as it is kept. Raises InvalidInput."""
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON_LENGTH:
        raise InvalidInput(f"Say in 1 to {MAX_REASON_LENGTH} characters why you change them.")
    return reason
