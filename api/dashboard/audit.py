"""The audit: a run in which people judge comments without seeing how they came there."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import chosen_site_ids, current_user
from api.dashboard.decide import words_said
from api.dashboard.forms import choice, identifier, number
from api.dashboard.languages import gettext, told
from api.web import web
from moderation.model.decisions import Action
from moderation.model.errors import Conflict, Erased
from moderation.model.ids import ActId, CommentId
from moderation.services import auditing
from moderation.services.audit_runs import Turn, next_turn, read_turn


def audit() -> ResponseReturnValue:
    """Lead to the next comment of a run, or say that there is none."""
    comment_id = next_turn(web().runtime, current_user(), chosen_site_ids())
    if comment_id is None:
        return _page(None)
    done = request.args.get("done")
    return redirect(url_for("dashboard.audited", comment_id=comment_id, done=done), 303)


def audited(comment_id: UUID) -> ResponseReturnValue:
    """Show a comment to judge, or lead on where it is not this person's any more."""
    turn = read_turn(web().runtime, current_user(), CommentId(comment_id), chosen_site_ids())
    if turn is None:
        return redirect(url_for("dashboard.audit", done=request.args.get("done")), 303)
    return _page(turn)


def judge_audited(comment_id: UUID) -> ResponseReturnValue:
    """Record what the person decided, and go on."""
    action, seen = choice(Action, "action"), number("seen")
    said = words_said()
    try:
        act_id = auditing.judge(
            web().runtime, current_user(), CommentId(comment_id), action, seen=seen, words=said
        )
    except (Conflict, Erased) as error:
        return _refused(error)
    return redirect(url_for("dashboard.audit", done=act_id), 303)


def skip_audited(comment_id: UUID) -> ResponseReturnValue:
    """Put a comment behind the others, for whoever asks, and go on."""
    seen = number("seen")
    try:
        act = auditing.skip(web().runtime, current_user(), CommentId(comment_id), seen=seen)
    except (Conflict, Erased) as error:
        return _refused(error)
    return redirect(url_for("dashboard.audit", done=act.id), 303)


def _refused(error: Conflict | Erased) -> ResponseReturnValue:
    flash(gettext("Nothing was recorded. %(why)s", why=told(error)))
    return redirect(url_for("dashboard.audit"), 303)


def _page(turn: Turn | None) -> str:
    act_id = identifier("done")
    revealed = auditing.revealed(web().runtime, current_user(), ActId(act_id)) if act_id else None
    return render_template("dashboard/audit.html", turn=turn, revealed=revealed)
