"""The next comment: one that nobody else is on, with the one after it loaded already."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.filters import fields_of, read_filter
from api.dashboard.places import read_place, write_place
from api.web import web
from moderation.model.desk import Place
from moderation.model.ids import CommentId
from moderation.services import handing_out as service


def handed_out() -> ResponseReturnValue:
    """Show the comment that this person is handed, and claim it for them, as looking does."""
    sought = read_filter()
    handed = service.hand_out(
        web().runtime,
        current_user(),
        chosen_site_ids(),
        sought,
        after=read_place(request.args.get("after", ""), sought.order),
    )
    return render_template(
        "dashboard/handed_out.html", handed=handed, sought=sought, fields=fields_of(sought)
    )


def hand_out() -> ResponseReturnValue:
    """Go on to the next comment, past the one that the form came from if it names one."""
    chosen_site_ids()
    sought, past = read_filter(), request.form.get("past", "")
    place = _pass_over(past) if past else None
    after = None if place is None else write_place(place)
    return redirect(url_for("dashboard.handed_out", after=after, **fields_of(sought)), 303)


def _pass_over(comment_id: str) -> Place | None:
    try:
        passed = CommentId(UUID(comment_id))
    except ValueError:
        return None
    return service.pass_over(web().runtime, current_user(), passed, read_filter())
