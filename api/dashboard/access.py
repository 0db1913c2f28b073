"""Who may see which page: decided here, before any view runs, and nowhere else."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import cast

from flask import Response, current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect

from api.bodies import MAX_BYTES, allow
from api.dashboard.languages import gettext, speak
from api.dashboard.sessions import desk_session
from api.dashboard.words import ROLES
from moderation.model.errors import Forbidden, NotFound
from moderation.model.ids import SiteId
from moderation.model.people import Role, User
from moderation.model.sites import Site


class Open(Enum):
    """Who besides people with a role may see a page."""

    TO_ALL = auto()


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may see a page; `passive` pages do not count as somebody being active."""

    who: Role | Open
    passive: bool = False
    most_bytes: int = MAX_BYTES
    """How large its form may be."""


class Guard:
    """Lets a request through to its view, or not. A page without a rule is for nobody."""

    def __init__(self, rules: dict[str, Rule], csrf: CSRFProtect) -> None:
        self._rules = rules
        self._csrf = csrf

    def admit(self) -> Response | None:
        """Let the request through, or send the visitor to sign in. Raises Forbidden."""
        rule = self._rules.get(request.endpoint or "")
        if rule is None:
            raise Forbidden(gettext("This page is for nobody."))
        if isinstance(rule.who, Role):
            user = desk_session().user
            if user is None:
                return cast("Response", redirect(_sign_in_address(), 303))
            speak(user.preferences.language)
            if not user.role.includes(rule.who):
                raise Forbidden(
                    gettext("This page is for people with the role %(role)s.", role=ROLES[rule.who])
                )
            if not rule.passive:
                desk_session().touch()
        # The token is in the form, so from here on the form is read.
        allow(rule.most_bytes)
        self._csrf.protect()
        return None


def current_user() -> User:
    """Return who is signed in; only for views that are not open to all."""
    user = desk_session().user
    if user is None:
        raise Forbidden(gettext("Nobody is signed in."))
    return user


def chosen_site() -> Site | None:
    """Return the one site that the address names; None where it names none.

    Raises NotFound for a site that is not theirs. Who sees one site only has chosen it.
    """
    sites = desk_session().sites
    name = request.values.get("site")
    if name:
        found = [site for site in sites if site.name == name]
        if not found:
            raise NotFound(gettext("There is no such site."))
        g.site = found[0]
    else:
        g.site = sites[0] if len(sites) == 1 else None
    return cast("Site | None", g.site)


def one_site() -> Site:
    """Return the chosen site, or the first where none was. Raises NotFound if there is none."""
    site = chosen_site()
    if site is None:
        if not desk_session().sites:
            raise NotFound(gettext("You see no site yet. Ask whoever runs this installation."))
        site = g.site = desk_session().sites[0]
    return site


def chosen_site_ids() -> list[SiteId]:
    """Return the sites to look at: the chosen one, or all that the person sees."""
    site = chosen_site()
    return [site.id] if site else [each.id for each in desk_session().sites]


def _sign_in_address() -> str:
    # Only the address of a page can be gone back to, not that of a decision.
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return url_for("dashboard.sign_in", next=back)


def is_page(path: str) -> bool:
    """Say whether a path leads to a page of this dashboard, and so may be redirected to."""
    adapter = current_app.url_map.bind("")
    # Browsers read what follows two slashes as a host; the router reads it as a path.
    if not path.startswith("/") or path.startswith("//"):
        return False
    try:
        endpoint, _ = adapter.match(path.partition("?")[0], method="GET")
    except Exception:  # noqa: BLE001 - whatever does not lead to a page
        return False
    return str(endpoint).startswith("dashboard.")
