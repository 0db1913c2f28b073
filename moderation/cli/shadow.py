"""`copydesk shadow`: a policy, or another classifier, that judges beside what decides."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from classifiers import registry
from moderation.cli import screen, shadow_output
from moderation.cli.context import opened
from moderation.cli.sites import Name
from moderation.model.errors import InvalidInput, NotConfigured
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.publishing import running_version
from moderation.services.shadow_reports import read_report
from moderation.services.shadows import Changed, promote_shadow, start_shadow, stop_shadow
from moderation.services.sites import find_site
from moderation.settings import Settings

app = typer.Typer(help="Let a policy judge beside what decides.", no_args_is_help=True)

FLAG = "From where a label flags, such as insult=0.7, or insult=never; again for more."
REJECT = "From where a label rejects, as with --flag."
CLASSIFIER = (
    "The classifier, as `copydesk classifiers list` names it, or its version; its thresholds in "
    "force are taken. Else the one that decides."
)
NEVER = "never"


class OutputFormat(StrEnum):
    """How a report is printed."""

    TABLE = "table"
    JSON = "json"


@app.command()
def start(
    site: Name,
    *,
    flag: Annotated[list[str] | None, typer.Option(metavar="LABEL=SCORE", help=FLAG)] = None,
    reject: Annotated[list[str] | None, typer.Option(metavar="LABEL=SCORE", help=REJECT)] = None,
    classifier: Annotated[str | None, typer.Option(help=CLASSIFIER)] = None,
    reason: Annotated[str, typer.Option(help="Why you try it.")] = "Started by a command.",
) -> None:
    """Let the policy in force, with other lines, judge each new comment too; it decides nothing.

    With --classifier another one shadows, with the thresholds that were published ahead for it.
    """
    flags, rejects = _lines(flag or ()), _lines(reject or ())
    with opened() as runtime:
        version = classifier and _version(runtime, classifier)
        wanted = Changed(reason, version, flags, rejects)
        shadow = start_shadow(runtime, None, find_site(runtime, site).id, wanted)
    screen.say(
        f"A shadow runs at {site}, by the scores of {shadow.classifier}. It decides nothing."
    )
    screen.say(f"What it would do: copydesk shadow show {site}")


@app.command()
def show(
    site: Name,
    *,
    output: Annotated[
        OutputFormat, typer.Option("--format", help="What is printed.")
    ] = OutputFormat.TABLE,
) -> None:
    """Show what the shadow of a site would have done, beside what decides."""
    with opened() as runtime:
        report = read_report(runtime, find_site(runtime, site).id)
    if output is OutputFormat.JSON:
        screen.say(json.dumps(None if report is None else shadow_output.as_json(site, report)))
    elif report is None:
        screen.say(f"No shadow runs at {site}.")
    else:
        shadow_output.show(report)


@app.command()
def stop(site: Name) -> None:
    """End the shadow of a site; nothing else changes."""
    with opened() as runtime:
        stop_shadow(runtime, None, find_site(runtime, site).id)
    screen.say(f"The shadow of {site} ended.")


@app.command()
def promote(
    site: Name, *, reason: Annotated[str, typer.Option(help="Why you put it into force.")]
) -> None:
    """Publish the policy of a site's shadow as the next version, and end the shadow."""
    with opened() as runtime:
        promoted = promote_shadow(runtime, None, find_site(runtime, site).id, reason)
    policy = promoted.policy
    screen.say(f"Policy {policy.version} of site {site} is in force for {policy.classifier}.")
    if not promoted.decides:
        screen.say("It decides from when COPYDESK_CLASSIFIER names that and all is restarted.")


def _lines(given: list[str] | tuple[str, ...]) -> dict[Label, float | None]:
    return dict(map(_line, given))


def _line(given: str) -> tuple[Label, float | None]:
    name, _, said = given.partition("=")
    try:
        return Label(name), None if said == NEVER else float(said)
    except ValueError:
        labels = ", ".join(Label)
        raise InvalidInput(
            f"{given} is not such as insult=0.7 or insult=never. Labels: {labels}."
        ) from None


def _version(runtime: Runtime, named: str) -> str:
    """Return the version meant. Raises NotConfigured: the workers do not have it."""
    found = _versions(runtime.settings)
    version = found.get(named, named)
    if version not in found.values() and version != running_version(runtime):
        raise NotConfigured(f"The workers do not have it: set COPYDESK_NEXT_CLASSIFIER={named}.")
    return version


def _versions(settings: Settings) -> dict[str, str]:
    """Return the classifiers that workers with these settings have, and their versions."""
    names = {settings.classifier, settings.other_classifier, settings.next_classifier}
    options = settings.classifier_options()
    return {name: registry.version(name, options) for name in names if name is not None}
