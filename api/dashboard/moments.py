"""Moments in words."""

from datetime import UTC, datetime, timedelta

from babel.dates import format_skeleton

from api.dashboard.languages import gettext, language, ngettext, npgettext, number
from api.dashboard.zones import zone
from moderation.model.rates import Period

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was, roughly: as a person would."""
    seconds = (now - moment).total_seconds()
    if seconds < -_MINUTE:
        return exact(moment)
    if seconds < 10:  # noqa: PLR2004 - seconds
        return gettext("just now")
    if _DAY <= seconds < 2 * _DAY:
        return gettext("yesterday")
    return gettext("%(length)s ago", length=_length(seconds))


def ahead(moment: datetime, now: datetime) -> str:
    """Say in how long a moment comes, such as "in 20 s"; nothing where it is over."""
    seconds = (moment - now).total_seconds()
    return gettext("in %(length)s", length=_length(seconds)) if seconds >= 1 else ""


def left(moment: datetime, now: datetime) -> str:
    """Say how long it is until a moment, rounded: what was set for a day just now has 24 h."""
    seconds = (moment - now).total_seconds()
    if seconds >= 2 * _DAY:
        days = round(seconds / _DAY)
        return ngettext("%(n)s day", "%(n)s days", days, n=number(days))
    if seconds >= _HOUR:
        return gettext("%(n)s h", n=round(seconds / _HOUR))
    return gettext("%(n)s min", n=max(1, round(seconds / _MINUTE)))


def lasted(wait: timedelta) -> str:
    """Say how long something took, roughly."""
    seconds = wait.total_seconds()
    if seconds < 10:  # noqa: PLR2004 - seconds
        return gettext("%(n)s s", n=number(seconds, 1))
    if seconds < _DAY:
        return _length(seconds)
    days = round(seconds / _DAY)
    return ngettext("%(n)s day", "%(n)s days", days, n=number(days))


def begun(moment: datetime, period: Period) -> str:
    """Name a step of a period by when it begins, in UTC."""
    begins = utc_day(moment)
    return begins if period.step >= timedelta(days=1) else f"{begins}, {moment:%H}:00"


def utc_day(moment: datetime) -> str:
    """Name the day of a moment, in UTC."""
    return str(format_skeleton("MMMd", moment.astimezone(UTC), locale=language()))


def _length(seconds: float) -> str:
    if seconds < _MINUTE:
        return gettext("%(n)s s", n=int(seconds))
    if seconds < _HOUR:
        return gettext("%(n)s min", n=int(seconds / _MINUTE))
    if seconds < _DAY:
        return gettext("%(n)s h", n=int(seconds / _HOUR))
    days = int(seconds / _DAY)
    return npgettext("ago or in", "%(n)s day", "%(n)s days", days, n=number(days))


def exact(moment: datetime) -> str:
    """Write a moment to the second in the viewer's zone, and the zone's name."""
    return f"{moment.astimezone(zone()):%Y-%m-%d %H:%M:%S %Z}"
