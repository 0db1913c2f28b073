"""`copydesk classifiers`: which there are, what each scores, and what it still needs."""

import typer

from classifiers import registry
from classifiers.interface import NO_OPTIONS, ClassifierOptions
from moderation.cli import screen
from moderation.cli.scoring import options_of
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label
from moderation.settings import read_classifier_settings

app = typer.Typer(help="Say which classifiers there are.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `list` a command of its own."""


@app.command("list")
def list_() -> None:
    """List all classifiers: version, labels, languages, and whether each is ready here."""
    settings = read_classifier_settings()
    for name in registry.names():
        configured = name == settings.classifier
        _show(name, options_of(settings) if configured else NO_OPTIONS, configured=configured)
    if settings.classifier not in registry.names():
        raise NotConfigured(f"COPYDESK_CLASSIFIER names {settings.classifier}, which is none.")


def _show(name: str, options: ClassifierOptions, *, configured: bool) -> None:
    """Print one; a checkpoint is known of the configured one alone."""
    entry = registry.entry(name)
    try:
        entry.check(options)
        state, needs = "ready", None
        version = entry.version(options)
    except NotConfigured as error:
        state, needs, version = "not ready", str(error), None
    screen.say(f"{name}  ({state}{', configured' if configured else ''})")
    labels = ", ".join(label for label in Label if label in entry.labels)
    rows = {
        "version": version,
        "labels": labels,
        "languages": ", ".join(entry.languages),
        "needs": needs,
    }
    for what, value in rows.items():
        if value is not None:
            screen.say(f"  {what:<9}  {screen.visible(value)}")
