"""`copydesk author`: who may comment, and whose comments wait for a person."""

from typing import Annotated

import typer

from moderation.cli import standings
from moderation.cli.standings import Lasting, Reason, Site
from moderation.model.standings import Standing, Subject, SubjectKind

app = typer.Typer(help="Ban, hold, trust and forget authors of a site.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="The site's own id of the author.")]


@app.command()
def ban(site: Site, author: Id, *, ends: Lasting = None, reason: Reason = "") -> None:
    """Reject the next comments of an author."""
    standings.change(site, _author(author), Standing.BANNED, ends, reason)


@app.command()
def hold(site: Site, author: Id, *, ends: Lasting = None, reason: Reason = "") -> None:
    """Have a person see the next comments of an author before readers do."""
    standings.change(site, _author(author), Standing.HELD, ends, reason)


@app.command()
def trust(site: Site, author: Id, *, ends: Lasting = None, reason: Reason = "") -> None:
    """Approve the next comments of an author that are only a little over a threshold."""
    standings.change(site, _author(author), Standing.TRUSTED, ends, reason)


@app.command()
def clear(site: Site, author: Id) -> None:
    """Make an author ordinary again."""
    standings.change(site, _author(author), Standing.ORDINARY)


@app.command("list")
def list_(site: Site) -> None:
    """List the banned, held and trusted authors of a site."""
    standings.list_of(site, SubjectKind.AUTHOR)


@app.command()
def forget(site: Site, author: Id) -> None:
    """Make an author ordinary, and remove all that was ever set of it; there is no way back."""
    standings.forget(site, _author(author))


def _author(given: str) -> Subject:
    return Subject(SubjectKind.AUTHOR, given)
