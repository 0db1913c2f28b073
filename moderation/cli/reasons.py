"""`copydesk reasons`: what a site's moderators reject comments for."""

from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.sites import Name
from moderation.model.errors import InvalidInput
from moderation.model.labels import Label
from moderation.model.site_reasons import MOST, SiteReason
from moderation.services import site_reasons
from moderation.services.sites import find_site

app = typer.Typer(help="The reasons for which a site's moderators reject.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(min=1, max=MOST, help="The digit that chooses it.")]
CODE = "What the API says; it stays when the words change."
TITLE = "What moderators read in the list."
GUIDELINE = "When it applies, for moderators."
MESSAGE = "What the message to the author begins with."
LABELS = "A label that makes it the likely one; give it again for more."
COLUMNS = ("key", "code", "title", "labels", "guideline", "message to the author")


@app.command("list")
def list_(site: Name) -> None:
    """List a site's reasons."""
    with opened() as runtime:
        found = site_reasons.reasons_of(runtime, find_site(runtime, site).id)
    screen.table(COLUMNS, map(_cells, found))


@app.command("set")
def set_(  # noqa: PLR0913 - one option for each that can be changed
    site: Name,
    number: Number,
    *,
    code: Annotated[str | None, typer.Option(help=CODE)] = None,
    title: Annotated[str | None, typer.Option(help=TITLE)] = None,
    guideline: Annotated[str | None, typer.Option(help=GUIDELINE)] = None,
    message: Annotated[str | None, typer.Option(help=MESSAGE)] = None,
    label: Annotated[list[Label] | None, typer.Option(help=LABELS)] = None,
) -> None:
    """Change the reason under a digit, or add one there; what is not named stays as it is."""
    given = {
        "code": code,
        "title": title,
        "guideline": guideline,
        "message": message,
        "labels": tuple(label) if label else None,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise InvalidInput("Nothing was given that should be changed.")
    with opened() as runtime:
        after = site_reasons.change_reason(runtime, site, number, changes)
    screen.say(f"Reason {number} of site {site}: {after.title} ({after.code}).")


@app.command()
def remove(site: Name, number: Number) -> None:
    """Offer the reason under a digit no more; decisions keep it."""
    with opened() as runtime:
        site_reasons.remove_reason(runtime, site, number)
    screen.say(f"Site {site} has no reason {number}.")


def _cells(reason: SiteReason) -> tuple[object, ...]:
    labels = " ".join(reason.labels)
    return (reason.number, reason.code, reason.title, labels, reason.guideline, reason.message)
