"""People: who may do what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.model.ids import SiteId, UserId
from moderation.model.preferences import NO_PREFERENCES, Preferences


class Role(StrEnum):
    """What a person may do; each role may do all that the one before it may."""

    MODERATOR = "moderator"
    OPERATOR = "operator"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Say whether this role may do everything that the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can sign in; an admin sees every site, others only theirs.

    `preferences` are read for themselves, as with their session, and are as at first elsewhere.
    """

    id: UserId
    email: str
    name: str
    role: Role
    site_ids: frozenset[SiteId]
    disabled_at: datetime | None = None
    preferences: Preferences = NO_PREFERENCES

    @property
    def is_operator(self) -> bool:
        """Say whether this person may do what operators may, as admins may too."""
        return self.role.includes(Role.OPERATOR)

    def sees(self, site_id: SiteId) -> bool:
        """Say whether this person may see anything of the site."""
        return self.role is Role.ADMIN or site_id in self.site_ids
