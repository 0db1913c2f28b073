"""`copydesk learn`: what a site's moderators taught, in versions that are tried first."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.sites import Name
from moderation.model.head_trials import Finding, Trial
from moderation.model.heads import HeadState, SiteHead
from moderation.model.learning import Lack, Supply
from moderation.model.proportions import Proportion
from moderation.services import head_verifying, heads, learning
from moderation.services.head_filling import fill_chunk
from moderation.services.head_training import train_new
from moderation.services.learning import Learning, Teacher
from moderation.services.sites import find_site

app = typer.Typer(help="Learn from a site's moderators.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(min=1, help="Which version, as `learn show` lists them.")]

COLUMNS = ("version", "state", "decisions", "false flags", "found", "says", "since", "weights")
_SAYS = {
    Finding.BETTER: "better",
    Finding.NOT_FEWER: "not offered: no fewer false flags, or by chance",
    Finding.MAY_MISS: "not offered: it may miss more, or there were too few to tell",
}
_LACKS = {
    Lack.DECISIONS: "decisions",
    Lack.APPROVALS: "approvals",
    Lack.REJECTIONS: "rejections",
}


class OutputFormat(StrEnum):
    """How the versions are printed."""

    TABLE = "table"
    JSON = "json"


@app.command("train")
def train_head(site: Name) -> None:
    """Train a version on what moderators decided, and try it on their newest decisions."""
    with opened() as runtime:
        site_id = find_site(runtime, site).id
        if lacks := _lacking(learning.look_at(runtime, site_id).supply):
            screen.say(lacks)
            raise typer.Exit(1)
        train_new(runtime, site_id, _teacher())
        head = learning.look_at(runtime, site_id).versions[0]
    if head.trial is None:
        screen.say(f"Version {head.number} failed: {head.failure}")
        raise typer.Exit(1)
    for line in report(head.trial):
        screen.say(line)
    screen.say(f"Version {head.number}: {_SAYS[head.trial.finding]}.")


@app.command()
def show(
    site: Name,
    *,
    output: Annotated[
        OutputFormat, typer.Option("--format", help="What is printed.")
    ] = OutputFormat.TABLE,
) -> None:
    """List what a site has learnt so far, and which version is on."""
    with opened() as runtime:
        found = learning.look_at(runtime, find_site(runtime, site).id)
    if output is OutputFormat.JSON:
        screen.say(json.dumps(_as_json(found)))
        return
    supply = found.supply
    screen.say(f"{supply.approved:,} approvals and {supply.rejected:,} rejections to learn from.")
    if lacks := _lacking(supply):
        screen.say(lacks)
    screen.table(COLUMNS, map(_cells, found.versions))


@app.command()
def on(site: Name, number: Number) -> None:
    """Give new comments the score of a version, and then those of the last 90 days.

    No comment is decided otherwise by that: publish a threshold for it.
    """
    with opened() as runtime:
        site_id = find_site(runtime, site).id
        heads.turn_on(runtime, site_id, number)
        teacher = _teacher()
        while fill_chunk(runtime, teacher):
            pass
    screen.say(f"Version {number} is on. Try a line for “unwanted here” on the page of thresholds.")


@app.command()
def off(
    site: Name,
    *,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Even if the thresholds in force flag by it.")
    ] = False,
) -> None:
    """Give new comments no such score any more."""
    with opened() as runtime:
        number = heads.turn_off(runtime, find_site(runtime, site).id, anyway=anyway)
    screen.say("None was on." if number is None else f"Version {number} is off.")


@app.command()
def verify(site: Name, number: Number) -> None:
    """Train a version again from what is stored, and compare. Ends with 1 if it differs."""
    with opened() as runtime:
        found = head_verifying.verify(runtime, find_site(runtime, site).id, number, _teacher())
    if not found.same_decisions:
        screen.say(
            f"It cannot be made again: of its decisions some are not there any more, or others are "
            f"({found.decisions:,} now). Comments are edited and erased."
        )
    elif not found.same_weights:
        screen.say("Other weights came of the same decisions: another processor, or damage.")
    else:
        screen.say(f"The same {found.decisions:,} decisions gave the same weights.")
        return
    raise typer.Exit(1)


def _teacher() -> Teacher:
    # Other commands need no numpy.
    from classifiers.head.training import score_all, train  # noqa: PLC0415

    return Teacher(train, score_all)


def _lacking(supply: Supply) -> str:
    missing = [f"{many:,} {_LACKS[lack]}" for lack, many in supply.lacks.items()]
    return f"Too few to learn from: {', '.join(missing)} more are needed." if missing else ""


def report(trial: Trial) -> Iterator[str]:
    """Say what a trial found, line by line."""
    share, low, high = trial.false_fall
    yield (
        f"On the newest {trial.approved + trial.rejected:,} decisions, beside version "
        f"{trial.policy_version} of the thresholds, at a line of {trial.line:g}:"
    )
    yield (
        f"Of {trial.approved:,} that people approved, {trial.false_now:,} are flagged now, "
        f"{trial.false_then:,} with it ({-share:+.1%}; 95 % interval {-high:+.1%} to {-low:+.1%})."
    )
    found, loss = Proportion(trial.found_then, trial.rejected), trial.loss
    yield (
        f"Of {trial.rejected:,} that people rejected, {trial.found_now:,} are found now, "
        f"{found.many:,} with it; {trial.lost:,} of those found now are missed "
        f"(at most {loss.high:.1%})."
    )


def _cells(head: SiteHead) -> tuple[object, ...]:
    state = "on" if head.is_on else head.state.value
    if head.trial is None or head.lessons is None:
        return head.number, state, None, None, None, head.failure, head.asked_at, None
    trial, supply = head.trial, head.lessons.supply
    return (
        head.number,
        state,
        f"{supply.approved + supply.rejected:,}",
        f"{trial.false_now:,} → {trial.false_then:,} of {trial.approved:,}",
        f"{trial.found_now:,} → {trial.found_then:,} of {trial.rejected:,}",
        _SAYS[trial.finding],
        head.on_at if head.is_on else head.asked_at,
        (head.fingerprint or "")[:12],
    )


def _as_json(found: Learning) -> dict[str, Any]:
    return {
        "classifier": found.classifier,
        "approved": found.supply.approved,
        "rejected": found.supply.rejected,
        "versions": [_version(head) for head in found.versions],
    }


def _version(head: SiteHead) -> dict[str, Any]:
    return {
        "number": head.number,
        "classifier": head.classifier,
        "state": HeadState(head.state).value,
        "on": head.is_on,
        "finding": head.trial and head.trial.finding.value,
        "trial": head.trial and head.trial.to_json(),
        "digest": head.lessons and head.lessons.digest,
        "weights": head.fingerprint,
    }
