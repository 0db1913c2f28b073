"""Rules in tests: publishing limits and word lists, and deciding by them."""

from collections.abc import Mapping
from itertools import islice, product
from typing import Any

from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.model.labels import Label, Scores
from moderation.model.measures import Limit, Measure
from moderation.model.policy import FIRST_THRESHOLDS, Threshold
from moderation.model.word_lists import MOST_ENTRIES, WordList
from moderation.runtime import Runtime
from moderation.services import tuning
from moderation.services.reading import CommentView, get_comment
from moderation.services.tuning import Draft
from tests.factories import CIVIL, Agora, classify_all, submit

LETTERS = "\u0430\u0431\u0432\u0433\u0434\u0435\u0436\u0437\u0438\u043a"
RUDE = WordList("Rude", Action.FLAG, ("canary", "coal mine*"))


def draft_of_rules(thresholds: Mapping[Label, Threshold], seen: int) -> Draft:
    """Return a draft with a limit for each measure, and with words."""
    limits = {measure: Limit(2) for measure in Measure}
    return Draft(thresholds, "x", seen, limits=limits, word_lists=(RUDE,))


def russian_lists(lists: int, letters: int) -> tuple[WordList, ...]:
    """Return full lists, whose letters take six bytes each in a form as well as in JSON.

    Entries begin alike: if each letter were another, RE2 would find long ones too large.
    """
    endings = map("".join, product(LETTERS, repeat=4))
    entries = (ending.rjust(letters, "\u0448") for ending in endings)
    return tuple(
        WordList(f"List {n}", Action.FLAG, tuple(islice(entries, MOST_ENTRIES)))
        for n in range(lists)
    )


def publish_rules(
    runtime: Runtime,
    agora: Agora,
    limits: Mapping[Measure, Limit] | None = None,
    *lists: WordList,
) -> int:
    """Put the first thresholds with these rules into force at Agora; return the version."""
    seen = tuning.read_tuning(runtime, agora.olga, agora.site_id).newest
    draft = Draft(FIRST_THRESHOLDS, "rules", seen, limits=limits or {}, word_lists=lists)
    return tuning.publish(runtime, agora.olga, agora.site_id, draft).version


def decide_one(
    runtime: Runtime,
    site_id: SiteId,
    external_id: str,
    scores: Scores = CIVIL,
    **fields: Any,  # noqa: ANN401 - fields of NewComment
) -> CommentView:
    """Return a comment as it is decided."""
    submitted = submit(runtime, site_id, external_id, **fields)
    classify_all(runtime, scores)
    return get_comment(runtime, site_id, submitted.comment_id)
