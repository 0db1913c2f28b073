"""Deciding on many comments at once: select them, look at what that is, say yes, see it run."""

from math import isfinite
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.dashboard import bulk_words
from api.dashboard.access import current_user, one_site
from api.dashboard.decide import MAX_NOTE, words_said
from api.dashboard.dots import draw_dots
from api.dashboard.filters import fields_of, read_filter
from api.dashboard.forms import INCOMPLETE, choice, field, form_identifier, go_back, whole
from api.dashboard.languages import gettext, told
from api.web import web
from moderation.model.bulks import MOST, Band, BulkAction, BulkState, Chosen, Means, Selection
from moderation.model.errors import InvalidInput
from moderation.model.ids import BulkId, CommentId
from moderation.model.labels import Label
from moderation.model.words_of_decisions import Words
from moderation.services import bulks
from moderation.services.bulk_previewing import preview
from moderation.services.score_dots import MOST_DOTS, read_dots

LOW, HIGH = 0.8, 0.9
"""Where the handles stand at first."""


def select_bulk() -> ResponseReturnValue:
    """Fix what was selected, and show what that is; or draw another band."""
    selection = _selection()
    if field("do") == "show":
        return _back(selection)
    try:
        bulk_id = preview(web().runtime, current_user(), selection)
    except InvalidInput as error:
        flash(told(error))
        return _back(selection)
    return redirect(url_for("dashboard.bulk", bulk_id=bulk_id), 303)


def bulk(bulk_id: UUID) -> ResponseReturnValue:
    """Show what was selected, or how far it is."""
    page = bulks.bulk_page(web().runtime, current_user(), BulkId(bulk_id))
    return render_template("dashboard/bulk.html", page=page, words=bulk_words)


def watch_bulk(bulk_id: UUID) -> ResponseReturnValue:
    """Say how far it is to the script that follows it; nobody is active by that."""
    shown = choice(BulkState, "shown")
    page = bulks.bulk_page(web().runtime, current_user(), BulkId(bulk_id), shown=shown)
    return render_template("dashboard/bulk_watched.html", page=page, words=bulk_words)


def start_bulk(bulk_id: UUID) -> ResponseReturnValue:
    """Let what was looked at be decided."""
    action = choice(BulkAction, "action")
    note_alone = Words(note=field("note", MAX_NOTE) or None)
    said = note_alone if action is BulkAction.ESCALATE else words_said()
    bulks.start(web().runtime, current_user(), BulkId(bulk_id), action, said)
    return redirect(url_for("dashboard.bulk", bulk_id=bulk_id), 303)


def score_band() -> ResponseReturnValue:
    """Show how what waits is spread over the scores of a label, to choose a band of it."""
    site, sought, label = one_site(), read_filter(), _label()
    low, high = sorted((_score("low", LOW), _score("high", HIGH)))
    dots = read_dots(web().runtime, current_user(), site.id, label, sought)
    return render_template(
        "dashboard/score_band.html",
        dots=dots,
        drawing=draw_dots(dots.scores, low, high),
        low=low,
        high=high,
        sought=sought,
        fields=fields_of(sought),
        most=MOST_DOTS,
    )


def _back(selection: Selection) -> ResponseReturnValue:
    """Lead back to where it was selected."""
    band = selection.band
    if band is None:
        return go_back()
    handles = {"label": band.label.value, "low": f"{band.low:g}", "high": f"{band.high:g}"}
    fields = fields_of(selection.sought) | handles
    return redirect(url_for("dashboard.score_band", **fields), 303)


def _selection() -> Selection:
    for means, name in ((Means.AUTHOR, "author_of"), (Means.TEXT, "text_of")):
        if like := form_identifier(name):
            return Selection(means, like=CommentId(like))
    if not field("label"):
        return Selection(Means.HAND, chosen=_chosen())
    low, high = sorted((_score("low", LOW), _score("high", HIGH)))
    return Selection(
        Means.BAND,
        site_id=one_site().id,
        band=Band(_label(), low, high, field("classifier", 100)),
        sought=read_filter(),
    )


def _chosen() -> tuple[Chosen, ...]:
    """Return the comments that were ticked, each with the sequence that was shown."""
    ticked = request.form.getlist("chosen")[: MOST + 1]
    return tuple(map(_read_chosen, ticked))


def _read_chosen(written: str) -> Chosen:
    comment_id, _, seen = written.partition(".")
    try:
        return Chosen(CommentId(UUID(comment_id)), whole(seen))
    except ValueError:
        raise InvalidInput(INCOMPLETE) from None


def _label() -> Label:
    return choice(Label, "label") if field("label") else Label.TOXICITY


def _score(name: str, otherwise: float) -> float:
    """Return where a handle stands. Raises InvalidInput."""
    written = field(name, 20).replace(",", ".")
    try:
        value = float(written) if written else otherwise
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise InvalidInput(gettext("A score is a number from 0 to 1, such as 0.85."))
    return min(max(value, 0.0), 1.0)
