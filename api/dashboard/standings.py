"""Standings: who is banned, held or trusted, which threads are held, and the way back."""

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user, one_site
from api.dashboard.forms import INCOMPLETE, choice, field, go_back, identifier
from api.dashboard.sessions import desk_session
from api.dashboard.standing_words import LASTING
from api.web import web
from moderation.model.errors import InvalidInput
from moderation.model.ids import CommentId, SiteId, StandingId
from moderation.model.standings import (
    MAX_ID_LENGTH,
    MAX_REASON_LENGTH,
    NewStanding,
    Standing,
    StandingChange,
    StandingSearch,
    StandingSource,
    Subject,
    SubjectKind,
)
from moderation.services import standings as service
from moderation.services.standings import Setter


def standings() -> ResponseReturnValue:
    """Show what stands at a site, newest first."""
    site = one_site()
    before, kind = identifier("before"), field("kind", 20)
    search = StandingSearch(
        SubjectKind(kind) if kind in set(SubjectKind) else None,
        field("id", MAX_ID_LENGTH),
        None if before is None else StandingId(before),
    )
    page = service.list_standings(web().runtime, site.id, search)
    return render_template("dashboard/standings.html", page=page, search=search)


def subject() -> ResponseReturnValue:
    """Show what was set of one author or thread, and what can be set."""
    return _subject_page(_named_subject())


def set_standing() -> ResponseReturnValue:
    """Set the standing of an author or a thread by its id."""
    site, named = one_site(), _named_subject()
    setter = Setter(StandingSource.MODERATOR, current_user().id)
    reason = field("reason", MAX_REASON_LENGTH) or None
    new = NewStanding(named, choice(Standing, "standing"), reason, _lasting())
    change = service.set_standing(web().runtime, site.id, new, setter)
    return _to_subject(named, change)


def set_from_comment(comment_id: UUID) -> ResponseReturnValue:
    """Set the standing of the author of a comment, or of its thread."""
    change = service.set_from_comment(
        web().runtime,
        current_user(),
        CommentId(comment_id),
        choice(SubjectKind, "kind"),
        choice(Standing, "standing"),
        reason=field("reason", MAX_REASON_LENGTH) or None,
        ends=_lasting(),
    )
    return go_back(**({} if change is None else {"standing": change.id}))


def undo_standing(standing_id: UUID) -> ResponseReturnValue:
    """Take a change back."""
    restored = service.undo_standing(web().runtime, current_user(), StandingId(standing_id))
    return go_back(standing=restored.id)


def forget_standing() -> ResponseReturnValue:
    """Remove all that was ever set of an author or a thread."""
    named, setter = _named_subject(), Setter(StandingSource.MODERATOR, current_user().id)
    service.forget_subject(web().runtime, one_site().id, named, setter)
    return redirect(url_for("dashboard.standings"), 303)


def changed_standing() -> StandingChange | None:
    """Return the change that the address names; for every page."""
    standing_id = identifier("standing")
    user = desk_session().user
    if standing_id is None or user is None:
        return None
    return service.standing_change(web().runtime, user, StandingId(standing_id))


def site_in_address(site_id: SiteId) -> str | None:
    """Return what names a site in an address; None where the person sees no other."""
    sites = desk_session().sites
    names = [site.name for site in sites if site.id == site_id]
    return names[0] if names and len(sites) > 1 else None


def _subject_page(named: Subject) -> str:
    history = service.history_of(web().runtime, one_site().id, named)
    present = history.changes[0] if history.changes else None
    name = next((change.name for change in history.changes if change.name), None)
    return render_template(
        "dashboard/subject.html", subject=named, name=name, present=present, history=history
    )


def _to_subject(named: Subject, change: StandingChange | None) -> ResponseReturnValue:
    shown = None if change is None else change.id
    address = url_for("dashboard.subject", kind=named.kind, id=named.id, standing=shown)
    return redirect(address, 303)


def _named_subject() -> Subject:
    # Not trimmed: it is compared with what the site sends.
    return Subject(choice(SubjectKind, "kind"), request.values.get("id", ""))


def _lasting() -> timedelta | None:
    chosen = field("lasts", 20)
    if chosen not in LASTING:
        raise InvalidInput(INCOMPLETE)
    return LASTING[chosen]
