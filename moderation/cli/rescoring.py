"""`copydesk rescore`: score a site's history by another classifier, and change no decision."""

import time
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from classifiers import registry
from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.progress_bar import progress_bar
from moderation.model.errors import InvalidInput, NotConfigured
from moderation.model.jobs import History
from moderation.runtime import Runtime
from moderation.services.rescoring import Standing, cancel_rescoring, look, queue_history
from moderation.services.sites import find_site
from moderation.settings import Settings

LOOK_SECONDS = 1.0
LOOK_SHARE = 10
"""A look may take a tenth of the time, however many jobs there are to count."""

CLASSIFIER = "As `copydesk classifiers list` names it; else COPYDESK_NEXT_CLASSIFIER, or yours."


def rescore(  # noqa: PLR0913 - one option for each that can be chosen
    site: Annotated[str, typer.Argument(help="The site's short name.")],
    days: Annotated[int | None, typer.Option(min=1, help="Only the last so many days.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only from this day on, in UTC.")
    ] = None,
    classifier: Annotated[str | None, typer.Option(help=CLASSIFIER)] = None,
    *,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Queue only.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Call off what is left.")] = False,
) -> None:
    """Score a site's history by a classifier, behind all other comments. No decision changes.

    Comments that have scores by this very version are left out: interrupt it and call it again at
    will. Ends with 1 if workers could not score some.
    """
    with opened() as runtime:
        version = _version(runtime.settings, classifier)
        wanted = History(find_site(runtime, site).id, version, _since(days, since))
        if cancel:
            screen.say(f"{cancel_rescoring(runtime, wanted):,} called off.")
            return
        total = _queue(runtime, wanted)
        screen.say(f"{total:,} comments of {site} wait to be scored by {version}.")
        if not no_wait:
            _report(total, _wait(runtime, wanted, total), version)


def _version(settings: Settings, name: str | None) -> str:
    """Return the version that the workers would score by. Raises NotConfigured."""
    name = name or settings.next_classifier or settings.classifier
    registry.entry(name)
    if name not in (settings.classifier, settings.other_classifier, settings.next_classifier):
        raise NotConfigured(f"The workers do not have it: set COPYDESK_NEXT_CLASSIFIER={name}.")
    return registry.version(name, settings.classifier_options())


def _since(days: int | None, since: datetime | None) -> datetime | None:
    if days is not None and since is not None:
        raise InvalidInput("Give --days or --since, not both.")
    if days is not None:
        return datetime.now(UTC) - timedelta(days=days)
    return since and since.replace(tzinfo=UTC)


def _queue(runtime: Runtime, wanted: History) -> int:
    """Queue, and return how many wait then, those of an earlier call among them."""
    queued, before = 0, look(runtime, wanted).left
    with progress_bar(None) as advance:
        for queued in queue_history(runtime, wanted):
            advance(0, f"{queued:,} queued")
    return before + queued


def _wait(runtime: Runtime, wanted: History, total: int) -> Standing:
    """Show how far the workers are until nothing is left."""
    try:
        with progress_bar(total) as advance:
            while True:
                started = time.monotonic()
                standing = look(runtime, wanted)
                done = total - standing.left
                advance(done, f"{done:,} of {total:,}")
                if not standing.left:
                    return standing
                time.sleep(max(LOOK_SECONDS, LOOK_SHARE * (time.monotonic() - started)))
    except KeyboardInterrupt:
        screen.say("What is queued goes on; the same command with --cancel calls it off.")
        raise


def _report(total: int, standing: Standing, version: str) -> None:
    screen.say(f"{total - standing.not_scored:,} done.")
    if standing.not_scored:
        screen.say(f"{standing.not_scored:,} not scored: no worker runs {version}.")
        raise typer.Exit(1)
