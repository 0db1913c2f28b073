"""What is counted of comments when they are decided, and that it costs one statement."""

from collections.abc import Mapping
from random import Random

import pytest
from sqlalchemy import select, update

from moderation.model.comments import Author, Format, Status
from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.model.measures import MOST, Measure
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.services.reading import get_comment_by_external_id
from moderation.services.sites import change_site
from moderation.storage.classifications import classifications, counts_of
from tests.copies import some_texts, with_another_word
from tests.factories import HOSTILE, Agora, FakeClock, classify_all, queue_rescoring, submit
from tests.rules import decide_one
from tests.statements import heard

EXTERNAL_HTML = (
    '<a href="https://spam.example/a">https://spam.example/a</a> <img src="//pixel.example/b"> '
    '<a href="/own">here</a> <a href="https://news.example.org/x">ours</a> www.third.example.'
)


WATCHES = "Buy the best watches here!"
OTHER = "What do I think of watches?"


def counts(runtime: Runtime, comment_id: CommentId) -> Mapping[Measure, int]:
    newest = select(classifications).where(classifications.c.comment_id == comment_id)
    with runtime.reading() as connection:
        row = connection.execute(newest.order_by(classifications.c.id.desc()).limit(1)).one()
    return counts_of(row)


def counted(
    runtime: Runtime, agora: Agora, external_id: str, measure: Measure, **fields: object
) -> int | None:
    view = decide_one(runtime, agora.site_id, external_id, **fields)  # type: ignore[arg-type]
    return counts(runtime, view.comment.id).get(measure)


def test_links_to_other_sites_are_counted_each_once(runtime: Runtime, agora: Agora) -> None:
    def links(external_id: str, text: str, form: Format = Format.PLAIN) -> int | None:
        return counted(runtime, agora, external_id, Measure.LINKS, text=text, format=form)

    change_site(runtime, "agora", hosts=["news.example.org"])
    assert links("none", "No link, not even news.example or a@b.example.") == 0
    assert links("plain", "See http://a.example/x, https://a.example/x and www.b.example!") == 2
    assert links("own", "At https://news.example.org/1 and https://www.news.example.org/") == 0
    assert links("html", EXTERNAL_HTML, Format.HTML) == 3
    assert links("many", " ".join(f"https://a.example/{n}" for n in range(200))) == 100


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example.org@evil.example/",
        "https:\\\\evil.example\\@news.example.org/",
        "https://news.example.org.evil.example",
        "HTTPS:evil.example",
        "ht\ntps://evil.example",
        "//evil.example?news.example.org/",
        "https://[::1]/",
    ],
)
def test_no_address_passes_as_the_sites_own(runtime: Runtime, agora: Agora, address: str) -> None:
    change_site(runtime, "agora", hosts=["news.example.org"])
    text = f'<a href="{address}">here</a>'
    assert counted(runtime, agora, "c1", Measure.LINKS, text=text, format=Format.HTML) == 1


def test_length_is_that_of_what_readers_see(runtime: Runtime, agora: Agora) -> None:
    length = Measure.LENGTH
    assert counted(runtime, agora, "c1", length, text="Ten chars.") == 10
    html = "<p><b>Ten</b>&nbsp;chars.</p>"
    assert counted(runtime, agora, "c2", length, text=html, format=Format.HTML) == 10


@pytest.mark.usefixtures("time_is_held_now")
def test_pace_is_of_the_ten_minutes_before(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    def pace(external_id: str, **author: str | None) -> int | None:
        return counted(runtime, agora, external_id, Measure.PACE, author=Author(**author))  # type: ignore[arg-type]

    assert [pace(f"a{n}", id="u-1", name="Ann") for n in range(3)] == [0, 1, 2]
    assert pace("b1", id="u-2", name="Ann") == 0
    submit(runtime, agora.other_site_id, "b2", author=Author(id="u-2"))
    assert pace("b3", id="u-2") == 1, "the other site's does not count"
    clock.pass_time(minutes=6)
    assert pace("a4", id="u-1") == 3
    clock.pass_time(minutes=6)
    assert pace("a5", id="u-1") == 1
    assert pace("nobody") is None


@pytest.mark.usefixtures("time_is_held_now")
def test_what_waits_together_counts_by_when_it_came(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    ids = []
    for n in range(4):
        author = Author(id="u-1")
        submitted = submit(runtime, agora.site_id, f"c{n}", text=WATCHES, author=author)
        ids.append(submitted.comment_id)
        clock.pass_time(minutes=4)
    # Workers were away: what is counted is what was when it was written.
    clock.pass_time(hours=2)
    classify_all(runtime)
    assert [counts(runtime, one)[Measure.PACE] for one in ids] == [0, 1, 2, 2]
    assert [counts(runtime, one)[Measure.REPEATS] for one in ids] == [0, 1, 2, 3]


def test_approvals_are_those_that_stand(runtime: Runtime, agora: Agora) -> None:
    def approvals(external_id: str, **author: str | None) -> int | None:
        return counted(runtime, agora, external_id, Measure.APPROVALS, author=Author(**author))  # type: ignore[arg-type]

    assert approvals("c1", id="u-1") == 0
    assert approvals("c2", id="u-1") == 1
    first = decide_one(runtime, agora.site_id, "c3", HOSTILE, author=Author(id="u-1"))
    assert first.comment.status is Status.FLAGGED
    assert approvals("c4", id="u-1") == 2
    decide_comment(runtime, agora.alice, first.comment.id, Action.APPROVE, seen=1)
    assert approvals("c5", id="u-1") == 4
    assert approvals("d1") == 0, "an author whom nobody knows"
    for n in range(12):
        last = approvals(f"e{n}", id="u-2")
    assert last == MOST[Measure.APPROVALS]


def test_an_author_without_an_id_is_known_by_name_and_address(
    runtime: Runtime, agora: Agora
) -> None:
    def approvals(external_id: str, **author: str | None) -> int | None:
        return counted(runtime, agora, external_id, Measure.APPROVALS, author=Author(**author))  # type: ignore[arg-type]

    assert approvals("c1", name="Ann", email_digest="1") == 0
    assert approvals("c2", name="Ann", email_digest="1") == 1
    assert approvals("c3", name="Ann", email_digest="2") == 0
    assert approvals("c4", name="Ann") == 0
    assert approvals("c5", name="Ann") == 1
    assert approvals("c6", name="Ann", id="u-1") == 0, "an id says more"


@pytest.mark.usefixtures("time_is_held_now")
def test_repeats_are_of_the_day_before_whatever_their_case(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    def repeats(external_id: str, text: str) -> int | None:
        return counted(runtime, agora, external_id, Measure.REPEATS, text=text)

    assert repeats("c1", f"{WATCHES}!") == 0
    assert repeats("c2", "BUY the  best watches... HERE") == 1
    assert repeats("c3", "Buy the best watches never!") == 0
    queue_rescoring(runtime, decide_one(runtime, agora.site_id, "c4", text=OTHER).comment.id)
    classify_all(runtime)
    decide_one(runtime, agora.other_site_id, "c5", text=WATCHES)
    assert repeats("c1", f"{WATCHES}!!") == 1, "edited: it is no other"
    assert repeats("c6", OTHER) == 1, "scored again, it is still one"
    clock.pass_time(hours=25)
    assert repeats("c7", WATCHES) == 0


SOLD = "I bought {} at half the price, and my whole family is happy. See https://{}.example/{}"
"""Of what is said so, all copies have a number in common."""


@pytest.mark.usefixtures("time_is_held_now")
def test_what_says_nearly_the_same_repeats(
    runtime: Runtime, agora: Agora, clock: FakeClock
) -> None:
    def repeats(external_id: str, text: str) -> int | None:
        return counted(runtime, agora, external_id, Measure.REPEATS, text=text)

    assert repeats("c1", SOLD.format("three watches", "a", 1)) == 0
    assert repeats("c2", SOLD.format("four watches", "b", 2)) == 1
    assert repeats("c3", SOLD.format("two watches", "c", 3)) == 2
    assert repeats("c4", "I bought nothing at all, and my family was never as happy as that.") == 0
    decide_one(runtime, agora.other_site_id, "c5", text=SOLD.format("three watches", "a", 1))
    assert repeats("c6", "The best watches are here: https://a.example/1") == 0
    assert repeats("c7", "The best watches are here: https://b.example/2") == 1
    third = get_comment_by_external_id(runtime, agora.site_id, "c3")
    erase(runtime, agora.site_id, third.comment.id)
    assert repeats("c8", SOLD.format("three watches", "d", 4)) == 2
    clock.pass_time(hours=25)
    assert repeats("c9", SOLD.format("three watches", "e", 5)) == 0


@pytest.mark.parametrize(("other_bytes", "repeats"), [(4, 1), (5, 0)])
def test_who_shares_a_number_says_the_same_where_half_of_the_sketch_agrees(
    runtime: Runtime, agora: Agora, other_bytes: int, repeats: int
) -> None:
    text = SOLD.format("three watches", "a", 1)
    counted(runtime, agora, "c1", Measure.REPEATS, text=text)
    differ = sum(1 << 8 * place for place in range(other_bytes))
    with runtime.transaction() as connection:
        stored = connection.execute(select(classifications.c.sketch)).scalar_one()
        connection.execute(update(classifications).values(sketch=stored ^ differ))
    assert counted(runtime, agora, "c2", Measure.REPEATS, text=text) == repeats


@pytest.mark.usefixtures("time_is_held_now")
def test_what_waits_together_is_told_like_what_is_stored(runtime: Runtime, agora: Agora) -> None:
    draw = Random(4)  # noqa: S311 - nothing secret
    texts = [text for one in some_texts()[:9] for text in (one, with_another_word(one, draw))] * 2
    draw.shuffle(texts)
    apart = [
        counted(runtime, agora, f"c{n}", Measure.REPEATS, text=text) for n, text in enumerate(texts)
    ]
    ids = [
        submit(runtime, agora.other_site_id, f"c{n}", text=text).comment_id
        for n, text in enumerate(texts)
    ]
    classify_all(runtime)
    together = [counts(runtime, one)[Measure.REPEATS] for one in ids]
    # In another order perhaps, and then others come before; but each two are alike or not.
    assert sum(together) == sum(one or 0 for one in apart) > 18


def test_short_texts_repeat_by_themselves(runtime: Runtime, agora: Agora) -> None:
    for n, text in enumerate(("Thanks!", "Thanks a lot, Ann.", "\U0001f602" * 3, " \u200b ")):
        found = [counted(runtime, agora, f"{n}.{m}", Measure.REPEATS, text=text) for m in range(2)]
        assert found == [0, 0]
    long = ("\U0001f602" * 9, "\u4f60\u662f\u4e00\u4e2a\u5927\u574f\u86cb")
    for n, text in enumerate(long):
        found = [counted(runtime, agora, f"l{n}{m}", Measure.REPEATS, text=text) for m in range(2)]
        assert found == [0, 1]


def test_what_is_scored_for_no_decision_is_not_counted(runtime: Runtime, agora: Agora) -> None:
    view = decide_one(runtime, agora.site_id, "c1")
    queue_rescoring(runtime, view.comment.id)
    classify_all(runtime)
    assert counts(runtime, view.comment.id) == {}


def test_counting_takes_one_statement_however_many_there_are(
    runtime: Runtime, agora: Agora
) -> None:
    def statements(size: int) -> int:
        for n in range(size):
            submit(runtime, agora.site_id, f"{size}.{n}", author=Author(id=f"u-{n}"))
        with heard(runtime) as said:
            classify_all(runtime)
        return len([one for one in said if " wanted" in one.text])

    assert statements(1) == statements(9) == 1
