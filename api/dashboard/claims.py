"""Claims: who is on which comment, and giving one to a colleague."""

from typing import cast
from uuid import UUID

from flask import flash, g, jsonify, request
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.comment import claimed_comment
from api.dashboard.forms import despite, field, form_identifier, go_back
from api.dashboard.languages import gettext
from api.dashboard.sessions import desk_session
from api.dashboard.words import watched
from api.web import web
from moderation.model.errors import Claimed, InvalidInput
from moderation.model.ids import CommentId, SiteId, UserId
from moderation.model.people import User
from moderation.services import claims as service
from moderation.services.watching import Watched, watch

MOST_WATCHED = 100
"""Comments on one page."""


def hold(comment_id: UUID) -> ResponseReturnValue:
    """Note that this person is looking at a comment, and no longer at the one before."""
    left = form_identifier("left")
    before = None if left is None else CommentId(left)
    service.hold(web().runtime, current_user(), CommentId(comment_id), before)
    return "", 204


def hand_over(comment_id: UUID) -> ResponseReturnValue:
    """Give a comment to a colleague."""
    to = form_identifier("to")
    if to is None:
        raise InvalidInput(gettext("Choose a colleague."))
    try:
        colleague = service.hand_over(
            web().runtime,
            current_user(),
            CommentId(comment_id),
            UserId(to),
            word=field("word", service.MAX_WORD) or None,
            despite=despite(),
        )
    except Claimed as error:
        return claimed_comment(CommentId(comment_id), error)
    flash(gettext("Handed to %(name)s.", name=colleague.name))
    return go_back()


def give_back(comment_id: UUID) -> ResponseReturnValue:
    """Give a comment back to whoever handed it over."""
    colleague = service.give_back(web().runtime, current_user(), CommentId(comment_id))
    flash(gettext("Given back to %(name)s.", name=colleague.name))
    return go_back()


def let_go(comment_id: UUID) -> ResponseReturnValue:
    """Leave a comment to everybody."""
    service.let_go(web().runtime, current_user(), CommentId(comment_id))
    flash(gettext("Left to everybody."))
    return go_back()


def watch_comments() -> ResponseReturnValue:
    """Say what became of the comments on a page: who is on them, or what was decided."""
    ids = []
    for written in request.args.get("of", "").split(".")[:MOST_WATCHED]:
        try:
            ids.append(CommentId(UUID(written)))
        except ValueError:
            continue
    found = watch(web().runtime, current_user(), ids)
    return jsonify({str(one.comment_id): _told(one) for one in found})


def _told(one: Watched) -> dict[str, object]:
    claimed = one.claim is not None
    return {"sequence": one.sequence, "claimed": claimed, "says": watched(one)}


def colleagues_at(site_id: SiteId) -> tuple[User, ...]:
    """Return who else sees a site."""
    return _colleagues().get(site_id, ())


def works_alone() -> bool:
    """Say whether nobody else sees any of this person's sites."""
    return not any(_colleagues().values())


def _colleagues() -> dict[SiteId, tuple[User, ...]]:
    # Looked up once for a page.
    if "colleagues" not in g:
        sites = [site.id for site in desk_session().sites]
        g.colleagues = service.colleagues(web().runtime, current_user(), sites)
    return cast("dict[SiteId, tuple[User, ...]]", g.colleagues)
