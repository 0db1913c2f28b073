"""From Perspective: what stands for the thresholds that a site used there."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from api.dashboard.access import current_user, one_site
from api.dashboard.forms import field
from api.dashboard.languages import gettext
from api.dashboard.scatter import scatter
from api.problems import KINDS
from api.web import web
from moderation.model import perspective_estimates
from moderation.model.errors import InvalidInput
from moderation.model.perspective import Attribute
from moderation.services.carrying import ENOUGH
from moderation.services.translating import SAMPLE, read_translation


def perspective() -> ResponseReturnValue:
    """Show how the shadow period stands, and carry the typed thresholds over."""
    site = one_site()
    words = {attribute: field(f"at_{attribute}", 20) for attribute in Attribute}
    typed, errors = _typed(words)
    found = read_translation(
        web().runtime, current_user(), site.id, typed, field("classifier", 100) or None
    )
    page = render_template(
        "dashboard/perspective.html",
        found=found,
        words=words,
        errors=errors,
        scatter=scatter,
        rough=perspective_estimates,
        sample=SAMPLE,
        enough=ENOUGH,
    )
    return (page, KINDS[InvalidInput].status) if errors else page


def _typed(
    words: Mapping[Attribute, str],
) -> tuple[dict[Attribute, float], dict[Attribute, str]]:
    """Return the thresholds that were typed, and what is wrong with others."""
    typed, errors = {}, {}
    for attribute, said in words.items():
        if not said:
            continue
        try:
            score = float(said.replace(",", "."))
        except ValueError:
            score = -1.0
        if 0 < score <= 1:
            typed[attribute] = score
        else:
            errors[attribute] = gettext(
                "%(attribute)s: write a number above 0 and up to 1, such as 0.8.",
                attribute=attribute,
            )
    return typed, errors
