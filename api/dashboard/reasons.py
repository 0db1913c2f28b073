"""The reasons for which a site's moderators reject, in the words of its operators."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user, one_site
from api.dashboard.forms import MAX_FIELD, field, passage
from api.dashboard.languages import gettext
from api.problems import KINDS
from api.web import web
from moderation.model.errors import Conflict, InvalidInput
from moderation.model.labels import Label
from moderation.model.site_reasons import MOST, SiteReason, digest_reasons
from moderation.services.site_reasons import reasons_of, replace_reasons


def reasons() -> ResponseReturnValue:
    """Show the reasons, to be changed."""
    present = reasons_of(web().runtime, one_site().id)
    return _page(present, digest_reasons(present))


def replace() -> ResponseReturnValue:
    """Put what was typed in their place; a digit without a title has no reason any more."""
    site, typed = one_site(), [_typed(number) for number in range(1, MOST + 1)]
    seen = field("seen")
    try:
        kept = [reason for reason in typed if reason.title]
        replace_reasons(web().runtime, site.id, kept, current_user().id, seen=seen)
    except InvalidInput as error:
        return _page(typed, seen, error), KINDS[InvalidInput].status
    except Conflict as error:
        present = digest_reasons(reasons_of(web().runtime, site.id))
        return _page(typed, present, error), KINDS[Conflict].status
    flash(gettext("Saved. Decisions keep the reasons that they were made for."))
    return redirect(url_for("dashboard.reasons"), 303)


def _typed(number: int) -> SiteReason:
    labels = set(request.form.getlist(f"labels_{number}"))
    return SiteReason(
        number,
        field(f"code_{number}"),
        field(f"title_{number}"),
        passage(f"guideline_{number}", MAX_FIELD),
        passage(f"message_{number}", MAX_FIELD),
        tuple(label for label in Label if label in labels),
    )


def _page(
    shown: Sequence[SiteReason], seen: str, error: InvalidInput | Conflict | None = None
) -> str:
    under = {reason.number: reason for reason in shown}
    faults = error.errors if isinstance(error, InvalidInput) else ()
    wrong = {each.pointer: each.detail for each in faults}
    return render_template(
        "dashboard/reasons.html",
        reasons=[under.get(n, SiteReason(n, "", "")) for n in range(1, MOST + 1)],
        seen=seen,
        error=error,
        wrong=wrong,
    )
