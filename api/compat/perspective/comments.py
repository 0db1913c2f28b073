"""The comment of a request, checked as Perspective checks it."""

from api.compat.perspective.errors import Refusal, refused
from api.compat.perspective.messages import Context, TextEntry
from api.compat.texts import replace_nul
from moderation.model.comments import Format

MOST_BYTES = 20_480
"""Of a comment's text, in UTF-8."""


def comment_of(entry: TextEntry | None) -> tuple[str, Format]:
    """Return a comment's text and format. Raises Refusal: there is none, or it is too long."""
    text = (entry and entry.text) or ""
    if not text.strip():
        raise empty()
    if len(text.encode()) > MOST_BYTES:
        raise refused("Comment text too long.", "COMMENT_TOO_LONG")
    html = entry is not None and entry.type == "HTML"
    return replace_nul(text), Format.HTML if html else Format.PLAIN


def check_context(context: Context | None) -> None:
    """Raise Refusal where a context is given in both of its forms."""
    if context and context.entries and context.article_and_parent_comment:
        raise refused("Context has either entries or article_and_parent_comment, not both.")


def empty() -> Refusal:
    """Return the answer to a comment without words."""
    return refused("Comment must be non-empty.", "COMMENT_EMPTY")
