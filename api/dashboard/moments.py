"""Moments in words."""

from datetime import UTC, datetime

from api.dashboard.numbers import counted

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was, roughly: as a person would."""
    seconds = (now - moment).total_seconds()
    if seconds < -_MINUTE:
        return exact(moment)
    if seconds < 10:  # noqa: PLR2004 - seconds
        return "just now"
    if _DAY <= seconds < 2 * _DAY:
        return "yesterday"
    return f"{_length(seconds)} ago"


def ahead(moment: datetime, now: datetime) -> str:
    """Say in how long a moment comes, such as "in 20 s"; nothing where it is over."""
    seconds = (moment - now).total_seconds()
    return f"in {_length(seconds)}" if seconds >= 1 else ""


def left(moment: datetime, now: datetime) -> str:
    """Say how long it is until a moment, rounded: what was set for a day just now has 24 h."""
    seconds = (moment - now).total_seconds()
    if seconds >= 2 * _DAY:
        return f"{round(seconds / _DAY)} days"
    if seconds >= _HOUR:
        return f"{round(seconds / _HOUR)} h"
    return f"{max(1, round(seconds / _MINUTE))} min"


def _length(seconds: float) -> str:
    for limit, unit, name in ((_MINUTE, 1, "s"), (_HOUR, _MINUTE, "min"), (_DAY, _HOUR, "h")):
        if seconds < limit:
            return f"{int(seconds / unit)} {name}"
    return counted(int(seconds / _DAY), "day")


def exact(moment: datetime) -> str:
    """Write a moment to the second, in UTC, with its zone."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
