"""`copydesk classifiers`: which there are, what each needs, and getting their models."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from classifiers import registry
from classifiers.interface import ClassifierOptions
from moderation.cli import screen
from moderation.cli.scoring import options_of
from moderation.environment import models_folder
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label
from moderation.settings import read_classifier_settings

app = typer.Typer(no_args_is_help=True, help="List classifiers, and get their models.")

FROM = (
    "A folder or an http(s) address with the same files, or a checkpoint there; else where the "
    "model is published."
)


@app.command("list")
def list_() -> None:
    """List all classifiers: version, labels, languages, and whether each is ready here."""
    settings = read_classifier_settings()
    for name in registry.names():
        _say(name, options_of(settings), configured=name == settings.classifier)
    if settings.classifier not in registry.names():
        raise NotConfigured(f"COPYDESK_CLASSIFIER names {settings.classifier}, which is none.")


def _say(name: str, options: ClassifierOptions, *, configured: bool) -> None:
    """Print one."""
    entry = registry.entry(name)
    try:
        entry.check(options)
        state, needs = "ready", None
        version = registry.version(name, options)
    except NotConfigured as error:
        state, needs, version = "not ready", str(error), None
    screen.say(f"{name}  ({state}{', configured' if configured else ''})")
    labels = ", ".join(label for label in Label if label in entry.labels)
    rows = {
        "version": version,
        "labels": labels,
        "languages": ", ".join(sorted(entry.languages)),
        "needs": needs,
    }
    for what, value in rows.items():
        if value is not None:
            screen.say(f"  {what:<9}  {screen.visible(value)}")


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="The classifier, such as detoxify:original.")],
    origin: Annotated[str | None, typer.Option("--from", help=FROM)] = None,
    models: Annotated[
        Path | None, typer.Option(help="Where models are; else COPYDESK_MODELS.", file_okay=False)
    ] = None,
) -> None:
    """Get a classifier's model, check and convert it; from then on it starts without a network.

    What broke off is taken up again by the next call. A model that is there already and whole is
    left alone.
    """
    place = models or models_folder()
    _show(name, place, origin)
    version = registry.version(name, ClassifierOptions(place))
    screen.say(f"{version} is ready; COPYDESK_CLASSIFIER={name} lets it judge.")


def _show(name: str, place: Path, origin: str | None) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = screen.console()
    with Progress(
        *columns, TransferSpeedColumn(), TimeRemainingColumn(), console=console
    ) as progress:
        tasks: dict[str, TaskID] = {}
        for step in registry.fetch(name, place, origin):
            if step.step not in tasks:
                tasks[step.step] = progress.add_task(step.step, total=step.total)
            progress.update(tasks[step.step], completed=step.done)
