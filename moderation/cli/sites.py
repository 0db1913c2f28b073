"""`copydesk site`: the customers of this installation."""

from typing import Annotated

import typer

from classifiers import registry
from moderation.cli import screen
from moderation.cli.context import opened
from moderation.cli.scoring import options_of
from moderation.model.comments import Display, DisplayRules
from moderation.services import sites
from moderation.settings import Settings

app = typer.Typer(help="Add, list, change and switch off sites.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The site's short name, such as agora.")]

PENDING = "What the site does with comments nobody has judged yet."
FLAGGED = "What the site does with comments that wait for a person."


@app.command()
def add(
    name: Name,
    title: Annotated[str | None, typer.Option(help="What people read; else the name.")] = None,
    while_pending: Annotated[Display, typer.Option(help=PENDING)] = Display.HOLD,
    while_flagged: Annotated[Display, typer.Option(help=FLAGGED)] = Display.HOLD,
) -> None:
    """Add a site, with the first policy of thresholds."""
    with opened() as runtime:
        version = classifier_version(runtime.settings)
        rules = DisplayRules(while_pending, while_flagged)
        site = sites.add_site(runtime, name, version, title, rules)
    screen.say(f"Site {site.name} added; its thresholds are for {version}.")
    screen.say(f"It needs an API key next: copydesk key add {site.name}")


@app.command("list")
def list_() -> None:
    """List all sites."""
    with opened() as runtime:
        found = sites.list_sites(runtime)
    columns = ("name", "title", "while pending", "while flagged", "added", "disabled")
    rows = (
        (
            site.name,
            site.title,
            site.display_rules.while_pending,
            site.display_rules.while_flagged,
            site.created_at,
            site.disabled_at,
        )
        for site in found
    )
    screen.table(columns, rows)


@app.command("set")
def set_(
    name: Name,
    title: Annotated[str | None, typer.Option(help="What people read.")] = None,
    while_pending: Annotated[Display | None, typer.Option(help=PENDING)] = None,
    while_flagged: Annotated[Display | None, typer.Option(help=FLAGGED)] = None,
) -> None:
    """Change a site; what is not named stays as it is."""
    with opened() as runtime:
        site = sites.change_site(runtime, name, title, while_pending, while_flagged)
    rules = site.display_rules
    screen.say(
        f"Site {name}: {site.title}, pending comments {rules.while_pending}, "
        f"flagged comments {rules.while_flagged}."
    )


@app.command()
def disable(name: Name) -> None:
    """Switch a site off: its keys stop working at once; what it holds is kept."""
    with opened() as runtime:
        sites.disable_site(runtime, name)
    screen.say(f"Site {name} is disabled.")


@app.command()
def enable(name: Name) -> None:
    """Switch a site on again."""
    with opened() as runtime:
        sites.enable_site(runtime, name)
    screen.say(f"Site {name} is enabled.")


def classifier_version(settings: Settings) -> str:
    """Return the version of the classifier that the workers run. Raises NotConfigured."""
    return registry.version(settings.classifier, options_of(settings))
