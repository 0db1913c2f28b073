"""Perspective is asked about what was decided, while it lives, and in nobody's way."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import structlog
from sqlalchemy import update

from moderation.broker import Task
from moderation.model.errors import NotFound
from moderation.model.labels import Label
from moderation.model.perspective import ASKED, Question, Reply, ShadowState
from moderation.runtime import Runtime
from moderation.services import asking
from moderation.services.asking import claim_question, has_questions, settle
from moderation.services.classifier_versions import saw_classifier
from moderation.services.comparing import compare
from moderation.services.erasure import erase
from moderation.services.shadowing import Shadow, Shadowing, begin_shadow, end_shadow, shadow_of
from moderation.settings import Settings
from moderation.storage.perspective_shadows import perspective_shadows
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, Agora, classify_all, submit
from tests.installation import DEADLINE, wait_until
from tests.perspective_server import Perspective, error, perspective_server
from tests.statements import heard
from worker import perspective
from worker.asking import ask
from worker.sweep import sweep

KEY = "AIza-the-key-of-the-site"
GREETING, INSULT = "Good morning.", "You are an idiot."


@pytest.fixture
def google() -> Iterator[Perspective]:
    with perspective_server() as made:
        yield made


@pytest.fixture
def settings(settings: Settings, google: Perspective) -> Settings:
    return settings.model_copy(update={"perspective_url": google.url})


@pytest.fixture
def site(runtime: Runtime, agora: Agora) -> Agora:
    """Return Agora, for which Perspective is asked as fast as it may be."""
    saw_classifier(runtime, CLASSIFIER, list(Label))
    begin_shadow(runtime, "agora", Shadowing(KEY, a_second=10))
    return agora


def decided(runtime: Runtime, site: Agora, external_id: str = "c1", text: str = INSULT) -> Any:  # noqa: ANN401 - an id
    comment_id = submit(runtime, site.site_id, external_id, text=text, format="html").comment_id
    classify_all(runtime, HOSTILE if text == INSULT else CIVIL)
    return comment_id


def shadow(runtime: Runtime) -> Shadow:
    found = shadow_of(runtime, "agora")
    assert found is not None
    return found


def rested(runtime: Runtime) -> timedelta:
    """Return for how long nothing will be asked."""
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        return connection.execute(perspective_shadows.select()).one().next_at - now


def wake(runtime: Runtime) -> None:
    """Let the pause between questions be over."""
    with runtime.transaction() as connection:
        past = runtime.database_now(connection) - timedelta(seconds=1)
        connection.execute(update(perspective_shadows).values(next_at=past))


def pairs(runtime: Runtime) -> int:
    return sum(len(one.old) for one in compare(runtime, "agora", CLASSIFIER).pairs)


def test_what_was_decided_is_asked_about_once(
    runtime: Runtime, site: Agora, google: Perspective
) -> None:
    submit(runtime, site.site_id, "c0")
    ask(runtime)
    assert google.asked == [], "it is not decided yet"
    decided(runtime, site, text=f"<b>{INSULT}</b>")
    ask(runtime)
    ask(runtime)
    assert sorted(google.texts()) == [GREETING, INSULT]
    first = google.asked[0]
    assert (first.path, first.headers["x-goog-api-key"]) == ("/v1alpha1/comments:analyze", KEY)
    assert first.body["doNotStore"] is True
    assert set(first.body["requestedAttributes"]) == set(ASKED)
    assert pairs(runtime) == 2 * len(ASKED)
    found = shadow(runtime)
    assert (found.state, found.asked, found.answered, found.refused) == ("on", 2, 2, 0)
    assert found.problem is None


def test_nothing_goes_to_google_where_it_is_not_on(
    runtime: Runtime, site: Agora, google: Perspective
) -> None:
    submit(runtime, site.other_site_id, "b1")
    decided(runtime, site)
    ended = end_shadow(runtime, "agora")
    assert (ended.state, ended.ended_at is not None) == (ShadowState.OFF, True)
    assert not has_questions(runtime)
    ask(runtime)
    assert google.asked == []
    with runtime.reading() as connection:
        assert connection.execute(perspective_shadows.select()).one().key is None
    with pytest.raises(NotFound, match="never asked"):
        end_shadow(runtime, "boule")


def test_what_another_site_has_decided_stays_here(
    runtime: Runtime, site: Agora, google: Perspective
) -> None:
    submit(runtime, site.other_site_id, "b1", text="Boule's own words.")
    decided(runtime, site)
    submit(runtime, site.other_site_id, "b2", text="More of Boule's.")
    classify_all(runtime, HOSTILE)
    ask(runtime)
    assert google.texts() == [INSULT]


def test_what_was_decided_before_it_began_stays_here(
    runtime: Runtime, site: Agora, google: Perspective
) -> None:
    decided(runtime, site)
    begin_shadow(runtime, "agora", Shadowing(KEY))
    ask(runtime)
    assert google.asked == []


def test_what_has_scores_or_a_newer_text_or_was_erased_is_passed_over(
    runtime: Runtime, site: Agora, google: Perspective
) -> None:
    scores = {ASKED[0]: 0.5}
    submit(runtime, site.site_id, "c1", text="Scored by the site.", perspective_scores=scores)
    decided(runtime, site, "c2", text="An older text.")
    erase(runtime, site.site_id, decided(runtime, site, "c3", text="Withdrawn."))
    decided(runtime, site, "c2", text="A newer text.")
    ask(runtime)
    ask(runtime)
    assert google.texts() == ["A newer text."]


def test_it_ends_by_itself_where_the_key_is_refused(
    runtime: Runtime, site: Agora, google: Perspective
) -> None:
    google.answer = error(403)
    decided(runtime, site)
    ask(runtime)
    found = shadow(runtime)
    assert (found.state, found.answered) == (ShadowState.KEY_REFUSED, 0)
    assert (found.problem, found.ended_at is not None) == ("it answers 403", True)
    decided(runtime, site, "c2")
    ask(runtime)
    assert len(google.asked) == 1
    begin_shadow(runtime, "agora", Shadowing(KEY))
    assert shadow(runtime).state is ShadowState.ON


def test_a_text_that_it_refuses_holds_up_no_other(
    runtime: Runtime, site: Agora, google: Perspective
) -> None:
    google.answer = error(400, {"errorType": "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"})
    for external_id in ("c1", "c2"):
        decided(runtime, site, external_id)
    ask(runtime)
    found = shadow(runtime)
    assert (found.state, found.asked, found.refused, found.failures) == (ShadowState.ON, 2, 2, 0)
    assert found.problem == "it answers 400, LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"


def test_after_a_failure_it_rests_for_as_long_as_it_is_told(runtime: Runtime, site: Agora) -> None:
    for wished, seconds in ((None, 2), (90, 90), (999_999, 3600)):
        begin_shadow(runtime, "agora", Shadowing(KEY))
        decided(runtime, site, f"c{seconds}")
        settle(runtime, claimed(runtime), Reply(problem="it answers 429", retry_after=wished))
        found = shadow(runtime)
        assert (found.state, found.answered, found.failures) == (ShadowState.ON, 0, 1)
        assert seconds - 2 < rested(runtime).total_seconds() <= seconds


def test_it_rests_longer_after_each_failure_until_it_is_answered(
    runtime: Runtime, site: Agora
) -> None:
    decided(runtime, site)
    question = claimed(runtime)
    for _ in range(12):
        settle(runtime, question, Reply(problem="it answers 500"))
    assert shadow(runtime).failures == 12
    assert rested(runtime).total_seconds() > 290
    settle(runtime, question, Reply({ASKED[0]: 0.5}))
    assert (shadow(runtime).failures, shadow(runtime).problem) == (0, None)


def test_a_late_answer_is_waited_for_by_one_thread(
    runtime: Runtime, site: Agora, google: Perspective, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.late = True
    monkeypatch.setattr(perspective, "SECONDS", DEADLINE)
    decided(runtime, site)
    waiting = threading.Thread(target=ask, args=(runtime,))
    waiting.start()
    wait_until(lambda: bool(google.asked))
    decided(runtime, site, "c2", text=GREETING)
    wake(runtime)
    assert has_questions(runtime)
    ask(runtime)
    assert waiting.is_alive()
    assert google.texts() == [INSULT], "two threads wait for it"
    google.over.set()
    waiting.join(DEADLINE)
    assert not waiting.is_alive()


def test_a_late_answer_is_waited_for_in_bounded_time(
    runtime: Runtime, site: Agora, google: Perspective, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.late = True
    monkeypatch.setattr(perspective, "SECONDS", 0.5)
    decided(runtime, site)
    ask(runtime)
    # It is late still: nobody let it answer.
    assert not google.over.is_set()
    assert shadow(runtime).problem == "no complete answer in time"


def test_a_share_is_drawn_by_lot(runtime: Runtime, site: Agora) -> None:
    begin_shadow(runtime, "agora", Shadowing(KEY, share=0.25))
    for at in range(80):
        submit(runtime, site.site_id, f"c{at}")
    classify_all(runtime)
    lot, drawn = Random(1), 0  # noqa: S311 - no secret
    while has_questions(runtime):
        drawn += claim_question(runtime, lot) is not None
        wake(runtime)
    assert 10 <= drawn <= 30
    assert shadow(runtime).asked == drawn


def test_it_asks_no_faster_than_it_may(runtime: Runtime, site: Agora) -> None:
    begin_shadow(runtime, "agora", Shadowing(KEY, a_second=0.01))
    for external_id in ("c1", "c2"):
        decided(runtime, site, external_id)
    assert claim_question(runtime) is not None
    assert claim_question(runtime) is None
    assert not has_questions(runtime)
    assert 95 < rested(runtime).total_seconds() <= 100


def test_what_waited_for_too_long_is_passed_over(
    runtime: Runtime, site: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(runtime, site)
    monkeypatch.setattr(asking, "PATIENCE", timedelta(seconds=-1))
    assert not has_questions(runtime)
    assert claim_question(runtime) is None


def claimed(runtime: Runtime) -> Question:
    question = claim_question(runtime)
    assert question is not None
    return question


def test_a_comment_that_is_erased_meanwhile_keeps_no_scores(runtime: Runtime, site: Agora) -> None:
    comment_id = decided(runtime, site)
    question = claimed(runtime)
    erase(runtime, site.site_id, comment_id)
    settle(runtime, question, Reply({ASKED[0]: 0.9}))
    assert pairs(runtime) == 0
    assert shadow(runtime).answered == 1


def test_a_reply_to_an_older_key_says_nothing_of_the_new_one(runtime: Runtime, site: Agora) -> None:
    decided(runtime, site)
    question = claimed(runtime)
    begin_shadow(runtime, "agora", Shadowing("another-key"))
    settle(runtime, question, Reply(problem="no", state=ShadowState.KEY_REFUSED))
    assert shadow(runtime).state is ShadowState.ON
    end_shadow(runtime, "agora")
    settle(runtime, question, Reply(problem="no", state=ShadowState.GONE))
    assert shadow(runtime).state is ShadowState.OFF


def test_neither_key_nor_text_is_logged_or_shown(
    runtime: Runtime, site: Agora, google: Perspective, caplog: pytest.LogCaptureFixture
) -> None:
    google.answer = error(403)
    decided(runtime, site)
    with structlog.testing.capture_logs() as logged:
        ask(runtime)
    assert [one["problem"] for one in logged] == ["it answers 403"]
    question = Question(
        site_id=site.site_id,
        comment_id=decided(runtime, site, "c2"),
        revision=1,
        language="en",
        asked_since=runtime.clock.now(),
        spacing=1.0,
        text=INSULT,
        key=KEY,
    )
    said = f"{logged}{caplog.text}{question}{Shadowing(KEY)}{shadow(runtime)}"
    assert KEY not in said
    assert INSULT not in said


def test_the_sweep_rings_where_there_is_something_to_ask(runtime: Runtime, site: Agora) -> None:
    sweep(runtime)
    assert runtime.broker.waiting_calls(Task.ASK) == 0
    decided(runtime, site)
    sweep(runtime)
    assert runtime.broker.waiting_calls(Task.ASK) == 1


@pytest.mark.usefixtures("site")
def test_where_nobody_wants_it_the_sweep_looks_once(runtime: Runtime) -> None:
    end_shadow(runtime, "agora")
    with heard(runtime) as said:
        assert not has_questions(runtime)
    assert len(said) == 1
