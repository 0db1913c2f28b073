"""Shadow: a policy, or another classifier, that judges beside what decides."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.dashboard import shadow_words
from api.dashboard.access import current_user, one_site
from api.dashboard.forms import field, number
from api.dashboard.languages import gettext, told
from api.problems import KINDS
from api.web import web
from moderation.model.errors import Conflict, InvalidInput, NotFound
from moderation.model.ids import ShadowId
from moderation.services import shadows
from moderation.services.shadow_reports import read_shadow
from moderation.services.shadows import Changed, Earlier, Wanted

Refused = InvalidInput | Conflict | NotFound


def shadow() -> ResponseReturnValue:
    """Show what the shadow of a site would have done so far, beside what decides."""
    return _page()


def start_ahead() -> ResponseReturnValue:
    """Let the thresholds shadow that are in force for a version that does not decide."""
    wanted = Changed(field("reason"), field("classifier", 100) or None)
    try:
        return start(wanted)
    except (InvalidInput, Conflict) as error:
        return _refused(error)


def start_earlier() -> ResponseReturnValue:
    """Let a version shadow that was in force before."""
    try:
        return start(Earlier(number("version")))
    except (InvalidInput, Conflict) as error:
        return _refused(error)


def start(wanted: Wanted) -> ResponseReturnValue:
    """Let a policy shadow, and lead to what it does. Raises InvalidInput, Conflict."""
    shadows.start_shadow(web().runtime, current_user(), one_site().id, wanted)
    return _done(gettext("The shadow runs. It decides nothing; look here what it would do."))


def stop_shadow(shadow_id: UUID) -> ResponseReturnValue:
    """End a shadow; nothing else follows."""
    try:
        shadows.stop_shadow(web().runtime, current_user(), one_site().id, ShadowId(shadow_id))
    except (Conflict, NotFound) as error:
        return _refused(error)
    return _done(gettext("The shadow ended. Nothing else changed."))


def promote_shadow(shadow_id: UUID) -> ResponseReturnValue:
    """Put the policy of a shadow into force for its classifier, and end it."""
    try:
        promoted = shadows.promote_shadow(
            web().runtime,
            current_user(),
            one_site().id,
            field("reason"),
            shadow_id=ShadowId(shadow_id),
            seen=number("seen"),
        )
    except (InvalidInput, Conflict, NotFound) as error:
        return _refused(error)
    values = {"version": promoted.policy.version, "classifier": promoted.policy.classifier}
    said = gettext("Version %(version)s is in force for %(classifier)s.", **values)
    if promoted.decides:
        more = gettext("Comments that were decided before stay as they are.")
    else:
        more = gettext(
            "It decides from when COPYDESK_CLASSIFIER names that classifier and all is restarted."
        )
    return _done(f"{said} {more}")


def _done(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("dashboard.shadow"), 303)


def _refused(error: Refused) -> ResponseReturnValue:
    return _page(told(error)), KINDS[type(error)].status


def _page(error: str | None = None) -> str:
    found = read_shadow(web().runtime, current_user(), one_site().id)
    return render_template(
        "dashboard/shadow.html",
        found=found,
        error=error,
        typed=field("reason"),
        shadow_words=shadow_words,
    )
