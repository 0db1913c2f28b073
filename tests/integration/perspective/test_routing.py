"""What a site's policy routes to another classifier is scored by that one here too."""

from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from classifiers import registry
from moderation.model.labels import Label
from moderation.model.policy import OtherLanguages
from moderation.progress import Mark
from moderation.runtime import Runtime
from moderation.services.publishing import set_other_languages
from tests.answering import answering
from tests.factories import HOSTILE
from tests.integration.perspective.conftest import Analyze
from tests.integration.worker.test_languages import POLISH, SEVEN, THREAT, Seven
from tests.scoring import settings_for_scoring
from worker.admission import Admission
from worker.reading import Reader
from worker.scoring import Application


class Quiet(WSGIRequestHandler):
    """Says nothing of what it serves."""

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def scoring_url(tmp_path: Path) -> Iterator[str]:
    """Serve scores in this process, where a second classifier is there that knows Spanish."""
    reader = Reader(registry.load("compact"), Seven)
    mark = Mark(tmp_path, "scoring")
    key = settings_for_scoring(tmp_path).scoring_authorization
    application = Application(reader, Admission(1, 1), key, mark)
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    with answering(server):
        yield f"http://127.0.0.1:{server.server_port}"


def test_a_routed_language_is_scored_by_the_other_classifier(
    analyze: Analyze, runtime: Runtime
) -> None:
    assert analyze(THREAT).status_code == 400
    set_other_languages(runtime, "agora", OtherLanguages.ROUTE, SEVEN)
    for asked in ({}, {"languages": ["es"]}):
        answer = analyze(THREAT, **asked)
        assert answer.json["detectedLanguages"] == ["es"], answer.text
        score = answer.json["attributeScores"]["TOXICITY"]["summaryScore"]["value"]
        assert score == HOSTILE[Label.TOXICITY]
    assert "languages: pl" in analyze(POLISH).json["error"]["message"]


def test_a_short_text_counts_as_the_language_that_the_caller_states(
    analyze: Analyze, runtime: Runtime
) -> None:
    set_other_languages(runtime, "agora", OtherLanguages.ROUTE, SEVEN)
    answer = analyze("jaja", languages=["es"])
    score = answer.json["attributeScores"]["TOXICITY"]["summaryScore"]["value"]
    assert score == HOSTILE[Label.TOXICITY]
    assert analyze("lol").json["languages"] == ["en"]
