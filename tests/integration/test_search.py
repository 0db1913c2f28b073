"""The search index: in step with the comments, newest first, bounded, and without the erased."""

import re
from pathlib import Path

import pytest

from moderation.model.comments import Author, Format, Status, Thread
from moderation.model.decisions import Action
from moderation.model.desk import Search
from moderation.model.errors import InvalidInput
from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services import finding
from moderation.services.desk import COMMENTS_PAGE, comments_page
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.search_index import drop_removed
from moderation.storage import search as index
from moderation.storage import search_walk
from tests.factories import HOSTILE, Agora, classify_all, make_agora, submit
from tests.statements import heard


def found(
    runtime: Runtime, agora: Agora, search: Search, before: CommentId | None = None
) -> list[str]:
    page = comments_page(runtime, agora.alice, [agora.site_id], search, before)
    return [one.comment.external_id for one in page.listed]


def test_an_edited_comment_is_found_by_its_new_words_only(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id, text="A tangerine.", author=Author(name="Ines"))
    classify_all(runtime)
    submit(runtime, agora.site_id, text="A pomegranate.", author=Author(name="Ines"))
    assert found(runtime, agora, Search(text="tangerine")) == []
    assert found(runtime, agora, Search(text="pomegranate", author="ines")) == ["c1"]
    classify_all(runtime)
    assert found(runtime, agora, Search(text="pomegranate")) == ["c1"]


def test_a_comment_edited_before_it_was_decided_is_found_by_its_new_words_only(
    runtime: Runtime, agora: Agora
) -> None:
    submit(runtime, agora.site_id, text="A tangerine.")
    submit(runtime, agora.site_id, text="A pomegranate.")
    classify_all(runtime)
    assert found(runtime, agora, Search(text="tangerine")) == []
    assert found(runtime, agora, Search(text="pomegranate")) == ["c1"]


def test_what_a_person_decides_before_any_classifier_is_found(
    runtime: Runtime, agora: Agora
) -> None:
    comment_id = submit(runtime, agora.site_id, text="A tangerine.").comment_id
    decide_comment(runtime, agora.alice, comment_id, Action.APPROVE, seen=0)
    assert found(runtime, agora, Search(text="tangerine")) == ["c1"]


def test_html_is_found_by_the_words_that_readers_see(runtime: Runtime, agora: Agora) -> None:
    submit(runtime, agora.site_id, text="<p class=fruit>tange<b>rine</b>", format=Format.HTML)
    classify_all(runtime)
    assert found(runtime, agora, Search(text="tangerine")) == ["c1"]
    assert found(runtime, agora, Search(text="fruit")) == []


def test_an_erased_comment_is_found_by_its_thread_only(runtime: Runtime, agora: Agora) -> None:
    thread = Thread(title="Fruit")
    comment_id = submit(
        runtime, agora.site_id, text="A tangerine.", author=Author(name="Ines"), thread=thread
    ).comment_id
    classify_all(runtime)
    erase(runtime, agora.site_id, comment_id)
    assert found(runtime, agora, Search(text="tangerine")) == []
    assert found(runtime, agora, Search(author="ines")) == []
    assert found(runtime, agora, Search(thread="fruit")) == ["c1"]


def test_erased_words_leave_the_file(held_runtime: Runtime, tmp_path: Path) -> None:
    agora = make_agora(held_runtime)
    for n in range(40):
        submit(held_runtime, agora.site_id, f"c{n}", text=f"I like fruit{n}.")
    comment_id = submit(
        held_runtime, agora.site_id, "erased", text="I like zyzzyvaquarks."
    ).comment_id
    classify_all(held_runtime)
    erase(held_runtime, agora.site_id, comment_id)
    # Its beginning may be shared with the word before it.
    assert b"yvaquarks" in _file(held_runtime, tmp_path)
    drop_removed(held_runtime)
    assert b"yvaquarks" not in _file(held_runtime, tmp_path)
    assert len(found(held_runtime, agora, Search(text="fruit"))) == 40


@pytest.mark.parametrize(("few", "sought"), [(1, "number numb"), (500, "number numb"), (1, "numb")])
def test_a_search_walks_through_all_blocks(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch, few: int, sought: str
) -> None:
    """Also where the longer of two words stands in many places."""
    monkeypatch.setattr(search_walk, "FEW", few)
    monkeypatch.setattr(index, "BLOCK", 3)
    monkeypatch.setattr(search_walk, "MOST_TERMS", 4)
    names = [f"c{n}" for n in range(2 * COMMENTS_PAGE + 7)]
    for name in names:
        submit(runtime, agora.site_id, name, text="number" if name != "c5" else "number tangerine")
        submit(runtime, agora.other_site_id, name, text="number tangerine")
        classify_all(runtime)
    seen: list[str] = []
    before = None
    while True:
        page = comments_page(runtime, agora.alice, [agora.site_id], Search(text=sought), before)
        seen += [one.comment.external_id for one in page.listed]
        before = page.more_before
        if before is None:
            break
    assert seen == names[::-1]
    assert found(runtime, agora, Search(text="tangerine numb")) == ["c5"]


def test_a_common_word_is_read_only_where_the_rare_one_stands(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "BLOCK", 3)
    for n in range(20):
        rare = " tangerine" if n in {4, 10} else ""
        submit(runtime, agora.site_id, f"c{n}", text=f"It is ours{rare}.")
        classify_all(runtime)
    with heard(runtime) as said:
        assert found(runtime, agora, Search(text="ours tangerine")) == ["c10", "c4"]
    asked = [str(one.values) for one in said if "search_words" in one.text]
    # Comments are numbered from 1 on, three a block.
    assert [("ours" in one, _blocks(one)) for one in asked] == [
        (True, {6}),
        (False, {0, 1, 2, 3, 4, 5}),
        (True, {1, 3}),
    ]


def test_a_longest_word_that_many_have_is_looked_for_alone_once(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_walk, "FEW", 2)
    monkeypatch.setattr(search_walk, "MOST_TERMS", 4)
    monkeypatch.setattr(index, "BLOCK", 3)
    for n in range(20):
        submit(
            runtime, agora.site_id, f"c{n}", text="It is ours." if n == 4 else "It is tangerine."
        )
        classify_all(runtime)
    with heard(runtime) as said:
        assert found(runtime, agora, Search(text="ours tangerine")) == []
    asked = [str(one.values) for one in said if "search_words" in one.text]
    assert ["ours" in one for one in asked] == [True, False, True, True, True]


def test_a_search_that_gives_up_says_so_and_can_go_on(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_LOOKED_AT", 4)
    monkeypatch.setattr(finding, "TOGETHER", 2)
    submit(runtime, agora.site_id, "old", text="number")
    classify_all(runtime)
    for n in range(7):
        submit(runtime, agora.site_id, f"c{n}", text="number")
    classify_all(runtime, HOSTILE)
    search, sites = Search(Status.APPROVED, text="number"), [agora.site_id]
    first = comments_page(runtime, agora.alice, sites, search)
    assert first.listed == ()
    assert first.looked_at == 4
    assert first.more_before is not None
    second = comments_page(runtime, agora.alice, sites, search, first.more_before)
    assert [one.comment.external_id for one in second.listed] == ["old"]


@pytest.mark.parametrize("search", [Search(text="…"), Search(text="number", author="!")])
def test_without_a_word_nothing_is_found(runtime: Runtime, agora: Agora, search: Search) -> None:
    submit(runtime, agora.site_id, text="number … !")
    classify_all(runtime)
    assert found(runtime, agora, search) == []


def test_who_has_the_status_is_told_by_ids_and_not_by_the_index_of_all_that_have_it(
    runtime: Runtime, agora: Agora
) -> None:
    for name, action in (("c1", Action.REJECT), ("c2", Action.APPROVE)):
        comment_id = submit(runtime, agora.site_id, name, text="A tangerine.").comment_id
        decide_comment(runtime, agora.alice, comment_id, action, seen=0)
    with heard(runtime) as said:
        assert found(runtime, agora, Search(text="tangerine", status=Status.REJECTED)) == ["c1"]
    assert not [one for one in said if "comments.status =" in one.text]


def test_too_many_words_are_refused(runtime: Runtime, agora: Agora) -> None:
    with pytest.raises(InvalidInput, match="at most 10 words"):
        found(runtime, agora, Search(text="a b c d e f g h i j k"))


def test_a_comment_cannot_speak_the_language_of_the_index(runtime: Runtime, agora: Agora) -> None:
    text = "a' & 'b | !c :* \\ \"d\" AND NOT (e) NEAR/2 ^f {g} h* - + ' OR 1=1; \x7f\u200b"
    submit(runtime, agora.site_id, text=text)
    classify_all(runtime)
    for word in ("a", "b", "near", "not", "d", "1"):
        assert found(runtime, agora, Search(text=f"{word}")) == ["c1"], word
    assert found(runtime, agora, Search(text="a' | 'zzz")) == []
    assert found(runtime, agora, Search(text='d" OR "zzz')) == []


def _blocks(query: str) -> set[int]:
    """Return the blocks that a query names, each before the end of a site's id and a word."""
    return {int(block, 16) for block in re.findall(r"""["']([0-9a-f]{4})[0-9a-f]{4}t""", query)}


def _file(runtime: Runtime, folder: Path) -> bytes:
    runtime.database.checkpoint()
    return (folder / "held.sqlite3").read_bytes()
