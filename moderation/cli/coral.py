"""`copydesk coral`: sites whose Coral asks Copydesk before it publishes a comment."""

import sys
from getpass import getpass
from typing import Annotated
from urllib.parse import urlencode

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.model.comments import Format
from moderation.services import coral
from moderation.services.sites import find_site

app = typer.Typer(
    help="For sites on Coral: its external moderation phase.",
    no_args_is_help=True,
)

Site = Annotated[str, typer.Argument(help="The site's short name.")]


@app.command()
def address(
    site: Site,
    timeout: Annotated[
        int, typer.Option(help="What Coral's form says under Timeout.", min=100, max=10_000)
    ] = 2_000,
    written: Annotated[
        Format, typer.Option("--format", help="What it says under Comment Body Format.")
    ] = Format.PLAIN,
) -> None:
    """Print the address that Coral's form wants, for the choices made in that form."""
    with opened() as runtime:
        name, base = find_site(runtime, site).name, runtime.settings.base_url
    screen.say(f"{base}/coral/{name}?{urlencode({'timeout': timeout, 'format': written})}")


@app.command()
def connect(site: Site) -> None:
    """Take the signing secret that Coral shows, from a prompt or from standard input.

    Call it again after the secret was rolled in Coral.
    """
    with opened() as runtime:
        name = find_site(runtime, site).name
        coral.connect(runtime, name, _read_secret())
    screen.say(f"The site {name} takes what its Coral signs with this secret, and nothing else.")


@app.command()
def disconnect(site: Site) -> None:
    """Forget the secret: whatever Coral asks is answered with premoderation from then on."""
    with opened() as runtime:
        coral.disconnect(runtime, site)
    screen.say(f"The site {site} is not connected any more. Remove the phase in Coral too.")


@app.command("list")
def list_() -> None:
    """List the sites that are connected."""
    with opened() as runtime:
        found = coral.list_connected(runtime)
    screen.table(("site", "secret since"), ((one.site_name, one.connected_at) for one in found))


def _read_secret() -> str:
    """Read a secret from where it is neither shown nor kept, as an argument would be."""
    if sys.stdin.isatty():
        return getpass("Signing secret, as Coral shows it: ").strip()
    return sys.stdin.readline().strip()
