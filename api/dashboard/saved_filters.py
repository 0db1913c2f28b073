"""Filters that somebody keeps under a name."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site, current_user
from api.dashboard.filters import fields_of, read_filter
from api.dashboard.forms import field
from api.dashboard.languages import gettext
from api.web import web
from moderation.model.ids import SavedFilterId
from moderation.services import saved_filters as service


def save_filter() -> ResponseReturnValue:
    """Keep the filter that the form carries, with its site if one was chosen.

    Its author is left out: the name of somebody who withdraws their comments must not stay here.
    """
    fields = fields_of(read_filter())
    fields.pop("author", None)
    site = chosen_site() if request.form.get("site") else None
    kept = fields | ({} if site is None else {"site": site.name})
    service.save_filter(web().runtime, current_user(), field("name", service.MAX_NAME), kept)
    flash(gettext("The filter is kept."))
    return redirect(url_for("dashboard.queue", **kept), 303)


def remove_filter(filter_id: UUID) -> ResponseReturnValue:
    """Forget a filter."""
    service.remove_filter(web().runtime, current_user(), SavedFilterId(filter_id))
    flash(gettext("The filter is gone."))
    return redirect(url_for("dashboard.queue"), 303)
