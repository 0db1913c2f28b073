"""`copydesk policy simulate` and `check`: what a policy would do, before it does it."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.policy_figures import print_simulation
from moderation.cli.policy_input import PolicyFile, read_file
from moderation.cli.progress_bar import progress_bar
from moderation.cli.sites import Name
from moderation.model.errors import InvalidInput
from moderation.model.policy import Policy
from moderation.services.policy_versions import try_policy
from moderation.services.simulating import Simulation
from moderation.services.simulation_figures import figures_of
from moderation.services.sites import find_site

REFUSED = 1
MOST_DAYS = 3660

Days = Annotated[
    int | None,
    typer.Option(min=0, max=MOST_DAYS, help="Replay what was written in so many; 0: all."),
]
Against = Annotated[
    str | None, typer.Option("--against", metavar="SITE", help="Try it on this site's comments.")
]
MostFlags = Annotated[
    float | None, typer.Option("--most-flags-a-day", min=0, help="Fail if more would be flagged.")
]
MostMissed = Annotated[
    int | None,
    typer.Option("--most-missed", min=0, help="Fail if more would be approved that people reject."),
]


class OutputFormat(StrEnum):
    """How a simulation is printed."""

    TEXT = "text"
    JSON = "json"


def simulate(
    site: Name,
    file: PolicyFile,
    *,
    days: Days = None,
    output: Annotated[OutputFormat, typer.Option("--format")] = OutputFormat.TEXT,
) -> None:
    """Replay stored comments under a policy and under the one in force; nothing changes."""
    found = _tried(site, read_file(file), days)
    if output is OutputFormat.JSON:
        screen.say(json.dumps(figures_of(found)))
        return
    print_simulation(found)


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="- is standard input.")],
    *,
    against: Against = None,
    days: Days = None,
    most_flags: MostFlags = None,
    most_missed: MostMissed = None,
) -> None:
    """Say whether files are policies, and end with 1 if one is not. It needs no installation.

    With --against, each is tried as well, and --most-flags-a-day and --most-missed are limits.
    """
    if against is None and (days, most_flags, most_missed) != (None, None, None):
        raise typer.BadParameter("The limits and --days are for --against SITE.")
    wrong = [file for file in files if not _passes(file, against, days, most_flags, most_missed)]
    if wrong:
        raise typer.Exit(REFUSED)


def _passes(
    file: str,
    against: str | None,
    days: int | None,
    most_flags: float | None,
    most_missed: int | None,
) -> bool:
    try:
        policy = read_file(file)
    except InvalidInput as error:
        for line in str(error).splitlines():
            screen.say(screen.visible(line))
        return False
    except OSError as error:
        screen.say(f"{screen.visible(file)}: {error.strerror}")
        return False
    if against is None:
        screen.say(f"{screen.visible(file)}: a policy for {policy.classifier}")
        return True
    return _stays_within(file, _tried(against, policy, days), most_flags, most_missed)


def _stays_within(
    file: str, found: Simulation, most_flags: float | None, most_missed: int | None
) -> bool:
    if found.draft is None:
        return True
    a_day, missed = found.a_day(found.draft), found.draft.missed
    too_many = most_flags is not None and a_day > most_flags
    too_few = most_missed is not None and missed > most_missed
    screen.say(
        f"{screen.visible(file)}: would flag {a_day:,.1f} a day{' (too many)' if too_many else ''} "
        f"and approve {missed:,} of {found.draft.recall.of:,} that people rejected"
        f"{' (too many)' if too_few else ''}, on {found.comments:,} comments"
    )
    return not (too_many or too_few)


def _tried(site: str, policy: Policy, days: int | None) -> Simulation:
    with opened() as runtime, progress_bar(None) as advance:
        advance(0, "replaying stored comments")
        return try_policy(runtime, find_site(runtime, site).id, policy, days)
