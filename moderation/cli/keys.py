"""`copydesk key`: how a site's own systems prove who they are."""

from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.model.keys import KeyScope
from moderation.services import api_keys

app = typer.Typer(help="Add, list and switch off API keys.", no_args_is_help=True)

MAY = "What it opens: sending comments, or reading and publishing the site's policy."

Site = Annotated[str, typer.Argument(help="The site's short name.")]


@app.command()
def add(
    site: Site,
    name: Annotated[str, typer.Option(help="Where it will be used, for the list.")] = "",
    may: Annotated[KeyScope, typer.Option(help=MAY)] = KeyScope.COMMENTS,
) -> None:
    """Make an API key and print it, once."""
    with opened() as runtime:
        key = api_keys.add_key(runtime, site, name, may)
    screen.say("This key is shown this once; only a digest of it is kept:")
    screen.say(key)


@app.command("list")
def list_(site: Site) -> None:
    """List a site's keys by their prefixes."""
    with opened() as runtime:
        found = api_keys.list_keys(runtime, site)
    rows = (
        (f"cd_{key.prefix}", key.name, key.scope, key.created_at, key.used_at, key.disabled_at)
        for key in found
    )
    screen.table(("prefix", "name", "may", "added", "last used", "disabled"), rows)


@app.command()
def disable(
    site: Site, prefix: Annotated[str, typer.Argument(help="As the list shows it.")]
) -> None:
    """Switch a key off at once, for good."""
    with opened() as runtime:
        api_keys.disable_key(runtime, site, prefix)
    screen.say(f"The key {prefix} is disabled.")
