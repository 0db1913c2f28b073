"""What Coral is told to do is what was decided, once, and stands on the desk."""

from typing import Any

from sqlalchemy import select

from moderation.model.comments import Comment, Display, Format, Status
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.coral import connect, disconnect
from moderation.services.erasure import erase
from moderation.services.sites import change_site, disable_site
from moderation.storage.comments import comments, to_comment
from moderation.storage.decisions import decisions
from moderation.storage.policies import policies
from moderation.storage.reviews import reviews
from tests import coral
from tests.coral import PUBLISHED, TOXIC, Obeyed
from tests.factories import CIVIL, HOSTILE, INSULT, Agora
from tests.integration.coral.conftest import ADDRESS, Post, deciding, held, obeyed

FLAGGED = Obeyed("PREMOD", (TOXIC,))


def entered(runtime: Runtime) -> list[Comment]:
    with runtime.reading() as connection:
        rows = connection.execute(select(comments).order_by(comments.c.id))
        return [to_comment(row) for row in rows]


def rows(runtime: Runtime, table: Any) -> list[Any]:  # noqa: ANN401 - a table
    with runtime.reading() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def test_the_answer_is_the_decision_and_there_is_one(post: Post, runtime: Runtime) -> None:
    for text, scores, expected in (
        ("Good morning.", CIVIL, Obeyed(PUBLISHED)),
        (INSULT, HOSTILE, FLAGGED),
        ("What nobody could score.", {}, Obeyed("PREMOD")),
    ):
        with deciding(runtime, scores):
            for _ in range(2):
                answer = post(text)
                assert obeyed(answer) == expected
                assert "Copydesk-Reason" not in answer.headers
    statuses = [one.status for one in entered(runtime)]
    assert statuses == [Status.APPROVED, Status.FLAGGED, Status.FLAGGED]
    assert [one.policy_version for one in rows(runtime, decisions)] == [1, 1, 1]
    assert len(rows(runtime, reviews)) == 2


def test_the_policy_in_force_rejects_and_the_site_may_show_what_is_flagged(
    post: Post, runtime: Runtime
) -> None:
    change_site(runtime, "agora", while_pending=Display.SHOW, while_flagged=Display.SHOW)
    with deciding(runtime, HOSTILE):
        assert obeyed(post(INSULT)) == Obeyed(PUBLISHED, (TOXIC,))
    # What nobody could judge is held all the same, and so is what could be judged in part.
    with deciding(runtime, {}):
        assert obeyed(post("Another one.")) == Obeyed("PREMOD")
    with deciding(runtime, {Label.INSULT: 0.9}):
        assert obeyed(post("And one more.")) == FLAGGED
    with runtime.transaction() as connection:
        stored = {Label.INSULT: {"flag": 0.5, "reject": 0.8}}
        connection.execute(policies.update().values(thresholds=stored))
    with deciding(runtime, HOSTILE):
        assert obeyed(post("A third.")) == Obeyed("REJECTED", (TOXIC,))


def test_the_comment_is_that_of_the_site_with_what_coral_says(
    post: Post, runtime: Runtime, agora: Agora
) -> None:
    reply = coral.message("A reply.", parentID="d79b787f") | {"action": "EDIT", "colour": "red"}
    with deciding(runtime, CIVIL):
        post(reply)
        post("<b>html</b>", "/coral/agora?timeout=10000&format=html")
    made, html = entered(runtime)
    assert (made.site_id, made.text, made.format) == (agora.site_id, "A reply.", Format.PLAIN)
    assert (made.author.id, made.author.role) == (reply["author"]["id"], "COMMENTER")
    assert (made.thread.id, made.thread.url) == (reply["story"]["id"], reply["story"]["url"])
    assert made.parent_external_id == "d79b787f"
    assert rows(runtime, comments)[0].metadata == {
        "coral_action": "EDIT",
        "coral_site": "a4bede88-2d2c-4424-bc18-4322a9e285a6",
        "coral_tenant": "comments.example.org",
    }
    assert html.format is Format.HTML


def test_a_secret_is_rolled_and_what_is_not_connected_is_held(post: Post, runtime: Runtime) -> None:
    new = coral.SECRET.replace("1a", "ff")
    with deciding(runtime, HOSTILE):
        # While Coral rolls it, it signs with both.
        for both in ((coral.SECRET, new), (new, coral.SECRET)):
            assert obeyed(post(INSULT, ADDRESS, *both)) == FLAGGED
        connect(runtime, "agora", new)
        assert held(post("Unsigned.", ADDRESS, coral.SECRET)) == "not-signed"
        assert obeyed(post(INSULT, ADDRESS, new)) == FLAGGED
    for switch_off in (disable_site, disconnect):
        switch_off(runtime, "agora")
        assert held(post("Unsigned.", ADDRESS, new)) == "not-signed"
    for name in ("boule", "nowhere", "agora/more", "%00", "Agora"):
        assert held(post("Unsigned.", f"/coral/{name}?timeout=10000", new)) == "not-signed"
    assert [one.text for one in entered(runtime)] == [INSULT]


def test_what_a_person_decided_here_holds_for_the_same_words(
    post: Post, runtime: Runtime, agora: Agora
) -> None:
    with deciding(runtime, CIVIL):
        post(INSULT)
    with runtime.transaction() as connection:
        connection.execute(comments.update().values(status=Status.REJECTED))
    assert obeyed(post(INSULT)).status == "REJECTED"
    erase(runtime, agora.site_id, entered(runtime)[0].id)
    assert held(post(INSULT)) == "erased"
    assert [one.text for one in entered(runtime)] == [None]


def test_whatever_is_taken_can_be_stored(post: Post, runtime: Runtime) -> None:
    for word in ("a\0b", "\u202e\U0001f600'; DROP TABLE sites; --", "x" * 999):
        hostile = coral.message(word, parentID=word) | {
            "action": word,
            "author": {"id": word, "role": word},
            "story": {"id": word, "url": f"https://{word}"},
            "site": {"id": word},
            "tenantID": word,
            "tenantDomain": word,
        }
        with deciding(runtime, CIVIL):
            assert obeyed(post(hostile)) == Obeyed(PUBLISHED)
        made = entered(runtime)[-1]
        assert made.text == word.replace("\0", "\ufffd")
        assert made.author.id in {word, None}
