"""What is answered to something done: the page again, or only what changed on it.

The desk's script sends `part` with its forms: it has moved on already and needs no whole page.
"""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.comment import changed_comment, claimed_comment
from api.dashboard.filters import fields_of, read_filter
from api.dashboard.forms import address_before, field, go_back, identifier, page_before
from api.dashboard.languages import gettext, told
from api.dashboard.sessions import desk_session
from api.problems import KINDS
from api.web import web
from moderation.model.errors import Claimed, Conflict, ModerationError
from moderation.model.ids import ActId, CommentId
from moderation.services import desk, queue, undoing
from moderation.services.cards import Card
from moderation.services.undoing import Done, Undone


def acted(act_id: UUID) -> ResponseReturnValue:
    """Say what was done, or undone: then its comment may be back."""
    if not field("part"):
        return go_back(done=act_id)
    found = undoing.done(web().runtime, current_user(), ActId(act_id))
    is_back = found is not None and found.act.undone_at is not None and not found.is_blind
    return _part(done=found, card=_card(found.comment.id) if found and is_back else None)


def refused(comment_id: CommentId | None, conflict: ModerationError) -> ResponseReturnValue:
    """Show what happened to a comment meanwhile; where there is none any more, raise that."""
    if comment_id is None or not isinstance(conflict, Conflict):
        raise conflict
    if not field("part"):
        return changed_comment(comment_id, conflict)
    return _part(conflict=conflict, card=_card(comment_id)), KINDS[type(conflict)].status


def claimed(comment_id: CommentId, claim: Claimed) -> ResponseReturnValue:
    """Say that a colleague is on a comment, and let the person do what they did all the same."""
    if not field("part"):
        return claimed_comment(comment_id, claim)
    return _part(claimed=claim, card=_card(comment_id)), KINDS[Claimed].status


def bulk_undone(undone: Undone) -> ResponseReturnValue:
    """Say that a bulk is being taken back, or why it is not."""
    bulk_id = undone.act.data["bulk"]
    if isinstance(undone.refused, Conflict) and field("part"):
        return _part(conflict=undone.refused), KINDS[type(undone.refused)].status
    if undone.refused is not None:
        flash(gettext("Nothing was changed. %(why)s", why=told(undone.refused)))
        return go_back()
    if field("part"):
        return _part(bulk_id=bulk_id)
    return redirect(url_for("dashboard.bulk", bulk_id=bulk_id), 303)


def nothing_done() -> ResponseReturnValue:
    """Say that there was nothing to do."""
    return _part() if field("part") else go_back()


def done_act() -> Done | None:
    """Return what the address says was just done, to show it on whatever page this is."""
    act_id = identifier("done") if request.method == "GET" else None
    user = desk_session().user if act_id else None
    if act_id is None or user is None:
        return None
    return undoing.done(web().runtime, user, ActId(act_id))


def _card(comment_id: CommentId) -> Card:
    return desk.card_of(web().runtime, current_user(), comment_id)


def _part(
    done: Done | None = None,
    card: Card | None = None,
    conflict: Conflict | None = None,
    claimed: Claimed | None = None,
    bulk_id: str | None = None,
) -> str:
    sought = read_filter(page_before())
    return render_template(
        "dashboard/part.html",
        done=done,
        card=card,
        conflict=conflict,
        claimed=claimed,
        bulk_id=bulk_id,
        tally=queue.count_waiting(web().runtime, current_user(), chosen_site_ids(), sought),
        back=address_before(),
        sought=sought,
        fields=fields_of(sought),
    )
