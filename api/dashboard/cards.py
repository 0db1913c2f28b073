"""What pages show of comments: cards, rows, what was done to one, and the boxes of its own page."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from api.dashboard.drawing import draw_part, macros
from moderation.model.labels import Label
from moderation.model.site_reasons import SiteReason
from moderation.services.audit_runs import Turn
from moderation.services.auditing import Revealed
from moderation.services.cards import Card
from moderation.services.desk import CommentFile, Listed
from moderation.services.second_looks import SecondLook
from moderation.services.undoing import Done

AROUND = "dashboard/context.html"
FILE = "dashboard/file.html"
KEPT_LISTS = 500


def draw(card: Card, back: str, *, on_its_own_page: bool = False) -> Any:  # noqa: ANN401 - markup
    """Return a card's markup; where that fails, a card that says so and leads to the comment."""
    given = (card, back, on_its_own_page)
    return draw_part("dashboard/card.html", "card", *given, of=card.comment.id, broken=card)


def draw_row(listed: Listed | Card, scores: Iterable[tuple[Label, float]] = ()) -> Any:  # noqa: ANN401 - markup
    """Return a comment as a row of a list, perhaps with some of its scores.

    Where that fails, a row that says so.
    """
    given, of = (listed, scores), listed.comment.id
    return draw_part("dashboard/row.html", "row", *given, of=of, broken=listed)


def draw_blind(look: SecondLook, back: str) -> Any:  # noqa: ANN401 - markup
    """Return a comment to judge once more, without what was decided on it."""
    given = (look.card, look.id, back)
    of = look.card.comment.id
    return draw_part("dashboard/blind.html", "blind", *given, of=of, broken=look.card)


def draw_audited(turn: Turn, back: str) -> Any:  # noqa: ANN401 - markup
    """Return a comment of a run of the audit, without how it was judged."""
    of = turn.card.comment.id
    return draw_part("dashboard/audited.html", "audited", turn.card, back, of=of)


def draw_done(done: Done, back: str, revealed: Revealed | None = None) -> Any:  # noqa: ANN401 - markup
    """Return the banner of what was done, and in a run of the audit to what.

    Where that fails, without whose comment it was.
    """
    given, of = (done, back, revealed), done.comment.id
    return draw_part("dashboard/decided.html", "banner", *given, of=of)


def draw_around(name: str, file: CommentFile) -> Any:  # noqa: ANN401 - markup
    """Return a box of what is around a comment; where that fails, one that says so."""
    return draw_part(AROUND, name, file, of=file.card.comment.id, broken=name)


def draw_section(name: str, file: CommentFile) -> Any:  # noqa: ANN401 - markup
    """Return a section of a comment's own page; where that fails, one that says so."""
    return draw_part(FILE, name, file, of=file.card.comment.id, broken=name)


@lru_cache(maxsize=KEPT_LISTS)
def reasons_list(reasons: tuple[SiteReason, ...], likely: SiteReason) -> Any:  # noqa: ANN401 - markup
    """Return the list of a site's reasons; drawn for each card, it would take as long as that."""
    return macros("dashboard/reasons_list.html").reasons_list(reasons, likely)
