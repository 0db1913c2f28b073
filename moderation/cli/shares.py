"""`copydesk site audit` and `site second-look`: which share of what was decided people judge."""

from collections.abc import Callable
from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.sites import Name
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services.audit_sampling import change_audit
from moderation.services.second_looks import change_share
from moderation.services.sites import find_site

OF_AUTOMATION = (
    "Percent of what automation approves that people judge, at most 100 a day; 0 for none."
)
OF_PEOPLE = "Percent of what people approve or reject that a colleague judges again; 0 for none."


def site_audit(
    name: Name,
    *,
    percent: Annotated[float | None, typer.Option(help=OF_AUTOMATION)] = None,
) -> None:
    """Show or change how much of what automation approves people judge, without knowing that."""
    share = 100 * _site(name, percent, change_audit).audit_share
    screen.say(
        f"Site {name}: people judge {share:g} % of what automation approves, at most 100 "
        "a day and on small sites five a week."
        if share
        else f"Site {name}: nothing that automation approves is judged by people."
    )


def second_look(
    name: Name,
    *,
    percent: Annotated[float | None, typer.Option(help=OF_PEOPLE)] = None,
) -> None:
    """Show or change how much a second person judges again, without seeing the first decision."""
    share = 100 * _site(name, percent, change_share).second_look_share
    screen.say(
        f"Site {name}: {share:g} % of what people decide is judged by a second person too."
        if share
        else f"Site {name}: nothing is judged by a second person."
    )


def _site(name: str, percent: float | None, change: Callable[[Runtime, str, float], Site]) -> Site:
    with opened() as runtime:
        if percent is None:
            return find_site(runtime, name)
        return change(runtime, name, percent / 100)
