"""`copydesk user`: who can sign in, as what, and to which sites."""

from collections.abc import Mapping
from typing import Annotated

import typer

from moderation.cli import screen
from moderation.cli.context import opened
from moderation.model.ids import SiteId
from moderation.model.people import Role, User
from moderation.runtime import Runtime
from moderation.services import people
from moderation.services.sites import list_sites

app = typer.Typer(
    help="Add, list, change and keep out people; a one-time link sets a password.",
    no_args_is_help=True,
)

Email = Annotated[str, typer.Argument(help="The address that they sign in with.")]
Site = Annotated[str, typer.Argument(help="The site's short name.")]


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="What others see beside their decisions.")],
    role: Annotated[
        Role, typer.Option(help="An operator also sets thresholds; an admin sees every site.")
    ] = Role.MODERATOR,
    site: Annotated[
        list[str] | None, typer.Option(help="A site that they see; may be given several times.")
    ] = None,
) -> None:
    """Add somebody and print the link by which they choose their password."""
    with opened() as runtime:
        user = people.add_user(runtime, email, name, role, site or ())
        screen.say(f"{user.email} added as {user.role}.")
        _print_link(runtime, user)


@app.command("list")
def list_() -> None:
    """List all people."""
    with opened() as runtime:
        users, names = people.list_users(runtime), _names(runtime)
    rows = (
        (user.email, user.name, user.role, _sites_of(user, names), user.disabled_at)
        for user in users
    )
    screen.table(("address", "name", "role", "sites", "disabled"), rows)


@app.command()
def join(email: Email, site: Site) -> None:
    """Let somebody see one more site, from their next click on."""
    with opened() as runtime:
        _tell_sites(runtime, people.join_site(runtime, email, site))


@app.command()
def leave(email: Email, site: Site) -> None:
    """Let somebody not see a site any more, signed in or not."""
    with opened() as runtime:
        _tell_sites(runtime, people.leave_site(runtime, email, site))


@app.command()
def role(
    email: Email,
    role: Annotated[Role, typer.Argument(help="What they are from their next click on.")],
) -> None:
    """Give somebody another role, from their next click on."""
    with opened() as runtime:
        user = people.change_role(runtime, email, role)
    screen.say(f"{user.email} is {user.role} now.")


@app.command()
def disable(email: Email) -> None:
    """Keep somebody out from now on, signed in or not."""
    with opened() as runtime:
        user = people.disable_user(runtime, email)
    screen.say(f"{user.email} is disabled.")


@app.command()
def enable(email: Email) -> None:
    """Let somebody in again."""
    with opened() as runtime:
        user = people.enable_user(runtime, email)
    screen.say(f"{user.email} is enabled.")


@app.command()
def reset(email: Email) -> None:
    """Print a new link by which somebody chooses a new password."""
    with opened() as runtime:
        _print_link(runtime, people.find_user(runtime, email))


def _names(runtime: Runtime) -> Mapping[SiteId, str]:
    return {site.id: site.name for site in list_sites(runtime)}


def _tell_sites(runtime: Runtime, user: User) -> None:
    screen.say(f"{user.email} sees: {_sites_of(user, _names(runtime))}.")


def _sites_of(user: User, names: Mapping[SiteId, str]) -> str:
    if user.role is Role.ADMIN:
        return "all"
    return " ".join(sorted(names[site_id] for site_id in user.site_ids))


def _print_link(runtime: Runtime, user: User) -> None:
    token = people.create_password_link(runtime, user.id)
    screen.say(f"This link sets their password, once, within 24 hours; give it to {user.name}:")
    screen.say(f"{runtime.settings.base_url}/password/{token}")
