"""`copydesk site`: the customers of this installation."""

from typing import Annotated

import typer

from classifiers import registry
from moderation.cli import languages, screen
from moderation.cli.context import opened
from moderation.model.comments import Display, DisplayRules
from moderation.model.languages import DEFAULT, names_of
from moderation.model.presets import Preset
from moderation.model.sites import Site
from moderation.runtime import Runtime
from moderation.services import publishing, sites

app = typer.Typer(help="Add, list, change and switch off sites.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The site's short name, such as agora.")]

PENDING = "What the site does with comments nobody has judged yet."
FLAGGED = "What the site does with comments that wait for a person."
LANGUAGES = (
    "A language of the site, as en or fr; again for more. Short comments count as the first."
)
ANALYSED = "Comments that are scored as Perspective did enter moderation too, unless doNotStore."
HOSTS = "A host of the site's own pages; again for more; '' for none. The desk links to it."
CAP = "How many comments may be rejected in an hour without a person; more are flagged. 0: none."
PRESET = "Limits that suit a kind of site; without it none: links, repeats and new authors pass."
OTHERS = "What becomes of languages the classifier does not know: flag, approve or route:NAME."


@app.command()
def add(  # noqa: PLR0913 - one option for each that a site has
    name: Name,
    *,
    title: Annotated[str | None, typer.Option(help="What people read; else the name.")] = None,
    while_pending: Annotated[Display, typer.Option(help=PENDING)] = Display.HOLD,
    while_flagged: Annotated[Display, typer.Option(help=FLAGGED)] = Display.HOLD,
    language: Annotated[list[str] | None, typer.Option(help=LANGUAGES)] = None,
    preset: Annotated[Preset | None, typer.Option(help=PRESET)] = None,
) -> None:
    """Add a site, with the first policy of thresholds."""
    with opened() as runtime:
        judging = registry.entry(runtime.settings.classifier, runtime.settings.classifier_options())
        version = judging.version()
        rules = DisplayRules(while_pending, while_flagged)
        site = sites.add_site(
            runtime,
            name,
            version,
            title,
            rules,
            languages=language or DEFAULT,
            labels=judging.labels(),
            preset=preset,
        )
        screen.say(f"Site {site.name} added; its thresholds are for {version}.")
        _advise(runtime, site)
    screen.say(f"It needs an API key next: copydesk key add {site.name}")


@app.command("list")
def list_() -> None:
    """List all sites."""
    with opened() as runtime:
        found = sites.list_sites(runtime)
    columns = (
        *("name", "title", "languages", "hosts", "while pending", "while flagged", "added"),
        "disabled",
    )
    rows = (
        (
            site.name,
            site.title,
            " ".join(site.languages),
            " ".join(site.hosts),
            site.display_rules.while_pending,
            site.display_rules.while_flagged,
            site.created_at,
            site.disabled_at,
        )
        for site in found
    )
    screen.table(columns, rows)


@app.command("set")
def set_(  # noqa: PLR0913 - one option for each that can be changed
    name: Name,
    *,
    title: Annotated[str | None, typer.Option(help="What people read.")] = None,
    while_pending: Annotated[Display | None, typer.Option(help=PENDING)] = None,
    while_flagged: Annotated[Display | None, typer.Option(help=FLAGGED)] = None,
    language: Annotated[list[str] | None, typer.Option(help=LANGUAGES)] = None,
    other_languages: Annotated[str | None, typer.Option(help=OTHERS)] = None,
    moderate_analysed: Annotated[bool | None, typer.Option(help=ANALYSED)] = None,
    host: Annotated[list[str] | None, typer.Option(help=HOSTS)] = None,
    rejections_an_hour: Annotated[int | None, typer.Option(help=CAP)] = None,
) -> None:
    """Change a site; what is not named stays as it is."""
    with opened() as runtime:
        if other_languages is not None:
            _publish(runtime, name, other_languages)
        given = (
            *(title, while_pending, while_flagged, language, moderate_analysed, host),
            rejections_an_hour,
        )
        if other_languages is None or any(one is not None for one in given):
            site = sites.change_site(
                runtime,
                name,
                title,
                while_pending,
                while_flagged,
                languages=language,
                moderate_analysed=moderate_analysed,
                hosts=host,
                rejections_an_hour=rejections_an_hour,
            )
            _describe(site)
            if language:
                _advise(runtime, site)


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


def _describe(site: Site) -> None:
    rules = site.display_rules
    also = ", analysed comments are moderated too" if site.moderate_analysed else ""
    links = f", links to {' '.join(site.hosts)}" if site.hosts else ""
    screen.say(
        f"Site {site.name}: {site.title}, in {names_of(site.languages)}, pending comments "
        f"{rules.while_pending}, flagged comments {rules.while_flagged}, at most "
        f"{site.rejections_an_hour} rejections an hour without a person{also}{links}."
    )


def _publish(runtime: Runtime, name: str, given: str) -> None:
    action, route = languages.other_languages(runtime.settings, given)
    policy = publishing.set_other_languages(runtime, name, action, route)
    judge = f" to {route.classifier}" if route else ""
    screen.say(
        f"Policy {policy.version} of site {name}: languages that {policy.classifier} does not "
        f"know: {action}{judge}."
    )


def _advise(runtime: Runtime, site: Site) -> None:
    for line in languages.advice(runtime.settings, site.languages):
        screen.say(line)
