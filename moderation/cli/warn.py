"""`copydesk site warn`: how long a comment may wait before operators are warned."""

from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.services.lateness import change_warning
from moderation.services.sites import find_site

MINUTES = "Minutes that a comment waits for a person before operators are warned; 0 for never."


def warn(
    name: Annotated[str, typer.Argument(help="The site's short name, such as agora.")],
    *,
    minutes: Annotated[int | None, typer.Option(help=MINUTES)] = None,
) -> None:
    """Show or change how long a comment may wait before operators are warned."""
    with opened() as runtime:
        site = (
            find_site(runtime, name) if minutes is None else change_warning(runtime, name, minutes)
        )
    screen.say(
        f"Site {site.name}: operators are warned when a comment waits for over "
        f"{site.warn_minutes} minutes."
        if site.warn_minutes
        else f"Site {site.name}: nobody is warned when comments wait long."
    )
