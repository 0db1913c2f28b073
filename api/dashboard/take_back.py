"""Undoing from any page: what the person did last, or one thing that they did."""

from flask import flash
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user
from api.dashboard.acting import acted, bulk_undone, nothing_done, refused
from api.dashboard.forms import form_identifier, go_back, in_a_run
from api.dashboard.languages import gettext, told
from api.web import web
from moderation.model.acts import ActKind
from moderation.model.ids import ActId
from moderation.services.undoing import Undone, undo_act, undo_last


def take_back() -> ResponseReturnValue:
    """Undo the act that the form names, or else the last one."""
    runtime, user, named = web().runtime, current_user(), form_identifier("act")
    undone = undo_last(runtime, user) if named is None else undo_act(runtime, user, ActId(named))
    if undone is None:
        flash(gettext("There is nothing of yours to undo."))
        return nothing_done()
    if undone.act.kind is ActKind.BULK:
        return bulk_undone(undone)
    if in_a_run():
        return _in_a_run(undone)
    if undone.refused is not None:
        return refused(undone.act.comment_id, undone.refused)
    if undone.standing is not None:
        # A whole page, also for the script: every card of the author says what stands.
        return go_back(standing=undone.standing.id)
    return acted(undone.act.id)


def _in_a_run(undone: Undone) -> ResponseReturnValue:
    """Draw no card beside those of a run: it would say of its comment what nobody is to know."""
    if undone.refused is not None:
        flash(gettext("Nothing was changed. %(why)s", why=told(undone.refused)))
        return go_back()
    return go_back(done=undone.act.id)
