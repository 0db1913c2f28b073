"""Comments that are analysed as Perspective analysed them."""

import json
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from classifiers import registry
from classifiers.interface import Classifier
from moderation.model.labels import Label
from moderation.model.perspective import LABELS
from moderation.runtime import Runtime
from moderation.services.sites import change_site
from moderation.storage.comments import comments
from tests.applications import application
from tests.factories import INSULT
from tests.installation import wait_until
from tests.integration.perspective.conftest import PATH, Analyze
from tests.servers import free_port

THREAT = "Te voy a matar, hijo de puta, ya sé dónde vives."


@pytest.fixture(scope="module")
def compact() -> Classifier:
    return registry.load("compact")


def summary(answer: object, attribute: str = "TOXICITY") -> float:
    value = answer.json["attributeScores"][attribute]["summaryScore"]["value"]  # type: ignore[attr-defined]
    return float(value)


def test_an_answer_has_the_shape_and_the_scores_of_the_classifier(
    analyze: Analyze, compact: Classifier
) -> None:
    [scores] = compact.classify([INSULT])
    answer = analyze(
        INSULT,
        requestedAttributes={"TOXICITY": {"scoreType": "PROBABILITY"}, "PROFANITY": None},
        clientToken="comment:1",
        sessionId="s",
        communityId="Coral:agora",
        doNotStore=True,
        context={"entries": [{"text": "An article."}]},
    )
    assert answer.status_code == 200
    assert answer.content_type == "application/json; charset=UTF-8"
    toxicity, profanity = (
        {"value": scores[label], "type": "PROBABILITY"} for label in (Label.TOXICITY, Label.OBSCENE)
    )
    # Without being asked for sentences, Perspective answers one span for all of them.
    span = {"begin": 0, "end": len(INSULT)}
    assert answer.json == {
        "attributeScores": {
            "TOXICITY": {"spanScores": [span | {"score": toxicity}], "summaryScore": toxicity},
            "PROFANITY": {"spanScores": [span | {"score": profanity}], "summaryScore": profanity},
        },
        "languages": ["en"],
        "detectedLanguages": ["en"],
        "clientToken": "comment:1",
    }


def test_every_attribute_that_the_classifier_scores_is_answered(analyze: Analyze) -> None:
    asked = {name: {} for name, label in LABELS.items() if label is not Label.SEXUAL_EXPLICIT}
    answer = analyze(INSULT, requestedAttributes=asked)
    assert set(answer.json["attributeScores"]) == set(asked)
    assert summary(answer, "TOXICITY") == summary(answer, "TOXICITY_FAST")


def test_nothing_is_stored(analyze: Analyze, runtime: Runtime) -> None:
    assert analyze(INSULT).status_code == 200
    with runtime.reading() as connection:
        assert connection.execute(select(func.count()).select_from(comments)).scalar_one() == 0


def test_what_lies_below_the_threshold_is_left_out(analyze: Analyze) -> None:
    exact = summary(analyze(INSULT))
    for least, answered in ((exact, True), (exact + 1e-9, False), (0, True)):
        answer = analyze(INSULT, requestedAttributes={"TOXICITY": {"scoreThreshold": least}})
        assert ("TOXICITY" in answer.json["attributeScores"]) is answered


def test_each_sentence_has_its_span_and_its_score(analyze: Analyze) -> None:
    text = "Good 😀 morning.  You are a stupid idiot! lol"
    answer = analyze(text, spanAnnotations=True)
    found = answer.json["attributeScores"]["TOXICITY"]["spanScores"]
    wide = text.encode("utf-16-le")
    said = [wide[2 * one["begin"] : 2 * one["end"]].decode("utf-16-le") for one in found]
    assert said == ["Good 😀 morning.", "You are a stupid idiot!", "lol"]
    values = [one["score"]["value"] for one in found]
    assert values == [summary(analyze(one)) for one in said]
    few = analyze(
        text, spanAnnotations=True, requestedAttributes={"TOXICITY": {"scoreThreshold": 0.5}}
    )
    assert len(few.json["attributeScores"]["TOXICITY"]["spanScores"]) == 1


def test_html_is_judged_as_read_and_its_spans_are_of_what_was_sent(analyze: Analyze) -> None:
    html = "<p>Good <b>morning.</b></p><p>You are a stu<i></i>pid idiot &amp; moron!</p>"
    comment = {"text": html, "type": "HTML"}
    answer = analyze("", comment=comment, spanAnnotations=True)
    first, second = answer.json["attributeScores"]["TOXICITY"]["spanScores"]
    assert html[first["begin"] : first["end"]] == "Good <b>morning.</b>"
    assert html[second["begin"] : second["end"]] == "You are a stu<i></i>pid idiot &amp; moron!"
    assert first["score"]["value"] < second["score"]["value"]
    assert second["score"]["value"] == summary(analyze("You are a stupid idiot & moron!"))


@pytest.mark.parametrize("text", ["lol", "yo hamburger", "ok", "😀", "!!!", "1", "a\0b", " x "])
def test_a_short_text_counts_as_the_sites_language(analyze: Analyze, text: str) -> None:
    answer = analyze(text)
    assert answer.status_code == 200, answer.text
    assert answer.json["languages"] == ["en"]


def test_who_says_the_language_is_believed_and_told_what_it_seems_to_be(analyze: Analyze) -> None:
    answer = analyze(THREAT, languages=["en"])
    assert answer.status_code == 200
    assert (answer.json["languages"], answer.json["detectedLanguages"]) == (["en"], ["es"])


@pytest.mark.parametrize("languages", [None, ["en", "it"]])
def test_what_cannot_be_scored_in_its_language_may_be_left_out(
    analyze: Analyze, languages: list[str] | None
) -> None:
    answer = analyze(THREAT, languages=languages, dropUnsupportedAttributes=True)
    assert answer.status_code == 200
    assert (answer.json["attributeScores"], answer.json["detectedLanguages"]) == ({}, ["es"])


def test_a_site_of_another_language_is_told_that_short_texts_cannot_be_judged(
    analyze: Analyze, runtime: Runtime
) -> None:
    change_site(runtime, "agora", languages=["es"])
    assert analyze("lol").status_code == 400
    assert analyze("lol", languages=["en-GB"]).json["languages"] == ["en-GB"]


def test_only_the_fields_that_were_asked_for_are_answered(analyze: Analyze) -> None:
    answer = analyze(INSULT, "&fields=attributeScores/TOXICITY/summaryScore/type,languages")
    assert answer.json == {
        "attributeScores": {"TOXICITY": {"summaryScore": {"type": "PROBABILITY"}}},
        "languages": ["en"],
    }
    assert analyze(INSULT, "&fields=*").json == analyze(INSULT).json


def test_answers_are_indented_unless_asked_otherwise(analyze: Analyze) -> None:
    assert "\n  " in analyze(INSULT).text
    compact = analyze(INSULT, "&prettyPrint=false&alt=json&quotaUser=u").text
    assert "\n" not in compact
    assert json.loads(compact) == analyze(INSULT).json


def test_names_are_taken_as_protocol_buffers_take_them(client: FlaskClient, key: str) -> None:
    body = {"comment": {"text": INSULT, "type": None}, "requested_attributes": {"TOXICITY": {}}}
    headers = {"X-Goog-Api-Key": key, "Content-Type": "text/plain"}
    answer = client.post(PATH, data=json.dumps(body | {"do_not_store": True}), headers=headers)
    assert answer.status_code == 200, answer.text


def test_a_long_text_of_many_sentences_is_answered_in_time(analyze: Analyze) -> None:
    answer = analyze("No. " * 1_000, spanAnnotations=True)
    assert answer.status_code == 200, answer.text
    found = answer.json["attributeScores"]["TOXICITY"]["spanScores"]
    assert (len(found), found[-1]["end"]) == (100, 3_999)


def test_without_the_scoring_process_there_is_no_score(runtime: Runtime, key: str) -> None:
    nowhere = {"scoring_url": f"http://127.0.0.1:{free_port()}"}
    settings = runtime.settings.model_copy(update=nowhere)
    body = {"comment": {"text": INSULT}, "requestedAttributes": {"TOXICITY": {}}}
    with application(replace(runtime, settings=settings)) as app:
        answer = app.test_client().post(f"{PATH}?key={key}", json=body)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json == {
        "error": {
            "code": 503,
            "message": "The service is currently unavailable.",
            "status": "UNAVAILABLE",
        }
    }


def test_not_every_thread_waits_for_scores(runtime: Runtime, key: str) -> None:
    with application(runtime) as busy:
        places = busy.extensions["copydesk.asking"]
        taken = [places.acquire(blocking=False) for _ in range(runtime.settings.web_threads)]
        assert taken.count(True) == runtime.settings.web_threads // 2
        body = {"comment": {"text": INSULT}, "requestedAttributes": {"TOXICITY": {}}}
        client = busy.test_client()
        assert client.post(f"{PATH}?key={key}", json=body).status_code == 503
        places.release()
        wait_until(lambda: client.post(f"{PATH}?key={key}", json=body).status_code == 200)
