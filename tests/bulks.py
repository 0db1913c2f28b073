"""Bulks in tests: selecting, letting them run, and what became of their comments."""

from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from moderation.model.bulks import BulkAction, Chosen, Fate, Means, Selection
from moderation.model.ids import BulkId, CommentId, SiteId
from moderation.model.labels import Label
from moderation.model.people import User
from moderation.model.words_of_decisions import NOTHING_SAID, Words
from moderation.runtime import Runtime
from moderation.services import bulk_running
from moderation.services.bulk_previewing import preview
from moderation.services.bulk_running import take_turn
from moderation.services.bulks import BulkPage, bulk_page, start
from moderation.storage import audit, comments
from moderation.storage.bulk_comments import bulk_comments
from tests.factories import HOSTILE, Agora, classify_all, submit

SPAM = Words(reason="spam")


def flagged(
    runtime: Runtime, site_id: SiteId, number: int, begin: str = "c", **fields: object
) -> list[CommentId]:
    """Return so many comments that wait for a person."""
    fields = {"text": "You are an idiot."} | fields
    ids = [
        submit(runtime, site_id, f"{begin}{n}", **fields).comment_id  # type: ignore[arg-type]
        for n in range(number)
    ]
    classify_all(runtime, HOSTILE)
    return ids


def scored(runtime: Runtime, site_id: SiteId, scores: Sequence[float]) -> list[CommentId]:
    """Return flagged comments with these scores of toxicity."""
    ids = []
    for n, score in enumerate(scores):
        ids.append(submit(runtime, site_id, f"s{n}", text=f"Comment {n}.").comment_id)
        classify_all(runtime, HOSTILE | {Label.TOXICITY: score})
    return ids


def chosen(*ids: CommentId, seen: int = 1) -> Selection:
    return Selection(Means.HAND, chosen=tuple(Chosen(one, seen) for one in ids))


def words_for(action: BulkAction) -> Words:
    """Return what a person has to say with this."""
    return SPAM if action is BulkAction.REJECT else NOTHING_SAID


def begin(
    runtime: Runtime,
    user: User,
    selection: Selection,
    action: BulkAction = BulkAction.REJECT,
    words: Words | None = None,
) -> BulkId:
    """Preview and say yes."""
    bulk_id = preview(runtime, user, selection)
    start(runtime, user, bulk_id, action, words or words_for(action))
    return bulk_id


def run(runtime: Runtime) -> int:
    """Let workers do all that is to do; return in how many turns."""
    turns = 0
    while take_turn(runtime):
        turns += 1
    return turns


def break_turns(runtime: Runtime, turns: int) -> None:
    """Let so many turns break as a whole."""

    def breaks(*_: object) -> None:
        raise ValueError("broken")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(bulk_running, "_who_may", breaks)
        for _ in range(turns):
            with pytest.raises(ValueError, match="broken"):
                take_turn(runtime)


def fates(runtime: Runtime, bulk_id: BulkId) -> dict[CommentId, Fate]:
    c = bulk_comments.c
    statement = select(c.comment_id, c.fate).where(c.bulk_id == bulk_id).order_by(c.position)
    with runtime.reading() as connection:
        return {row.comment_id: Fate(row.fate) for row in connection.execute(statement)}


def statuses(runtime: Runtime, ids: list[CommentId]) -> Counter[str]:
    with runtime.reading() as connection:
        return Counter(row.status for row in comments.states_of(connection, ids))


def page(runtime: Runtime, agora: Agora, bulk_id: BulkId) -> BulkPage:
    """Return what Alice sees of a bulk of hers."""
    return bulk_page(runtime, agora.alice, bulk_id)


def entries(runtime: Runtime, action: str) -> list[dict[str, object]]:
    with runtime.reading() as connection:
        rows = connection.execute(select(audit.audit).order_by(audit.audit.c.id)).all()
    return [row.data for row in rows if row.action == action]
