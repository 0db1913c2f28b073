"""Surroundings: what a moderator needs around a comment besides what was decided on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.model.comments import Comment
from moderation.model.team_notes import TeamNote
from moderation.services.author_history import AuthorHistory, history_of
from moderation.services.cards import Card, cards_of
from moderation.services.claims import with_claims
from moderation.services.likenesses import Likenesses, likenesses_of
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


def surroundings_of(connection: Connection, comment: Comment) -> Surroundings:
    """Return what is around a comment; the cost does not grow with the thread or the history."""
    return Surroundings(
        thread=around(connection, comment),
        likenesses=likenesses_of(connection, comment),
        author=history_of(connection, comment),
        notes=notes_of(connection, comment),
    )


def shown(connection: Connection, rows: Sequence[Any], now: datetime) -> tuple[Card, ...]:
    """Build cards with who is on them, what they answer and how many notes there are."""
    return beside(connection, with_claims(connection, cards_of(connection, rows), now))


def beside(connection: Connection, cards: Sequence[Card]) -> tuple[Card, ...]:
    """Return cards with what they answer and how many notes there are: two statements for all."""
    if not cards:
        return ()
    found = [card.comment for card in cards]
    parents, notes = parents_of(connection, found), count_notes(connection, found)
    return tuple(
        replace(card, parent=parents.get(card.comment.id), notes=notes[card.comment.id])
        for card in cards
    )
