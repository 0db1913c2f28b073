"""Listed words: which entries of its policy's word lists a comment has when it is decided."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from moderation.markup import as_read
from moderation.model.classification import Outcome
from moderation.model.errors import InvalidInput
from moderation.model.word_lists import WordList
from moderation.services.keeping import Scored
from moderation.word_matching import words_in

log = structlog.get_logger()

UNREADABLE = "the policy's word lists cannot be read"


def with_words(
    one: Scored, lists: Sequence[WordList], shadowing: Sequence[WordList] = ()
) -> Scored:
    """Add to the facts of an outcome the entries that its comment has.

    Those of a shadow's lists too: the shadow is judged by what is stored, and nothing else is
    decided by what a policy does not list.
    """
    outcome = one.outcome
    if lists:
        try:
            outcome = _with(outcome, _found(one, lists))
        except InvalidInput:
            # They could be read when they were published: another RE2 runs here. A person decides.
            log.exception("word_lists_unreadable", site=str(one.comment.site_id))
            failure = outcome.facts.failure or UNREADABLE
            outcome = replace(outcome, facts=replace(outcome.facts, failure=failure))
    if shadowing:
        try:
            outcome = _with(outcome, _found(one, shadowing))
        except InvalidInput:
            # What only shadows keeps no comment from its readers.
            log.exception("word_lists_of_shadow_unreadable", site=str(one.comment.site_id))
    return replace(one, outcome=outcome)


def _found(one: Scored, lists: Sequence[WordList]) -> tuple[str, ...]:
    text = as_read(one.comment.text or "", one.comment.format)
    return words_in(lists, text, one.outcome.cleaned)


def _with(outcome: Outcome, found: Sequence[str]) -> Outcome:
    known = outcome.facts.circumstances
    known = replace(known, words=tuple(dict.fromkeys((*known.words, *found))))
    return replace(outcome, facts=replace(outcome.facts, circumstances=known))
