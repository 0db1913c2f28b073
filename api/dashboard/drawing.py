"""Parts are drawn one by one: a hostile text that breaks one must not take the page with it."""

from typing import Any

import structlog
from flask import current_app

from moderation.model.ids import CommentId

log = structlog.get_logger()


def macros(template: str) -> Any:  # noqa: ANN401 - a module whose macros return markup
    """Return the macros of a template."""
    return current_app.jinja_env.get_template(template).module


def draw_part(
    template: str, macro: str, *given: object, of: CommentId, broken: object = None
) -> Any:  # noqa: ANN401 - markup
    """Return what a macro draws of a comment; where that fails, the template's `broken` macro.

    That one is given `broken`, or else the same.
    """
    found = macros(template)
    try:
        return getattr(found, macro)(*given)
    except Exception as error:  # noqa: BLE001 - whatever a hostile text makes go wrong
        # Without the error itself: its text may hold the comment.
        log.error("part_broke", part=macro, comment_id=str(of), error=type(error).__name__)  # noqa: TRY400
        return found.broken(*(given if broken is None else (broken,)))
