"""What a person withdraws is gone: from the tables, from Redis and from the files."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from moderation.announcer import Announcer
from moderation.model.acts import ActKind
from moderation.model.bulks import Fate, Means, Selection
from moderation.model.comments import Author, NewComment
from moderation.model.decisions import Action
from moderation.model.ids import CommentId, new_uuid
from moderation.model.reports import Notice
from moderation.model.team_notes import About
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services import bulk_previewing
from moderation.services.bulk_previewing import preview
from moderation.services.erasure import erase
from moderation.services.intake import Intake
from moderation.services.team_notes import add_note
from moderation.services.undoing import undo_last
from moderation.storage.acts import acts
from moderation.storage.audit import audit
from moderation.storage.bulk_comments import bulk_comments
from moderation.storage.bulks import bulks
from tests.bulks import begin, chosen, fates, flagged, run
from tests.complaining import appealed, decide, reported
from tests.factories import Agora, classify_all, make_agora
from tests.meanwhile import meanwhile

CANARY = "canary in a coal mine"
KARIM = Author(id="u1", name=CANARY)


def test_an_erased_text_is_in_no_file_of_sqlite_and_in_no_key_of_redis(
    held_runtime: Runtime, tmp_path: Path
) -> None:
    agora = make_agora(held_runtime)
    announcer = Announcer(held_runtime.broker)
    intake = Intake(held_runtime, announcer)
    submitted = intake.submit(agora.site_id, NewComment("c1", CANARY, author=KARIM))
    intake.submit(agora.site_id, NewComment("c1", f"{CANARY}, edited", author=KARIM))
    intake.close()
    announcer.close()
    classify_all(held_runtime)
    comment_id = submitted.comment_id
    for about in About:
        add_note(held_runtime, agora.alice, comment_id, about, f"Quotes {CANARY}.")
    reported(held_runtime, agora.site_id, comment_id, words=CANARY, notice=Notice(CANARY))
    decide(held_runtime, agora.alice, comment_id, Action.REJECT, words=Words(note=CANARY))
    appealed(held_runtime, agora.site_id, comment_id, f"It was a {CANARY}.")
    held_runtime.database.checkpoint()
    assert files_with(CANARY, tmp_path), "the text was never stored"
    erase(held_runtime, agora.site_id, comment_id)
    held_runtime.database.checkpoint()
    assert files_with(CANARY, tmp_path) == []
    redis = held_runtime.broker.redis
    assert [key for key in redis.scan_iter() if CANARY.encode() in (redis.dump(key) or b"")] == []


SELECTED: dict[Means, Callable[[list[CommentId]], Selection]] = {
    Means.HAND: lambda ids: chosen(*ids),
    Means.AUTHOR: lambda ids: Selection(Means.AUTHOR, like=ids[0]),
    Means.TEXT: lambda ids: Selection(Means.TEXT, like=ids[0]),
}


@pytest.mark.parametrize("means", SELECTED)
def test_a_bulk_that_outlives_its_comments_names_none_of_them(
    runtime: Runtime, agora: Agora, means: Means
) -> None:
    ids = flagged(runtime, agora.site_id, 2, author=KARIM)
    begin(runtime, agora.alice, SELECTED[means](ids))
    run(runtime)
    assert named(runtime, ids) == set(ids), "until they are erased"
    undo_last(runtime, agora.alice)
    run(runtime)
    for one in ids:
        erase(runtime, agora.site_id, one)
    assert named(runtime, ids) == set()


def named(runtime: Runtime, ids: list[CommentId]) -> set[CommentId]:
    """Return which of these comments any row names that there is of bulks."""
    of_bulks = (
        select(bulks),
        select(bulk_comments),
        select(acts).where(acts.c.kind == ActKind.BULK),
        select(audit).where(audit.c.action.in_(("bulk", "bulk-undo"))),
    )
    with runtime.reading() as connection:
        rows = [str(connection.execute(each).all()) for each in of_bulks]
    assert "[]" not in (rows[0], *rows[2:])
    return {one for one in ids if any(str(one) in row for row in rows)}


@pytest.mark.parametrize("means", [Means.AUTHOR, Means.TEXT])
def test_no_bulk_says_whose_an_erased_comment_was_or_what_it_said(
    runtime: Runtime, agora: Agora, means: Means
) -> None:
    ids = flagged(runtime, agora.site_id, 3, author=KARIM)
    selection = Selection(means, like=ids[0])
    looked, over = preview(runtime, agora.olga, selection), begin(runtime, agora.alice, selection)
    erase(runtime, agora.site_id, ids[1])
    run(runtime)
    erase(runtime, agora.site_id, ids[2])
    assert ids[1] not in fates(runtime, looked)
    assert fates(runtime, over) == {ids[0]: Fate.DONE}


def test_what_is_erased_while_it_is_selected_is_in_no_bulk(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = flagged(runtime, agora.site_id, 2, author=KARIM)

    def meanwhile() -> UUID:
        erase(runtime, agora.site_id, ids[0])
        return new_uuid()

    monkeypatch.setattr(bulk_previewing, "new_uuid", meanwhile)
    selection = Selection(Means.AUTHOR, like=ids[1])
    assert fates(runtime, preview(runtime, agora.alice, selection)) == {ids[1]: Fate.WAITING}


def test_what_is_selected_while_it_is_erased_is_in_no_bulk(runtime: Runtime, agora: Agora) -> None:
    ids = flagged(runtime, agora.site_id, 2, author=KARIM)
    selection = Selection(Means.AUTHOR, like=ids[1])
    with meanwhile(
        runtime, "UPDATE comments", lambda: preview(runtime, agora.alice, selection)
    ) as acted:
        erase(runtime, agora.site_id, ids[0])
        assert ids[0] not in fates(runtime, acted())


def files_with(text: str, folder: Path) -> list[Path]:
    return [
        path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()
    ]
