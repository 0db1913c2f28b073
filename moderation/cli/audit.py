"""`copydesk audit`: what automation misses, as people's judgement of a sample tells."""

import json
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.sites import Name
from moderation.model.miss_rates import MissRates, Rate
from moderation.services.misses import read_misses
from moderation.services.sites import find_site

app = typer.Typer(help="Tell what automation misses.", no_args_is_help=True)

DAYS = "Of comments that were approved in so many days up to now."
COLUMNS = ("", "judged", "would be rejected", "estimated share", "95 % interval")
MOST_DAYS = 400


class OutputFormat(StrEnum):
    """How the rates are printed."""

    TABLE = "table"
    JSON = "json"


@app.callback()
def audit() -> None:
    """Tell what automation misses; `copydesk site audit` says how much is judged."""


@app.command()
def show(
    site: Name,
    *,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help=DAYS)] = 30,
    output: Annotated[
        OutputFormat, typer.Option("--format", help="What is printed.")
    ] = OutputFormat.TABLE,
) -> None:
    """Show how much of what automation approved people would reject: an estimate."""
    with opened() as runtime:
        found = read_misses(runtime, find_site(runtime, site).id, timedelta(days=days))
    if output is OutputFormat.JSON:
        screen.say(json.dumps(_as_json(site, days, found)))
        return
    screen.say(_sentence(found))
    screen.table(COLUMNS, ((name, *_cells(rate)) for name, rate in _named(found)))
    screen.say(
        f"{found.open} samples are not judged yet, {found.moot} were edited or withdrawn before, "
        f"{found.openly} were judged by people who could know what they were."
    )


def _sentence(found: MissRates) -> str:
    said = found.whole.of_a_thousand
    if said is None:
        return "Nothing was judged yet."
    return (
        "Of 1,000 comments that are approved by themselves, moderators would reject about "
        f"{said[0]} (between {said[1]} and {said[2]})."
    )


def _named(found: MissRates) -> Iterator[tuple[str, Rate]]:
    yield "all", found.whole
    for language, rate in found.languages.items():
        yield f"language {language or 'not known'}", rate
    for label, rate in found.labels.items():
        yield f"for {label.value}", rate
    yield "for reasons without a label", found.unlabelled
    for begins, rate in sorted(found.weeks.items()):
        yield f"week from {begins}", rate


def _cells(rate: Rate) -> tuple[str, ...]:
    counts = f"{rate.judged:,}", f"{rate.missed:,}"
    if rate.share is None:
        return counts
    return *counts, f"{rate.share:.2%}", f"{rate.low:.2%} to {rate.high:.2%}"


def _as_json(site: str, days: int, found: MissRates) -> dict[str, Any]:
    languages = {language or "": rate for language, rate in found.languages.items()}
    return {
        "site": site,
        "days": days,
        **_rate(found.whole),
        "approvals": round(found.approvals),
        "open": found.open,
        "left_out": found.moot,
        "judged_openly": found.openly,
        "by_language": {name: _rate(rate) for name, rate in languages.items()},
        "by_label": {label.value: _rate(rate) for label, rate in found.labels.items()},
        "without_label": _rate(found.unlabelled),
        "by_week": {str(begins): _rate(rate) for begins, rate in sorted(found.weeks.items())},
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "judged": rate.judged,
        "missed": rate.missed,
        "share": rate.share,
        "low": rate.low,
        "high": rate.high,
    }
