"""Google's own client library for Python, unmodified, over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from googleapiclient import discovery
from googleapiclient.discovery import Resource
from googleapiclient.errors import HttpError

from tests.e2e.conftest import Copydesk
from tests.factories import INSULT
from tests.installation import wait_until
from tests.scoring import answers

SPANISH = "Te voy a matar, hijo de puta, ya sé dónde vives."


def built(copydesk: Copydesk, key: str) -> Resource:
    """Do as a site does that leaves Perspective: name another address."""
    return discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=key,
        discoveryServiceUrl=f"{copydesk.base_url}/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    )


@pytest.fixture(scope="module")
def client(copydesk: Copydesk) -> Iterator[Resource]:
    wait_until(lambda: answers(copydesk.installation.settings))
    with built(copydesk, copydesk.api_key) as made:
        yield made


def request(text: str, **fields: object) -> dict[str, object]:
    return {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}} | fields


def analyze(client: Resource, body: object, **parameters: object) -> dict[str, Any]:
    answer: dict[str, Any] = client.comments().analyze(body=body, **parameters).execute()
    return answer


def refused(client: Resource, body: object) -> HttpError:
    with pytest.raises(HttpError) as raised:
        analyze(client, body)
    return raised.value


def test_a_comment_is_analysed(client: Resource) -> None:
    insult = analyze(client, request(INSULT, languages=["en"], doNotStore=True, clientToken="c1"))
    civil = analyze(client, request("I disagree, and here is why."))
    score = insult["attributeScores"]["TOXICITY"]["summaryScore"]
    assert score["type"] == "PROBABILITY"
    assert score["value"] > 0.85 > civil["attributeScores"]["TOXICITY"]["summaryScore"]["value"]
    assert (insult["languages"], insult["clientToken"]) == (["en"], "c1")


def test_sentences_are_marked(client: Resource) -> None:
    text = f"Good morning 😀. {INSULT}"
    answer = analyze(client, request(text, spanAnnotations=True))
    spans = answer["attributeScores"]["TOXICITY"]["spanScores"]
    wide = text.encode("utf-16-le")
    worst = max(spans, key=lambda span: span["score"]["value"])
    assert wide[2 * worst["begin"] : 2 * worst["end"]].decode("utf-16-le") == INSULT


def test_a_part_of_the_answer_can_be_had(client: Resource) -> None:
    assert analyze(client, request(INSULT), fields="languages") == {"languages": ["en"]}


def test_scores_are_suggested(client: Resource) -> None:
    body = {
        "comment": {"text": INSULT},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
        "languages": ["en"],
        "communityId": "Coral:agora",
        "clientToken": "comment:1",
    }
    assert client.comments().suggestscore(body=body).execute() == {
        "clientToken": "comment:1",
        "detectedLanguages": ["en"],
        "requestedLanguages": ["en"],
    }


def test_errors_arrive_with_their_details(client: Resource) -> None:
    error = refused(client, request(SPANISH))
    assert (error.status_code, error.reason) == (
        400,
        "Attribute TOXICITY does not support languages: es",
    )
    [detail] = error.error_details
    assert detail["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert detail["languageNotSupportedByAttributeError"]["detectedLanguages"] == ["es"]
    [empty] = refused(client, request("")).error_details
    assert empty["errorType"] == "COMMENT_EMPTY"
    [unknown] = refused(client, request(INSULT, colour="red")).error_details
    assert unknown["fieldViolations"][0]["description"].endswith(
        'Unknown name "colour": Cannot find field.'
    )


def test_a_wrong_key_is_told_so(copydesk: Copydesk) -> None:
    with built(copydesk, "cd_00000000_" + "0" * 40) as stranger:
        error = refused(stranger, request(INSULT))
    assert error.reason == "API key not valid. Please pass a valid API key."
    assert error.error_details[0]["reason"] == "API_KEY_INVALID"
