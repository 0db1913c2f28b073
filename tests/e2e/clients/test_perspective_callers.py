"""What Coral and Discourse send to Perspective, and what they read of the answer."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from moderation.model.labels import Label
from moderation.services.suggesting import list_suggested
from tests.e2e.conftest import Copydesk
from tests.factories import INSULT
from tests.installation import wait_until
from tests.scoring import answers

SPANISH = "Te voy a matar, hijo de puta, ya sé dónde vives."
CORAL = {"User-Agent": "Coral Perspective/9.11.8", "Content-Type": "application/json"}
DISCOURSE = {
    "Accept": "*/*",
    "Content-Type": "application/json",
    "User-Agent": "Discourse/2026.10.0",
}


class Caller:
    """Holds a connection open, as both do."""

    def __init__(self, copydesk: Copydesk) -> None:
        self.key = copydesk.api_key
        self.host = urlsplit(copydesk.base_url).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def post(self, path: str, body: object, headers: dict[str, str]) -> tuple[int, bytes]:
        query = urlencode({"key": self.key})
        sent = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        self.connection.request("POST", f"{path}?{query}", sent, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


@pytest.fixture
def caller(copydesk: Copydesk) -> Iterator[Caller]:
    wait_until(lambda: answers(copydesk.installation.settings))
    made = Caller(copydesk)
    yield made
    made.connection.close()


def coral_score(caller: Caller, text: str, language: str, model: str = "TOXICITY") -> float | None:
    """Return the score that Coral goes by; None where it goes on without."""
    body = {
        "comment": {"text": text},
        "doNotStore": True,
        "requestedAttributes": {model: {}},
        "languages": [language],
    }
    status, answer = caller.post("/v1alpha1/comments:analyze", body, CORAL)
    if not 200 <= status <= 299:
        return None
    score: float = json.loads(answer)["attributeScores"][model]["summaryScore"]["value"]
    return score


def discourse_score(caller: Caller, raw: str, model: str = "TOXICITY") -> float:
    """Return the score that Discourse goes by; where there is none, that is zero."""
    body = {
        "comment": {"text": raw},
        "doNotStore": True,
        "sessionId": "https://forum.example.org_12",
        "requestedAttributes": {model: {"scoreType": "PROBABILITY"}},
    }
    _, answer = caller.post("/v1alpha1/comments:analyze", body, DISCOURSE)
    scores = json.loads(answer).get("attributeScores")
    if scores is None:
        return 0.0
    [score] = (one["summaryScore"]["value"] for one in scores.values())
    return float(score)


def test_coral_gets_the_score_that_it_reads(caller: Caller) -> None:
    insult, civil = (
        coral_score(caller, text, "en") for text in (INSULT, "I disagree, and here is why.")
    )
    assert insult is not None
    assert civil is not None
    assert insult > 0.8 > civil
    assert coral_score(caller, INSULT, "en", "SEVERE_TOXICITY") is not None
    assert coral_score(caller, SPANISH, "es") is None


def test_corals_moderators_leave_labels(caller: Caller, copydesk: Copydesk) -> None:
    story = "https://www.example.org/posts/a-story/?commentID=d79b787f"
    told = {"url": story, "Coral_comment_id": "d79b787f"}
    for status, value in (("APPROVED", 0), ("DELETED", 1)):
        body = {
            "comment": {"text": f"{status}: {INSULT}"},
            "context": {"entries": [{"text": json.dumps(told)}]},
            "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}},
            "languages": ["en"],
            "communityId": "Coral:https://comments.example.org",
            "clientToken": f"comment:{status}",
        }
        code, answer = caller.post("/v1alpha1/comments:suggestscore", body, CORAL)
        assert (code, json.loads(answer)["clientToken"]) == (200, f"comment:{status}")
    installation = copydesk.installation
    for status in ("APPROVED", "DELETED"):
        comment = {"external_id": status, "text": f"{status}: {INSULT}"}
        assert installation.post("/v1/comments", comment).status == 202
    labels = {
        one.external_id: (one.label, one.score)
        for one in list_suggested(installation.runtime, "agora")
    }
    assert labels["APPROVED"] == (Label.TOXICITY, 0.0)
    assert labels["DELETED"] == (Label.TOXICITY, 1.0)


def test_discourse_gets_the_score_that_it_reads(caller: Caller) -> None:
    assert discourse_score(caller, INSULT) > 0.85
    assert discourse_score(caller, "I disagree, and here is why.") < 0.85
    assert discourse_score(caller, INSULT, "SEVERE_TOXICITY") > 0
    # Near to what it cuts a text down to; and what it makes of an error.
    assert discourse_score(caller, (INSULT + " ") * 420) > 0.85
    assert discourse_score(caller, SPANISH) == 0
