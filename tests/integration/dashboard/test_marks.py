"""The words that raised a comment's scores, marked on its card."""

from moderation.model.comments import Format
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from tests.factories import HOSTILE, Agora, classify_all, flagged_comment, mark_words, submit
from tests.integration.dashboard.conftest import Browser

LINE = "Marked: the words that raised the scores most (an approximation)"
IDIOT = [Mark(11, 16, Label.INSULT, 0.99), Mark(11, 16, Label.TOXICITY, 0.8)]
DRAWN = (
    '<mark class="raised-3" title="insult, toxicity">idiot'
    '<span class="visually-hidden"> (insult, toxicity)</span></mark>'
)


def test_a_card_marks_words_with_their_labels_and_says_what_marks_are(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    mark_words(runtime, IDIOT)
    for page in ("/queue", f"/comments/{comment_id}"):
        shown = alice.get(page).text
        assert f"You are an {DRAWN}.</bdi>" in shown
        assert LINE in shown


def test_a_card_without_marks_says_nothing_of_them(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    flagged_comment(runtime, agora.site_id)
    assert LINE not in alice.get("/queue").text
    mark_words(runtime, [])
    assert LINE not in alice.get("/queue").text


def test_marks_are_those_of_the_present_text(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    mark_words(runtime, IDIOT)
    submit(runtime, agora.site_id, text="Good morning, all of you.")
    assert "<mark" not in alice.get(f"/comments/{comment_id}").text
    erase(runtime, agora.site_id, comment_id)
    assert "<mark" not in alice.get(f"/comments/{comment_id}").text


def test_marks_lie_in_html_as_readers_see_it(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    html = "<p>You <b>are</b> an <i>id</i>iot.</p>"
    submit(runtime, agora.site_id, text=html, format=Format.HTML)
    classify_all(runtime, HOSTILE)
    mark_words(runtime, IDIOT)
    assert f"You are an {DRAWN}.</bdi>" in alice.get("/queue").text


def test_a_folded_text_says_that_marked_words_are_behind_the_click(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    text = "words " * 500 + "idiot"
    submit(runtime, agora.site_id, text=text)
    classify_all(runtime, HOSTILE)
    mark_words(runtime, [Mark(3_000, 3_005, Label.INSULT, 0.96)])
    page = alice.get("/queue").text
    assert '<mark class="raised-2" title="insult">idiot<span' in page
    assert "characters, with marked words</summary>" in page
    mark_words(runtime, [Mark(0, 5, Label.INSULT, 0.9)])
    assert "characters</summary>" in alice.get("/queue").text
