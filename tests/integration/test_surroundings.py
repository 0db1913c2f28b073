"""What stands around a comment: the thread, the author's history, and what says the same."""

from typing import Any

import pytest

from moderation.model.comments import Author, Format, Status, Thread
from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.runtime import Runtime
from moderation.services import author_history, likenesses
from moderation.services.author_history import Tally
from moderation.services.desk import comment_file
from moderation.services.erasure import erase
from moderation.services.excerpts import Excerpt
from moderation.services.moderating import decide_comment
from moderation.services.surroundings import Surroundings
from tests.factories import HOSTILE, Agora, classify_all, submit

THREAD = Thread(id="trams", title="Night trams")
SAID = "The council never asked the people of this street what they think of night trams."


def post(runtime: Runtime, agora: Agora, external_id: str, **fields: Any) -> CommentId:  # noqa: ANN401 - fields of NewComment
    fields = {"text": external_id, "thread": THREAD, **fields}
    return submit(runtime, agora.site_id, external_id, **fields).comment_id


def around(runtime: Runtime, agora: Agora, comment_id: CommentId) -> Surroundings:
    return comment_file(runtime, agora.alice, comment_id).around


def texts(found: tuple[Excerpt, ...]) -> list[str | None]:
    return [one.text for one in found]


def test_a_comment_stands_in_its_thread_between_its_neighbours(
    runtime: Runtime, agora: Agora
) -> None:
    ids = {n: post(runtime, agora, f"c{n}") for n in range(9)}
    post(runtime, agora, "elsewhere", thread=Thread(id="other"))
    submit(runtime, agora.other_site_id, "theirs", thread=THREAD)
    thread = around(runtime, agora, ids[4]).thread
    assert texts(thread.before) == ["c1", "c2", "c3"]
    assert texts(thread.after) == ["c5", "c6", "c7"]
    lonely = around(runtime, agora, post(runtime, agora, "lonely", thread=Thread())).thread
    assert lonely.before == lonely.after == ()


def test_what_a_comment_answers_is_shown_up_to_three_above(runtime: Runtime, agora: Agora) -> None:
    for n in range(6):
        post(runtime, agora, f"c{n}", parent_external_id=f"c{n - 1}" if n else "never-sent")
    classify_all(runtime)
    last = around(runtime, agora, post(runtime, agora, "c6", parent_external_id="c5")).thread
    assert texts(last.above) == ["c3", "c4", "c5"]
    assert (last.higher, last.unknown) == (True, None)
    second = around(runtime, agora, last.above[0].id).thread
    assert texts(second.above) == ["c0", "c1", "c2"]
    assert (second.higher, second.unknown) == (True, None)
    first = around(runtime, agora, second.above[1].id).thread
    assert (texts(first.above), first.higher, first.unknown) == (["c0"], False, "never-sent")


def test_comments_that_answer_each_other_in_a_circle_end_somewhere(
    runtime: Runtime, agora: Agora
) -> None:
    own = post(runtime, agora, "self", parent_external_id="self")
    assert around(runtime, agora, own).thread.above == ()
    one = post(runtime, agora, "one", parent_external_id="two")
    post(runtime, agora, "two", parent_external_id="one")
    assert texts(around(runtime, agora, one).thread.above) == ["two"]


def test_replies_are_those_of_the_same_site(runtime: Runtime, agora: Agora) -> None:
    parent = post(runtime, agora, "parent")
    submit(runtime, agora.other_site_id, "theirs", parent_external_id="parent")
    for n in range(6):
        post(runtime, agora, f"r{n}", parent_external_id="parent", thread=Thread())
    thread = around(runtime, agora, parent).thread
    assert texts(thread.replies) == [f"r{n}" for n in range(5)]
    assert thread.more_replies


def test_an_excerpt_is_short_on_one_line_and_as_readers_see_it(
    runtime: Runtime, agora: Agora
) -> None:
    html = f"<p>One</p><p>two</p>{'<b></b>' * 1_000}{'x' * 300}"
    parent = post(runtime, agora, "html", text=html, format=Format.HTML)
    post(runtime, agora, "long", text="y" * 300, parent_external_id="html")
    [reply] = around(runtime, agora, parent).thread.replies
    assert (reply.text, reply.cut) == ("y" * 200, True)
    [above] = around(runtime, agora, reply.id).thread.above
    assert (above.text, above.cut) == ("One two", True)
    erase(runtime, agora.site_id, parent)
    [above] = around(runtime, agora, reply.id).thread.above
    assert (above.text, above.author, above.status) == (None, None, Status.ERASED)


def test_an_author_s_comments_are_counted_by_what_became_of_them_and_who_said_so(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = Author(id="u1", name="Ines")
    for n in range(3):
        post(runtime, agora, f"kind{n}", author=ines)
    classify_all(runtime)
    flagged = [post(runtime, agora, f"rude{n}", author=ines) for n in range(3)]
    post(runtime, agora, "nameless", author=Author(name="Ines"))
    submit(runtime, agora.other_site_id, "theirs", author=ines)
    classify_all(runtime, HOSTILE)
    decide_comment(runtime, agora.alice, flagged[0], Action.REJECT, seen=1)
    decide_comment(runtime, agora.alice, flagged[1], Action.APPROVE, seen=1)
    mine = post(runtime, agora, "mine", author=Author(id="u1", name="Another name"))
    found = around(runtime, agora, mine).author
    assert found is not None
    assert dict(found.tallies) == {
        Status.APPROVED: Tally(4, 1),
        Status.FLAGGED: Tally(1, 0),
        Status.REJECTED: Tally(1, 1),
        Status.PENDING: Tally(1, 0),
    }
    assert (found.counted, found.is_capped) == (7, False)
    assert texts(found.comments) == ["rude2", "rude1", "rude0", "kind2", "kind1", "kind0"]
    monkeypatch.setattr(author_history, "COUNTED", 2)
    few = around(runtime, agora, mine).author
    assert few is not None
    assert (few.counted, few.is_capped) == (2, True)


def test_an_author_without_an_id_is_known_by_name(runtime: Runtime, agora: Agora) -> None:
    post(runtime, agora, "with id", author=Author(id="u1", name="Wim"))
    post(runtime, agora, "other", author=Author(name="Wim"))
    found = around(runtime, agora, post(runtime, agora, "c", author=Author(name="Wim"))).author
    assert found is not None
    assert not found.author.by_id
    assert texts(found.comments) == ["other"]
    assert around(runtime, agora, post(runtime, agora, "nobody")).author is None


def test_the_same_text_and_nearly_the_same_are_found_at_the_same_site_only(
    runtime: Runtime, agora: Agora
) -> None:
    post(runtime, agora, "same1", text=SAID.upper())
    rejected = post(
        runtime, agora, "same2", text=f"<b>{SAID[:9]}</b>{SAID[9:]}", format=Format.HTML
    )
    alike = post(runtime, agora, "alike", text=SAID.replace("night trams", "late buses"))
    post(runtime, agora, "other", text="I like the new park by the river, and my children do too.")
    submit(runtime, agora.other_site_id, "theirs", text=SAID)
    classify_all(runtime)
    decide_comment(runtime, agora.alice, rejected, Action.REJECT, seen=1)
    # It need not be decided itself.
    mine = post(runtime, agora, "mine", text=SAID)
    found = around(runtime, agora, mine).likenesses
    assert found is not None
    assert (found.same, found.is_capped) == (2, False)
    assert found.statuses == {Status.APPROVED: 1, Status.REJECTED: 1}
    assert next(one.id for one in found.newest) == rejected
    assert [one.excerpt.id for one in found.alike] == [alike]
    assert 0.6 < found.alike[0].likeness < 1


def test_what_is_edited_or_erased_is_no_longer_the_same(runtime: Runtime, agora: Agora) -> None:
    edited, erased = (post(runtime, agora, name, text=SAID) for name in ("edited", "erased"))
    classify_all(runtime)
    mine = post(runtime, agora, "mine", text=SAID)
    post(runtime, agora, "edited", text="Something else.")
    erase(runtime, agora.site_id, erased)
    found = around(runtime, agora, mine).likenesses
    assert found is not None
    assert (found.same, found.alike) == (0, ())
    classify_all(runtime)
    post(runtime, agora, "edited", text=SAID)
    classify_all(runtime)
    found = around(runtime, agora, mine).likenesses
    assert found is not None
    assert [one.id for one in found.newest] == [edited]
    gone = comment_file(runtime, agora.alice, erased).around
    assert (gone.likenesses, gone.author) == (None, None)


def test_of_very_many_of_the_same_only_some_are_counted(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likenesses, "COUNTED", 3)
    ids = [post(runtime, agora, f"c{n}", text="+1") for n in range(6)]
    classify_all(runtime)
    found = around(runtime, agora, ids[2]).likenesses
    assert found is not None
    assert (found.same, found.is_capped) == (3, True)
    assert [one.id for one in found.newest] == [ids[5], ids[4], ids[3]]
