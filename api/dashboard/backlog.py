"""How long comments wait for the classifier, in a sentence or two for moderators."""

from api.dashboard.languages import gettext, ngettext, number
from moderation.model.jobs import Lane
from moderation.services.backlog import MOST_COUNTED, Backlog

SHORT_SECONDS = 5.0
"""A wait that is not worth a word."""

_MINUTE, _HOUR = 60, 3600


def sentence(backlog: Backlog | None) -> str:
    """Say how long the wait is; nothing where there is none to speak of."""
    if backlog is None:
        return ""
    live, bulk = backlog.waiting[Lane.LIVE], backlog.waiting[Lane.BULK]
    if backlog.stands_still:
        standing = gettext(
            "None was decided in the last minute: no worker is running, or it is stuck. "
            "Tell whoever runs this installation."
        )
        return f"{_waiting(live + bulk)} {standing}"
    wait = backlog.seconds(Lane.LIVE)
    is_long = live and (wait is None or wait >= SHORT_SECONDS)
    return " ".join(
        [
            *([_of_live(live, wait)] if is_long else []),
            *([_of_bulk(bulk, backlog.seconds(Lane.BULK))] if bulk else []),
        ]
    )


def duration(seconds: float) -> str:
    """Say about how long something takes: "40 seconds", "4 minutes", "3 hours"."""
    if seconds < _MINUTE:
        tens = max(10, round(seconds / 10) * 10)
        return gettext("%(n)s seconds", n=number(tens))
    if seconds < 1.5 * _HOUR:
        minutes = max(1, round(seconds / _MINUTE))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes, n=number(minutes))
    hours = max(1, round(seconds / _HOUR))
    return ngettext("%(n)s hour", "%(n)s hours", hours, n=number(hours))


def _of_live(count: int, seconds: float | None) -> str:
    if seconds is None:
        return _waiting(count)
    end = ngettext(
        "It will be decided in about %(duration)s.",
        "The newest will be decided in about %(duration)s.",
        count,
        duration=duration(seconds),
    )
    return f"{_waiting(count)} {end}"


def _waiting(count: int) -> str:
    if count >= MOST_COUNTED:
        return gettext("More than %(n)s comments wait for the classifier.", n=number(count))
    return ngettext(
        "%(n)s comment waits for the classifier.",
        "%(n)s comments wait for the classifier.",
        count,
        n=number(count),
    )


def _of_bulk(count: int, seconds: float | None) -> str:
    behind = _imported(count)
    if seconds is None:
        return behind
    last = gettext("The last is decided in about %(duration)s.", duration=duration(seconds))
    return f"{behind} {last}"


def _imported(count: int) -> str:
    if count >= MOST_COUNTED:
        return gettext(
            "More than %(n)s imported comments wait behind the new ones.", n=number(count)
        )
    return ngettext(
        "%(n)s imported comment waits behind the new ones.",
        "%(n)s imported comments wait behind the new ones.",
        count,
        n=number(count),
    )
