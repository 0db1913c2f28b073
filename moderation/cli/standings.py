"""What `copydesk author` and `copydesk thread` share."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.model.ids import SiteId
from moderation.model.standings import (
    NewStanding,
    Standing,
    StandingChange,
    StandingSearch,
    StandingSource,
    Subject,
    SubjectKind,
)
from moderation.runtime import Runtime
from moderation.services import standings
from moderation.services.sites import find_site
from moderation.services.standings import Setter

Site = Annotated[str, typer.Argument(help="The site's short name.")]
Reason = Annotated[str, typer.Option(help="Why, for moderators.")]

_LASTING = re.compile(r"([1-9][0-9]{0,4})(h|d|w)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_BY_COMMAND = Setter(StandingSource.OPERATOR)


def lasting(given: str) -> timedelta:
    """Read how long something lasts, such as 24h, 7d or 2w."""
    found = _LASTING.fullmatch(given.strip())
    if found is None:
        raise typer.BadParameter("write it as 24h, 7d or 2w")
    return int(found[1]) * _UNITS[found[2]]


Lasting = Annotated[
    timedelta | None,
    typer.Option("--for", parser=lasting, metavar="24h|7d|2w", help="Else for good."),
]


def change(
    site: str,
    subject: Subject,
    standing: Standing,
    ends: timedelta | None = None,
    reason: str = "",
) -> None:
    """Set a standing and say what stands."""
    with opened() as runtime:
        site_id = find_site(runtime, site).id
        new = NewStanding(subject, standing, reason or None, ends)
        made = standings.set_standing(runtime, site_id, new, _BY_COMMAND)
    until = f" until {made.ends_at:%Y-%m-%d %H:%M} UTC" if made and made.ends_at else ""
    screen.say(f"{_named(subject)} of site {site} is {standing}{until}.")


def list_of(site: str, kind: SubjectKind) -> None:
    """List what stands at a site, newest first."""
    with opened() as runtime:
        rows = [_cells(one) for one in _every(runtime, find_site(runtime, site).id, kind)]
    screen.table(("id", "name", "standing", "set", "ends", "by", "reason"), rows)


def forget(site: str, subject: Subject) -> None:
    """Remove all that was ever set of an author or a thread."""
    with opened() as runtime:
        site_id = find_site(runtime, site).id
        count = standings.forget_subject(runtime, site_id, subject, _BY_COMMAND)
    entries = "1 entry" if count == 1 else f"{count} entries"
    screen.say(f"{_named(subject)} of site {site} is forgotten: {entries} removed.")


def _every(runtime: Runtime, site_id: SiteId, kind: SubjectKind) -> Iterator[StandingChange]:
    search = StandingSearch(kind)
    while True:
        page = standings.list_standings(runtime, site_id, search)
        yield from page.changes
        if page.more_before is None:
            return
        search = StandingSearch(kind, before=page.more_before)


def _named(subject: Subject) -> str:
    return f"{subject.kind.capitalize()} {screen.visible(subject.id)}"


def _cells(one: StandingChange) -> tuple[object, ...]:
    by = one.user_name or one.source
    return (one.subject.id, one.name, one.standing, one.set_at, one.ends_at, by, one.reason)
