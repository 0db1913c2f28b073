"""`copydesk thresholds`: thresholds of one classifier version carried over to another."""

from typing import Annotated

import typer

from classifiers import registry
from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.sites import Name
from moderation.model.policy import Threshold
from moderation.model.translation import Translation
from moderation.services import carrying
from moderation.services.carrying import Carried, Proposal
from moderation.services.sites import find_site

app = typer.Typer(help="Carry thresholds over to another classifier.", no_args_is_help=True)

FROM = "The version whose thresholds are carried over; else that of the newest for another."
TO = "The version that they shall be for; else that of COPYDESK_NEXT_CLASSIFIER, or of yours."
COLUMNS = ("label", "flags from", "flagged", "new", "95 % interval", "agree")


@app.command()
def carry(
    site: Name,
    *,
    old: Annotated[str | None, typer.Option("--from", metavar="VERSION", help=FROM)] = None,
    new: Annotated[str | None, typer.Option("--to", metavar="VERSION", help=TO)] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Put them into force.")] = False,
) -> None:
    """Find thresholds by which a version flags as many comments as another does by its own.

    It rests on comments that both have scored: `copydesk rescore` makes more of them. Nothing
    changes without --publish, and with it only what that version scores.
    """
    with opened() as runtime:
        settings = runtime.settings
        name = settings.next_classifier or settings.classifier
        new = new or registry.version(name, settings.classifier_options())
        if publish:
            found = carrying.carry(runtime, site, old, new)
        else:
            found = carrying.propose(runtime, find_site(runtime, site).id, old, new)
    _print(found)
    if publish:
        screen.say(f"Policy {found.policy.version} of site {site} is in force for {new}.")
    elif found.comments < carrying.ENOUGH:
        screen.say(f"These are too few to publish: {carrying.ENOUGH} are needed.")


def _print(found: Proposal) -> None:
    new = found.policy.classifier
    screen.say(f"From {found.old} to {new}, on {found.comments:,} comments:")
    screen.table(COLUMNS, map(_cells, found.carried))
    for override in found.policy.overrides:
        numbers = ", ".join(f"{label} {_line(one)}" for label, one in override.thresholds.items())
        name = screen.visible(override.pattern.name)
        screen.say(f"In {override.pattern.kind} {name}: {numbers}.")
    for label in found.without:
        screen.say(f"{label} has no threshold any more: {new} does not score it.")
    if any(one.translation.few for one in found.carried):
        screen.say("* few comments: see the interval.")


def _cells(one: Carried) -> tuple[str, ...]:
    found = one.translation
    return (
        one.label,
        f"{one.old:g}",
        f"{found.flagged:,} ({found.share:.2%}){'*' if found.few else ''}",
        f"{one.threshold.flag:g}",
        _interval(found),
        f"{found.agreement:.1%}",
    )


def _line(threshold: Threshold) -> str:
    return "never" if threshold.flag is None else f"{threshold.flag:g}"


def _interval(found: Translation) -> str:
    if found.threshold is None:
        return f"above {found.low:.3f}"
    return f"{found.low:.3f} to {found.high:.3f}"
