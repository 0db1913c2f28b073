"""All comments, of every status."""

from flask import render_template
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.forms import field, identifier
from api.dashboard.languages import gettext
from api.web import web
from moderation.model.comments import Status
from moderation.model.desk import Search
from moderation.model.errors import InvalidInput
from moderation.model.ids import CommentId
from moderation.services.desk import comments_page

MAX_SOUGHT = 200


def comments() -> ResponseReturnValue:
    """Show the comments that match, the last received first."""
    search, before = _search(), identifier("before")
    page = comments_page(
        web().runtime,
        current_user(),
        chosen_site_ids(),
        search,
        None if before is None else CommentId(before),
    )
    return render_template("dashboard/comments.html", page=page, search=search, first=not before)


def _search() -> Search:
    status = field("status")
    if status and status not in list(Status):
        raise InvalidInput(gettext("There is no such status."))
    return Search(
        status=Status(status) if status else None,
        text=field("text", MAX_SOUGHT),
        author=field("author", MAX_SOUGHT),
        thread=field("thread", MAX_SOUGHT),
    )
