"""`copydesk thread`: threads in which every comment waits for a person."""

from typing import Annotated

import typer

from moderation.cli import standings
from moderation.cli.standings import Reason, Site, lasting
from moderation.model.standings import THREAD_HOLD, Standing, Subject, SubjectKind

app = typer.Typer(help="Hold, release and forget threads of a site.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="The site's own id of the thread.")]
HoldFor = Annotated[
    str, typer.Option("--for", metavar="24h|7d|2w", help="How long, or `good` for good.")
]
_FOR_GOOD = "good"
_USUAL = f"{THREAD_HOLD.total_seconds() / 3600:.0f}h"


@app.command()
def hold(site: Site, thread: Id, *, ends: HoldFor = _USUAL, reason: Reason = "") -> None:
    """Have a person see every comment in a thread before readers do."""
    until = None if ends == _FOR_GOOD else lasting(ends)
    standings.change(site, _thread(thread), Standing.HELD, until, reason)


@app.command()
def release(site: Site, thread: Id) -> None:
    """Hold a thread no longer; what waits goes on waiting."""
    standings.change(site, _thread(thread), Standing.ORDINARY)


@app.command("list")
def list_(site: Site) -> None:
    """List the held threads of a site."""
    standings.list_of(site, SubjectKind.THREAD)


@app.command()
def forget(site: Site, thread: Id) -> None:
    """Release a thread, and remove all that was ever set of it; there is no way back."""
    standings.forget(site, _thread(thread))


def _thread(given: str) -> Subject:
    return Subject(SubjectKind.THREAD, given)
