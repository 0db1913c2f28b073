"""Circumstances: what is known of a comment beside its text, when it is decided."""

from dataclasses import dataclass

from moderation.model.standings import Standing


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What rules look at (`model.rules`), as it was at the moment of deciding.

    They are part of the facts and stored with them. What a new rule needs becomes a field here,
    whose default is what was true of all comments before the rule. `words` are the entries of word
    lists that were found.
    """

    standing: Standing = Standing.ORDINARY
    thread_held: bool = False
    spent: bool = False
    """The site's cap was reached when scores or rules would have rejected the comment."""
    words: tuple[str, ...] = ()


NOTHING_SPECIAL = Circumstances()
