"""Notifications: how people are told of waiting comments who do not sit before the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOURS = range(24)
AT_LEAST = (1, 5, 10, 25)
"""How many new comments wait before a digest is sent."""
MINUTES = (15, 30, 60, 120, 240)
"""How long the oldest of them waits before one is sent, however few they are."""

APART = timedelta(hours=1)
"""Between two digests to one person, however much comes."""

WARN_MINUTES = 120
"""How long the oldest comment of a site waits before its operators are warned."""
MOST_MINUTES = 7 * 24 * 60


class MailWhen(StrEnum):
    """When somebody gets a digest by e-mail."""

    OFF = "off"
    DAILY = "daily"
    WAITING = "waiting"
    """As soon as enough waits, or for long enough."""


class MailKind(StrEnum):
    """What a mail on its way is."""

    DIGEST = "digest"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person wants to be told, and how. The hour is in UTC."""

    mail: MailWhen = MailWhen.OFF
    hour: int = 7
    at_least: int = 5
    minutes: int = 60
    with_text: bool = False
    warnings: bool = False

    @property
    def are_offered(self) -> bool:
        """Say whether each is among the choices that there are."""
        return self.hour in HOURS and self.at_least in AT_LEAST and self.minutes in MINUTES

    def may_be_due(self, now: datetime, last: datetime) -> bool:
        """Say whether a digest could go now after the last one, whatever waits."""
        if self.mail is MailWhen.DAILY:
            return last < last_time(now, self.hour)
        return self.mail is MailWhen.WAITING and now - last >= APART

    def enough_is_new(self, now: datetime, new: int, first: datetime | None) -> bool:
        """Say whether so many new comments are a digest; `first` says since when one waits."""
        if self.mail is MailWhen.DAILY:
            return True
        if first is None:
            return False
        return new >= self.at_least or now - first >= timedelta(minutes=self.minutes)


def last_time(now: datetime, hour: int) -> datetime:
    """Return when it was this hour of the day last."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)
