"""`copydesk site audit`: how much of what automation approves people judge."""

from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.services.audit_sampling import change_audit
from moderation.services.sites import find_site

PERCENT = "Percent of what automation approves that people judge, at most 100 a day; 0 for none."


def site_audit(
    name: Annotated[str, typer.Argument(help="The site's short name, such as agora.")],
    *,
    percent: Annotated[float | None, typer.Option(help=PERCENT)] = None,
) -> None:
    """Show or change how much of what automation approves people judge, without knowing that."""
    with opened() as runtime:
        if percent is None:
            site = find_site(runtime, name)
        else:
            site = change_audit(runtime, name, percent / 100)
    share = site.audit_share * 100
    screen.say(
        f"Site {site.name}: people judge {share:g} % of what automation approves, at most 100 "
        "a day and on small sites five a week."
        if share
        else f"Site {site.name}: nothing that automation approves is judged by people."
    )
