"""Listed words: which entries of its policy's word lists a comment has when it is decided."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from moderation.markup import as_read
from moderation.model.errors import InvalidInput
from moderation.model.word_lists import WordList
from moderation.services.keeping import Scored
from moderation.word_matching import words_in

log = structlog.get_logger()

UNREADABLE = "the policy's word lists cannot be read"


def with_words(one: Scored, lists: Sequence[WordList]) -> Scored:
    """Add to the facts of an outcome the entries that its comment has."""
    if not lists:
        return one
    outcome, comment = one.outcome, one.comment
    try:
        found = words_in(lists, as_read(comment.text or "", comment.format), outcome.cleaned)
    except InvalidInput:
        # They could be read when they were published: another RE2 runs here. A person decides.
        log.exception("word_lists_unreadable", site=str(comment.site_id))
        facts = replace(outcome.facts, failure=outcome.facts.failure or UNREADABLE)
    else:
        known = replace(outcome.facts.circumstances, words=found)
        facts = replace(outcome.facts, circumstances=known)
    return replace(one, outcome=replace(outcome, facts=facts))
