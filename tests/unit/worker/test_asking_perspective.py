"""One question to Perspective over real sockets, and what each answer means."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from moderation.model.errors import InvalidInput
from moderation.model.ids import CommentId, SiteId, new_uuid
from moderation.model.perspective import ASKED, Question, Reply, ShadowState
from moderation.services.shadowing import Shadowing
from tests.perspective_server import Answered, Asked, Perspective, error, perspective_server
from worker.guarded_network import Transport
from worker.perspective import ask

pytestmark = pytest.mark.enable_socket

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
KEY = "AIza-the-key-of-the-site"
QUESTION = Question(
    site_id=SiteId(new_uuid()),
    comment_id=CommentId(new_uuid()),
    revision=1,
    language="pt-BR",
    asked_since=NOW,
    spacing=1.0,
    text="You are an idiot.",
    key=KEY,
)


@pytest.fixture(scope="module")
def google() -> Iterator[Perspective]:
    with perspective_server() as made:
        yield made


def reply(google: Perspective, answer: Callable[[Asked], Answered]) -> Reply:
    google.answer = answer
    return ask(QUESTION, google.url, NOW)


def scored(value: object) -> Callable[[Asked], Answered]:
    return lambda _: (200, {"attributeScores": {"TOXICITY": {"summaryScore": value}}}, {})


def test_a_question_names_key_and_language_and_asks_to_keep_nothing(google: Perspective) -> None:
    assert ask(QUESTION, f"{google.url}/", NOW) == Reply(dict.fromkeys(ASKED, 0.9))
    asked = google.asked[-1]
    assert (asked.path, asked.headers["x-goog-api-key"]) == ("/v1alpha1/comments:analyze", KEY)
    assert asked.body == {
        "comment": {"text": QUESTION.text, "type": "PLAIN_TEXT"},
        "requestedAttributes": {attribute: {} for attribute in ASKED},
        "doNotStore": True,
        "languages": ["pt"],
    }


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (error(401), ShadowState.KEY_REFUSED),
        (error(403), ShadowState.KEY_REFUSED),
        (error(400, {"reason": "API_KEY_INVALID"}), ShadowState.KEY_REFUSED),
        (error(404), ShadowState.GONE),
        (error(410), ShadowState.GONE),
    ],
)
def test_some_answers_mean_that_it_is_over(
    google: Perspective, answer: Callable[[Asked], Answered], state: ShadowState
) -> None:
    found = reply(google, answer)
    assert (found.state, found.scores) == (state, {})
    assert found.problem is not None
    assert found.problem.startswith("it answers 4")
    assert "canary" not in found.problem


@pytest.mark.parametrize(
    "name",
    [
        "COMMENT_EMPTY",
        "COMMENT_TOO_LONG",
        "LANGUAGE_DETECTION_FAILED",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
    ],
)
def test_some_are_about_this_text_alone(google: Perspective, name: str) -> None:
    found = reply(google, error(400, {"errorType": name}))
    assert found == Reply(problem=f"it answers 400, {name}", refused=True)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (error(429), Reply(problem="it answers 429")),
        (error(429, Retry_After="90"), Reply(problem="it answers 429", retry_after=90)),
        (error(503, Retry_After="soon"), Reply(problem="it answers 503")),
        (error(400, {"errorType": "INVALID_REQUEST"}), Reply(problem="it answers 400")),
        (error(302), Reply(problem="it answers 302")),
        (lambda _: (500, ["no error"], {}), Reply(problem="it answers 500")),
    ],
)
def test_after_others_it_is_tried_later(
    google: Perspective, answer: Callable[[Asked], Answered], expected: Reply
) -> None:
    assert reply(google, answer) == expected


@pytest.mark.parametrize(
    "answer",
    [
        scored({"value": 7}),
        scored({"value": "0.5"}),
        scored({"value": True}),
        scored({}),
        scored("canary"),
        lambda _: (200, {"attributeScores": ["canary"]}, {}),
        lambda _: (200, {"attributeScores": {}}, {}),
        lambda _: (200, {}, {}),
        lambda _: (200, ["canary"], {}),
    ],
)
def test_an_answer_without_scores_is_a_failure(
    google: Perspective, answer: Callable[[Asked], Answered]
) -> None:
    assert reply(google, answer) == Reply(problem="its answer holds no scores")


def test_attributes_that_it_leaves_out_have_no_score(google: Perspective) -> None:
    assert reply(google, scored({"value": 0.25})) == Reply({ASKED[0]: 0.25})


def test_nobody_there_and_somebody_late_are_failures(google: Perspective) -> None:
    nowhere = ask(QUESTION, "http://127.0.0.1:1/v1alpha1", NOW)
    assert nowhere == Reply(problem="no connection could be made")
    google.late = True
    late = ask(QUESTION, google.url, NOW, Transport(seconds=0.2))
    google.late = False
    assert late == Reply(problem="no complete answer in time")


@pytest.mark.parametrize(
    "given",
    [
        {"key": ""},
        {"key": "two words"},
        {"key": "a\nb"},
        {"key": "ключ"},
        {"key": "x" * 201},
        {"key": KEY, "share": 0.0},
        {"key": KEY, "share": 1.5},
        {"key": KEY, "share": float("nan")},
        {"key": KEY, "a_second": 0.0},
        {"key": KEY, "a_second": 11.0},
    ],
)
def test_what_cannot_be_begun_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        Shadowing(**given)


def test_a_key_and_a_text_are_in_no_description() -> None:
    said = f"{QUESTION!r} {Shadowing(KEY)!r}"
    assert KEY not in said
    assert QUESTION.text not in said
