"""`copydesk health`: what answers and how much waits; `health worker`: whether workers work."""

from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.health import END
from moderation.judging import judge_all
from moderation.progress import NAMES
from moderation.services.gauges import check_readiness, measure
from moderation.settings import folder

app = typer.Typer(invoke_without_command=True)


@app.callback()
def health(context: typer.Context) -> None:
    """Say what answers and how much waits; ends with 1 if something does not answer."""
    if context.invoked_subcommand is not None:
        return
    with opened() as runtime:
        parts = check_readiness(runtime)
        found = measure(runtime)
    screen.say(f"database  {_word(up=parts.database)}")
    screen.say(f"redis     {_word(up=parts.redis)}")
    screen.say(f"pending   {found.pending}, the oldest for {found.oldest_pending_seconds:.0f} s")
    screen.say(f"reviews   {found.open_reviews} open")
    if not (parts.migrated and parts.redis):
        raise typer.Exit(1)


@app.command()
def worker(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help=f"Of {', '.join(NAMES)}.")
    ] = None,
    *,
    end: Annotated[bool, typer.Option(END, help="End a worker that is stuck.")] = False,
) -> None:
    """Say whether workers make progress; ends with 1 if one has work and does not.

    They are asked by the marks that they leave on this machine, in COPYDESK_VAR. Health checks
    call `python -m moderation.health`, which says the same and starts faster.
    """
    judged = judge_all(folder(), names or [], end=end)
    for judgement in judged:
        screen.say(judgement.words)
    if not all(judgement.well for judgement in judged):
        raise typer.Exit(1)


def _word(*, up: bool) -> str:
    return "ok" if up else "does not answer"
