"""`copydesk export`: what a site can learn from, for other programs."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.sites import Name
from moderation.model.disagreements import ExportFormat, written
from moderation.services.disagreements import all_disagreements
from moderation.services.sites import find_site

app = typer.Typer(help="Write what a site can learn from to stdout.", no_args_is_help=True)

EVER = datetime(1970, 1, 1)  # noqa: DTZ001 - a date as it is typed
Since = Annotated[
    datetime, typer.Option(formats=["%Y-%m-%d"], help="Decided by a person on this day or later.")
]


@app.callback()
def _export() -> None:
    """Keep `disagreements` a command of its own: there will be others."""


@app.command()
def disagreements(
    site: Name,
    since: Since = EVER,
    form: Annotated[ExportFormat, typer.Option("--format")] = ExportFormat.JSONL,
) -> None:
    """Write comments on which a person decided otherwise than automation, texts included."""
    with opened() as runtime:
        site_id = find_site(runtime, site).id
        found = all_disagreements(runtime, site_id, since.replace(tzinfo=UTC))
        # Files get texts exactly; a terminal would obey some of them.
        on_screen = sys.stdout.isatty()
        for piece in written(found, form):
            sys.stdout.write(f"{screen.visible(piece.rstrip())}\n" if on_screen else piece)
