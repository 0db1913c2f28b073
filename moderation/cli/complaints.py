"""`copydesk site complaints`: when people look at what readers report, and how long to appeal."""

from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.services.complaint_rules import change_rules

REVIEW = "From how many readers' reports on people look at a comment."
REOPEN = "From how many on they look again at what they approved after such reports."
DAYS = "How many days after a decision its author may appeal."


def complaints(
    name: Annotated[str, typer.Argument(help="The site's short name, such as agora.")],
    *,
    review_from: Annotated[int | None, typer.Option(help=REVIEW)] = None,
    reopen_from: Annotated[int | None, typer.Option(help=REOPEN)] = None,
    appeal_days: Annotated[int | None, typer.Option(help=DAYS)] = None,
) -> None:
    """Show a site's rules for reports and appeals, or change those that are given."""
    with opened() as runtime:
        site = change_rules(
            runtime,
            name,
            review_from=review_from,
            reopen_from=reopen_from,
            appeal_days=appeal_days,
        )
    rules = site.report_rules
    screen.say(
        f"Site {site.name}: people look from {rules.review_from} reports on, look again from "
        f"{rules.reopen_from} on, and authors may appeal for {site.appeal_days} days."
    )
