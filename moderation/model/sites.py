"""Sites: the customers of one installation."""

import re
from dataclasses import dataclass
from datetime import datetime

from moderation.model.appeals import APPEAL_DAYS
from moderation.model.audits import AUDIT_SHARE
from moderation.model.comments import DisplayRules
from moderation.model.errors import InvalidInput
from moderation.model.ids import SiteId
from moderation.model.languages import DEFAULT
from moderation.model.notifications import WARN_MINUTES
from moderation.model.reports import REPORT_RULES, ReportRules

MAX_NAME_LENGTH = 64
MAX_TITLE_LENGTH = 200

REJECTIONS_AN_HOUR = 60
MOST_REJECTIONS_AN_HOUR = 1_000_000

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Site:
    """One customer; `name` is what commands and addresses use, `title` what people read.

    A comment too short to tell counts as written in the first of its `languages`. Where it says
    `moderate_analysed`, comments that a drop-in endpoint scores are moderated as well. Addresses
    of its `hosts` become links at the desk. `second_look_share` of what its people decide is judged
    by another person too; `audit_share` of what automation approves is judged by people, and 0 for
    none; `approvals_a_day` is how much that was lately, None before it was counted. Operators are
    warned when a comment waits for over `warn_minutes`. Of what scores would reject beyond
    `rejections_an_hour` people decide.
    """

    id: SiteId
    name: str
    title: str
    display_rules: DisplayRules
    created_at: datetime
    disabled_at: datetime | None = None
    languages: tuple[str, ...] = DEFAULT
    moderate_analysed: bool = False
    report_rules: ReportRules = REPORT_RULES
    appeal_days: int = APPEAL_DAYS
    hosts: tuple[str, ...] = ()
    second_look_share: float = 0.0
    audit_share: float = AUDIT_SHARE
    approvals_a_day: float | None = None
    warn_minutes: int = WARN_MINUTES
    rejections_an_hour: int = REJECTIONS_AN_HOUR
    capped_at: datetime | None = None
    """When that was last reached."""


def check_name(name: str) -> str:
    """Return the name if it may name a site. Raises InvalidInput."""
    if len(name) > MAX_NAME_LENGTH or not _NAME.fullmatch(name):
        raise InvalidInput(
            "A site's name has at most 64 characters: small letters a to z, digits, and hyphens "
            "between them."
        )
    return name


def check_cap(rejections_an_hour: int) -> int:
    """Return the cap if it may be set. Raises InvalidInput."""
    if not 0 <= rejections_an_hour <= MOST_REJECTIONS_AN_HOUR:
        raise InvalidInput(
            f"Take 0 to {MOST_REJECTIONS_AN_HOUR} rejections an hour; with 0 only bans reject."
        )
    return rejections_an_hour


def check_title(title: str) -> str:
    """Return the title, trimmed, if it may be shown. Raises InvalidInput."""
    title = title.strip()
    if not title or len(title) > MAX_TITLE_LENGTH or not title.isprintable():
        raise InvalidInput("A site's title is one line of 1 to 200 characters.")
    return title
