"""Trying words: which of the newest comments have a word that is new in a draft.

Which words a comment has is known only of the lists that were in force when it was decided, so new
ones are looked for in texts. They come without what cleaning would find: that is the worker's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.markup import as_read
from moderation.model.comments import Format
from moderation.model.decisions import Action
from moderation.model.estimates import Estimate
from moderation.model.people import User
from moderation.model.policy import Policy
from moderation.model.proportions import Proportion
from moderation.model.word_lists import MOST_ENTRIES, WordList
from moderation.services.desk import Listed, list_comments
from moderation.storage import simulated_comments
from moderation.storage.database import Connection
from moderation.storage.simulation import Replayed
from moderation.word_matching import words_in

NEWEST = 5_000
"""Comments that are looked through: a quarter of a second."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class TriedWords:
    """Of so many of the newest comments, how many have a new word; the newest of those."""

    comments: int
    found: int
    newest: tuple[Listed, ...]

    def among(self, many: float) -> Estimate | None:
        """Return how many that makes among so many comments; None where there was none to look at.

        The newest stand for all of them: words are looked for nowhere else.
        """
        if not self.comments:
            return None
        found = Proportion(self.found, self.comments)
        return Estimate(self.found / self.comments, found.low, found.high) * many


def try_words(
    connection: Connection, user: User | None, of: Replayed, live: Policy, draft: Policy | None
) -> TriedWords | None:
    """Look for the words of a draft that the policy in force does not have; None without any.

    Raises InvalidInput for an entry that nothing can be made of.
    """
    lists = _new(live, draft)
    if not lists:
        return None
    rows = simulated_comments.newest_texts(connection, of, NEWEST)
    found = [row.id for row in rows if words_in(lists, as_read(row.text, Format(row.format)))]
    listed = list_comments(connection, user, of.site_id, found[:SHOWN]) if user else ()
    return TriedWords(len(rows), len(found), tuple(listed))


def _new(live: Policy, draft: Policy | None) -> Sequence[WordList]:
    known = {entry for one in live.word_lists for entry in one.entries}
    every = [entry for one in (draft.word_lists if draft else ()) for entry in one.entries]
    new = [entry for entry in dict.fromkeys(every) if entry not in known]
    parts = (new[start : start + MOST_ENTRIES] for start in range(0, len(new), MOST_ENTRIES))
    return [WordList("new", Action.FLAG, tuple(part)) for part in parts]
