"""`copydesk site second-look`: which share of people's decisions another person judges too."""

from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.services.second_looks import change_share
from moderation.services.sites import find_site

PERCENT = "Percent of what people approve or reject that a colleague judges again; 0 for none."


def second_look(
    name: Annotated[str, typer.Argument(help="The site's short name, such as agora.")],
    *,
    percent: Annotated[float | None, typer.Option(help=PERCENT)] = None,
) -> None:
    """Show or change how much a second person judges again, without seeing the first decision."""
    with opened() as runtime:
        if percent is None:
            site = find_site(runtime, name)
        else:
            site = change_share(runtime, name, percent / 100)
    share = site.second_look_share * 100
    screen.say(
        f"Site {site.name}: {share:g} % of what people decide is judged by a second person too."
        if share
        else f"Site {site.name}: nothing is judged by a second person."
    )
