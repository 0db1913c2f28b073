"""Surroundings: what a moderator needs around a comment besides what was decided on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.model.comments import Comment
from moderation.model.people import User
from moderation.model.team_notes import TeamNote
from moderation.services.author_history import AuthorHistory, history_of
from moderation.services.cards import Card, cards_of
from moderation.services.claims import with_claims
from moderation.services.excerpts import Excerpt
from moderation.services.likenesses import Likenesses, likenesses_of
from moderation.services.preferences import hidden_from
from moderation.services.team_notes import count_notes, notes_of
from moderation.services.threads import Around, around, parents_of
from moderation.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The thread around a comment, its like, its author's history, and what the team noted."""

    thread: Around
    likenesses: Likenesses | None
    author: AuthorHistory | None
    notes: tuple[TeamNote, ...]

    @property
    def excerpts(self) -> list[Excerpt]:
        """The beginnings of other comments among them."""
        thread, like, author = self.thread, self.likenesses, self.author
        return [
            *(*thread.above, *thread.before, *thread.after, *thread.replies),
            *((*like.newest, *(one.excerpt for one in like.alike)) if like else ()),
            *(author.comments if author else ()),
        ]


def surroundings_of(connection: Connection, comment: Comment) -> Surroundings:
    """Return what is around a comment; the cost does not grow with the thread or the history."""
    return Surroundings(
        thread=around(connection, comment),
        likenesses=likenesses_of(connection, comment),
        author=history_of(connection, comment),
        notes=notes_of(connection, comment),
    )


def shown(
    connection: Connection, rows: Sequence[Any], user: User, now: datetime
) -> tuple[Card, ...]:
    """Build cards with who is on them, what they answer and how many notes there are."""
    return beside(connection, with_claims(connection, cards_of(connection, rows), now), user)


def beside(connection: Connection, cards: Sequence[Card], user: User) -> tuple[Card, ...]:
    """Return cards with what they answer, how many notes there are, and what is hidden from whom.

    Two statements for all, and a third for who hides something.
    """
    if not cards:
        return ()
    found = [card.comment for card in cards]
    parents, notes = parents_of(connection, found), count_notes(connection, found)
    texts = [one.id for one in found] + [one.id for one in parents.values() if one]
    hidden = hidden_from(connection, user, texts)
    return tuple(
        replace(
            card,
            parent=parents.get(card.comment.id),
            notes=notes[card.comment.id],
            hidden=hidden,
        )
        for card in cards
    )
