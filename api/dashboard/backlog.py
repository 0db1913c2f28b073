"""How long comments wait for the classifier, in a sentence or two for moderators."""

from api.dashboard.numbers import counted
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
        return (
            f"{_comments(live + bulk)} for the classifier, and none was decided in the last "
            "minute: no worker is running, or it is stuck. Tell whoever runs this installation."
        )
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
        return counted(max(10, round(seconds / 10) * 10), "second")
    if seconds < 1.5 * _HOUR:
        return counted(round(seconds / _MINUTE), "minute")
    return counted(round(seconds / _HOUR), "hour")


def _of_live(count: int, seconds: float | None) -> str:
    if seconds is None:
        return f"{_comments(count)} for the classifier."
    newest = "it" if count == 1 else "the newest"
    end = f"{newest} will be decided in about {duration(seconds)}"
    return f"{_comments(count)} for the classifier; {end}."


def _of_bulk(count: int, seconds: float | None) -> str:
    end = "" if seconds is None else f" The last is decided in about {duration(seconds)}."
    return f"{_comments(count, 'imported ')} behind the new ones.{end}"


def _comments(count: int, kind: str = "") -> str:
    if count == 1:
        return f"1 {kind}comment waits"
    more = "more than " if count >= MOST_COUNTED else ""
    return f"{more}{count:,} {kind}comments wait".capitalize()
