"""Team notes: for the desk alone, removed by who wrote them, and gone with what they are about."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from moderation.model.comments import Author
from moderation.model.errors import Erased, Forbidden, InvalidInput, NotFound
from moderation.model.ids import CommentId
from moderation.model.team_notes import About
from moderation.runtime import Runtime
from moderation.services.desk import comment_file, queue_page
from moderation.services.erasure import erase
from moderation.services.team_notes import add_note, remove_note
from moderation.storage import audit, team_notes
from tests.factories import HOSTILE, Agora, classify_all, submit

KARIM = Author(id="u1", name="Karim")


def write(runtime: Runtime, agora: Agora, external_id: str, author: Author = KARIM) -> CommentId:
    submitted = submit(runtime, agora.site_id, external_id, text=external_id, author=author)
    classify_all(runtime, HOSTILE)
    return submitted.comment_id


def seen_at(runtime: Runtime, agora: Agora, comment_id: CommentId) -> list[str]:
    return [note.text for note in comment_file(runtime, agora.alice, comment_id).around.notes]


def stored(runtime: Runtime) -> list[str]:
    with runtime.reading() as connection:
        return list(connection.execute(select(team_notes.team_notes.c.text)).scalars())


def test_a_note_is_seen_at_its_comment_or_at_all_of_its_author_s(
    runtime: Runtime, agora: Agora
) -> None:
    one, two = write(runtime, agora, "c1"), write(runtime, agora, "c2")
    namesake = write(runtime, agora, "c3", Author(name="Karim"))
    add_note(runtime, agora.alice, one, About.COMMENT, " Look at this. ")
    add_note(runtime, agora.olga, one, About.AUTHOR, "Was warned.")
    assert seen_at(runtime, agora, one) == ["Was warned.", "Look at this."]
    assert seen_at(runtime, agora, two) == ["Was warned."]
    assert seen_at(runtime, agora, namesake) == []
    cards = queue_page(runtime, agora.alice, [agora.site_id]).cards
    assert {card.comment.id: card.notes for card in cards} == {one: 2, two: 1, namesake: 0}


def test_a_note_is_removed_by_who_wrote_it_only(runtime: Runtime, agora: Agora) -> None:
    comment_id = write(runtime, agora, "c1")
    note = add_note(runtime, agora.alice, comment_id, About.COMMENT, "Mine.")
    with pytest.raises(Forbidden):
        remove_note(runtime, agora.olga, note)
    with pytest.raises(NotFound):
        remove_note(runtime, agora.mallory, note)
    remove_note(runtime, agora.alice, note)
    assert stored(runtime) == []
    with pytest.raises(NotFound):
        remove_note(runtime, agora.alice, note)
    with runtime.reading() as connection:
        rows = list(connection.execute(select(audit.audit).order_by(audit.audit.c.id)))
    said = [(row.action, row.user_id, row.data) for row in rows if "note" in row.action]
    assert said == [
        ("team-note-add", agora.alice.id, {"note": str(note), "about": "comment"}),
        ("team-note-remove", agora.alice.id, {"note": str(note)}),
    ]


def test_what_cannot_be_noted_is_refused(runtime: Runtime, agora: Agora) -> None:
    comment_id = write(runtime, agora, "c1", Author())
    for text in ("", "  ", "x" * 1001):
        with pytest.raises(InvalidInput):
            add_note(runtime, agora.alice, comment_id, About.COMMENT, text)
    with pytest.raises(InvalidInput):
        add_note(runtime, agora.alice, comment_id, About.AUTHOR, "Nobody.")
    with pytest.raises(NotFound):
        add_note(runtime, agora.mallory, comment_id, About.COMMENT, "Theirs.")
    erase(runtime, agora.site_id, comment_id)
    with pytest.raises(Erased):
        add_note(runtime, agora.alice, comment_id, About.COMMENT, "Late.")


def test_notes_are_erased_with_the_comment_and_with_the_author_s_last_one(
    runtime: Runtime, agora: Agora
) -> None:
    one, two = write(runtime, agora, "c1"), write(runtime, agora, "c2")
    add_note(runtime, agora.alice, one, About.COMMENT, "On the comment.")
    add_note(runtime, agora.alice, one, About.AUTHOR, "On the author.")
    erase(runtime, agora.site_id, one)
    assert stored(runtime) == ["On the author."]
    assert seen_at(runtime, agora, two) == ["On the author."]
    erase(runtime, agora.site_id, two)
    assert stored(runtime) == []


def test_of_two_who_erase_an_author_s_last_comments_at_once_one_erases_the_notes(
    runtime: Runtime, agora: Agora
) -> None:
    ids = [write(runtime, agora, f"c{n}") for n in range(8)]
    add_note(runtime, agora.alice, ids[0], About.AUTHOR, "On the author.")
    with ThreadPoolExecutor(len(ids)) as pool:
        list(pool.map(lambda one: erase(runtime, agora.site_id, one), ids))
    assert stored(runtime) == []


def test_a_site_that_says_otherwise_who_wrote_it_leaves_no_note_behind(
    runtime: Runtime, agora: Agora
) -> None:
    only = write(runtime, agora, "c1")
    add_note(runtime, agora.alice, only, About.AUTHOR, "On Karim.")
    submit(runtime, agora.site_id, "c1", text="edited", author=KARIM)
    assert stored(runtime) == ["On Karim."]
    submit(runtime, agora.site_id, "c1", text="edited again", author=Author(name="Wim"))
    assert stored(runtime) == []


def test_an_id_cannot_be_forged_by_a_name(runtime: Runtime, agora: Agora) -> None:
    one = write(runtime, agora, "c1")
    add_note(runtime, agora.alice, one, About.AUTHOR, "On the id.")
    assert seen_at(runtime, agora, write(runtime, agora, "c2", Author(name="id:u1"))) == []
    assert seen_at(runtime, agora, write(runtime, agora, "c3", Author(name="u1"))) == []
