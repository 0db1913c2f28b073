"""Boxes: the parts of a comment's page, drawn one by one so that one that breaks breaks alone."""

from typing import Any

import structlog
from flask import current_app

from moderation.services.desk import CommentFile

log = structlog.get_logger()

TEMPLATE = "dashboard/context.html"


def draw_box(name: str, file: CommentFile) -> Any:  # noqa: ANN401 - markup
    """Return the markup of a box; where that fails, of one that says so."""
    template = current_app.jinja_env.get_template(TEMPLATE).module
    try:
        return getattr(template, name)(file)
    except Exception as error:  # noqa: BLE001 - whatever a hostile text makes go wrong
        # Without the error itself: its text may hold the comment.
        told = {"box": name, "comment_id": str(file.card.comment.id), "error": type(error).__name__}
        log.error("box_broke", **told)  # noqa: TRY400
        return template.broken(name)  # type: ignore[attr-defined]
