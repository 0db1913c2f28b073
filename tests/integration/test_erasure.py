"""What a person withdraws is gone: from the tables, from Redis and from the files."""

from pathlib import Path
from uuid import UUID

import pytest

from moderation.announcer import Announcer
from moderation.model.bulks import Fate, Means, Selection
from moderation.model.comments import Author, NewComment
from moderation.model.decisions import Action
from moderation.model.ids import new_uuid
from moderation.model.reports import Notice
from moderation.model.team_notes import About
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services import bulk_previewing
from moderation.services.bulk_previewing import preview
from moderation.services.erasure import erase
from moderation.services.intake import Intake
from moderation.services.team_notes import add_note
from tests.bulks import begin, fates, flagged, run
from tests.complaining import appealed, decide, reported
from tests.factories import Agora, classify_all, make_agora

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


def files_with(text: str, folder: Path) -> list[Path]:
    return [
        path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()
    ]
