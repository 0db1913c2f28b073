"""Cards are drawn one by one: a comment that breaks its card must not take the page with it."""

from functools import lru_cache
from typing import Any

import structlog
from flask import current_app

from moderation.model.site_reasons import SiteReason
from moderation.services.cards import Card
from moderation.services.second_looks import SecondLook

log = structlog.get_logger()

TEMPLATE = "dashboard/card.html"
ROW_TEMPLATE = "dashboard/row.html"
BLIND_TEMPLATE = "dashboard/blind.html"
REASONS = "dashboard/reasons_list.html"
KEPT_LISTS = 500


def draw(card: Card, back: str, *, on_its_own_page: bool = False) -> Any:  # noqa: ANN401 - markup
    """Return a card's markup; where that fails, a card that says so and leads to the comment."""
    return _drawn(TEMPLATE, "card", card, back, on_its_own_page)


def draw_row(card: Card, label: str | None = None) -> Any:  # noqa: ANN401 - markup
    """Return a comment as a row of a list, perhaps with one of its scores.

    Where that fails, a row that says so.
    """
    return _drawn(ROW_TEMPLATE, "row", card, label)


def draw_blind(look: SecondLook, back: str) -> Any:  # noqa: ANN401 - markup
    """Return a comment to judge once more, without what was decided on it."""
    return _drawn(BLIND_TEMPLATE, "blind", look.card, look.id, back)


def _drawn(name: str, macro: str, card: Card, *others: object) -> Any:  # noqa: ANN401 - markup
    template = current_app.jinja_env.get_template(name).module
    try:
        return getattr(template, macro)(card, *others)
    except Exception as error:  # noqa: BLE001 - whatever a hostile text makes go wrong
        log.error("card_broke", comment_id=str(card.comment.id), error=type(error).__name__)  # noqa: TRY400 - its text may hold the comment
        return template.broken(card)  # type: ignore[attr-defined]


@lru_cache(maxsize=KEPT_LISTS)
def reasons_list(reasons: tuple[SiteReason, ...], likely: SiteReason) -> Any:  # noqa: ANN401 - markup
    """Return the list of a site's reasons; drawn for each card, it would take as long as that."""
    template = current_app.jinja_env.get_template(REASONS).module
    return template.reasons_list(reasons, likely)  # type: ignore[attr-defined]
