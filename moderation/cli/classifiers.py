"""`copydesk classifiers`: which there are, what each needs, and getting their models."""

from dataclasses import replace
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
from moderation.cli import screen
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.errors import ClassifierUnavailable, NotConfigured
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
        _say(name, settings.classifier_options(), configured=name == settings.classifier)
    if settings.classifier not in registry.names():
        raise NotConfigured(f"COPYDESK_CLASSIFIER names {settings.classifier}, which is none.")


def _say(name: str, options: ClassifierOptions, *, configured: bool) -> None:
    """Print one."""
    rows, state = _known(name, options)
    screen.say(f"{name}  ({state}{', configured' if configured else ''})")
    for what, value in rows.items():
        screen.say(f"  {what:<9}  {screen.visible(value)}")


def _known(name: str, options: ClassifierOptions) -> tuple[dict[str, str], str]:
    """Return what can be said of a classifier, row by row, and whether it is ready."""
    rows: dict[str, str] = {}
    try:
        entry = registry.entry(name, options)
        labels, languages = entry.labels(), sorted(entry.languages())
        rows["labels"] = ", ".join(label for label in Label if label in labels)
        rows["languages"] = ", ".join(languages)
        entry.check()
    except (NotConfigured, ClassifierUnavailable) as error:
        return rows | {"needs": str(error)}, "not ready"
    return {"version": entry.version()} | rows, "ready"


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
    options = read_classifier_settings().classifier_options()
    if models is not None:
        options = replace(options, models=models)
    _show(name, options, origin)
    version = registry.version(name, options)
    screen.say(f"{version} is ready; COPYDESK_CLASSIFIER={name} lets it judge.")


def _show(name: str, options: ClassifierOptions, origin: str | None) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = screen.console()
    with Progress(
        *columns, TransferSpeedColumn(), TimeRemainingColumn(), console=console
    ) as progress:
        tasks: dict[str, TaskID] = {}
        for step in registry.fetch(name, options, origin):
            if step.step not in tasks:
                tasks[step.step] = progress.add_task(step.step, total=step.total)
            progress.update(tasks[step.step], completed=step.done)
