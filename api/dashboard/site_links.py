"""Links from the desk to a site's own pages, and from a site's pages to the desk."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site, current_user
from api.dashboard.forms import exact
from api.dashboard.languages import gettext
from api.dashboard.sessions import desk_session
from api.web import web
from moderation.model.errors import NotFound
from moderation.model.ids import SiteId
from moderation.model.links import own_link
from moderation.services.desk import comment_by_external_id

MAX_EXTERNAL_ID = 255


def open_comment() -> ResponseReturnValue:
    """Lead from the site's name and its own id of a comment to the comment's page."""
    site, external_id = chosen_site(), exact("external_id", MAX_EXTERNAL_ID)
    if site is None or not external_id:
        raise NotFound(gettext("The address needs a site and an external_id."))
    found = comment_by_external_id(web().runtime, current_user(), site.id, external_id)
    return redirect(url_for("dashboard.comment", comment_id=found), 303)


def link_of(address: str | None, site_id: SiteId) -> str | None:
    """Return where an address that a site sent leads, if that is one of the site's own hosts."""
    hosts = next((site.hosts for site in desk_session().sites if site.id == site_id), ())
    return own_link(address, hosts)
