"""The simulator on the thresholds page: what is told, of which period, and what is answered."""

import re
from datetime import timedelta
from html import unescape

import pytest

from moderation.model.comments import Thread
from moderation.model.decisions import Action
from moderation.model.ids import CommentId
from moderation.model.labels import Label
from moderation.model.preferences import Preferences
from moderation.model.reviews import Cause
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.services.moderating import decide_comment
from moderation.services.preferences import choose
from moderation.storage import comments
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_thresholds import FORM, KNOWN

BETWEEN = CIVIL | {Label.INSULT: 0.6}
LOWER = FORM | {"flag_insult": "0.55", "do": "try", "seen": 1, "version": 1}


@pytest.fixture(autouse=True)
def scored(runtime: Runtime, agora: Agora) -> list[CommentId]:
    """Forty comments from before the last 30 days, and then two that are flagged and three more."""
    saw_classifier(runtime, CLASSIFIER, KNOWN)
    now = runtime.clock.now()
    for n in range(40):
        submit(runtime, agora.site_id, f"old{n}", created_at=now - timedelta(days=60))
    classify_all(runtime, HOSTILE)
    ids = []
    for n, scores in enumerate([HOSTILE, HOSTILE, CIVIL, BETWEEN, CIVIL | {Label.INSULT: 0.56}]):
        thread = Thread(id="t", section=f"section {n % 2}")
        added = submit(runtime, agora.site_id, f"c{n}", text=f"Text {n}.", thread=thread)
        ids.append(added.comment_id)
        classify_all(runtime, scores)
    return ids


def reject(runtime: Runtime, agora: Agora, comment_id: CommentId) -> None:
    with runtime.reading() as connection:
        comment = comments.by_id(connection, comment_id)
    assert comment is not None
    decide_comment(runtime, agora.olga, comment_id, Action.REJECT, seen=comment.sequence)


def words(page: str) -> str:
    """Return what a page says, on one line."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())


def test_the_last_thirty_days_are_told_of_and_others_can_be_chosen(olga: Browser) -> None:
    assert (
        "Of the 5 comments of the last 30 days, 2 wait for a person" in olga.get("/thresholds").text
    )
    for days, told in ((7, "the 5 comments of the last 7 days, 2"), (0, "all 45 comments, 42")):
        page = olga.get(f"/thresholds?days={days}").text
        assert f"Of {told} wait for a person" in page
        assert f'<option value="{days}" selected>' in page
    assert '<option value="30" selected>' in olga.get("/thresholds?days=11").text


def test_a_line_that_is_dragged_is_answered_with_what_changes_alone(olga: Browser) -> None:
    olga.get("/thresholds")
    part = olga.post("/thresholds", 200, **LOWER).text
    assert "<html" not in part
    said = words(part)
    assert "Of the 5 comments of the last 30 days, 4 would wait for a person instead of 2" in said
    assert "2 approved now, would wait for a person" in said
    assert "Approved now and stopped then: 2. Nobody has looked at 2 of these" in said
    # Nearest to the new line first.
    assert said.index("Text 4.") < said.index("Text 3.")
    assert "insult 0.560" in said
    assert "Text 0." not in said
    assert re.search(r"insult 2 4", said), "by label"
    assert re.search(r"section 0 1 2 section 1 1 2", said), "by section"


def test_a_number_that_cannot_be_is_said_to_the_script_too(olga: Browser) -> None:
    olga.get("/thresholds")
    part = olga.post("/thresholds", 422, **LOWER | {"flag_insult": "much"}).text
    assert "Insult: write a number such as 0.8" in words(part)
    part = olga.post("/thresholds", 422, **LOWER | {"other_languages": "route"}).text
    assert "made by `copydesk site set`" in words(part)


def test_what_people_rejected_and_would_be_missed_is_told(
    runtime: Runtime, agora: Agora, olga: Browser, scored: list[CommentId]
) -> None:
    page = olga.get("/thresholds").text
    assert "Your moderators rejected none of them" in page
    for comment_id in (scored[0], scored[2]):
        reject(runtime, agora, comment_id)
    page = words(olga.get("/thresholds").text)
    assert "1 of the 2 that your moderators rejected are missed. That is too few to tell" in page
    assert "too few to tell (2)" in page
    higher = FORM | {"flag_insult": "", "flag_toxicity": "", "do": "try", "seen": 1, "version": 1}
    said = words(olga.post("/thresholds", 200, **higher).text)
    assert "2 of the 2 that your moderators rejected would be missed instead of 1" in said
    assert "2 wait for a person now, would be approved" in said
    assert "People have judged 1 of the 2" in said


def test_texts_that_somebody_hides_are_veiled_here_too(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    choose(runtime, agora.olga, Preferences(hide=Cause.THREAT))
    submit(runtime, agora.site_id, "threat", text="I know where you live.")
    classify_all(runtime, CIVIL | {Label.THREAT: 0.9})
    olga.get("/thresholds")
    part = olga.post("/thresholds", 200, **LOWER | {"flag_threat": ""}).text
    veiled = re.search(r"<details class=\"veil\">.*?</details>", part, re.DOTALL)
    assert veiled is not None
    assert "I know where you live." in words(veiled[0])
    assert "I know where you live." not in words(part.replace(veiled[0], ""))


def test_another_site_s_comments_are_not_replayed(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    submit(runtime, agora.other_site_id, "theirs", text="Text of Boule.")
    classify_all(runtime, BETWEEN)
    olga.get("/thresholds")
    part = olga.post("/thresholds", 200, **LOWER).text
    assert "Of the 5 comments" in part
    assert "Text of Boule." not in part
