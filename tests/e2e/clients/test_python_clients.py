"""Other people's clients for Python, unmodified but for the address that they ask."""

from urllib.error import HTTPError

import PyPerspective.Perspective
import pytest
from perspective import PerspectiveAPI

from tests.e2e.conftest import Copydesk
from tests.factories import INSULT
from tests.installation import wait_until
from tests.scoring import answers


@pytest.fixture(scope="module")
def base(copydesk: Copydesk) -> str:
    wait_until(lambda: answers(copydesk.installation.settings))
    return f"{copydesk.base_url}/v1alpha1"


@pytest.fixture
def perspective(copydesk: Copydesk, base: str) -> PerspectiveAPI:
    """Return the client of the package `perspective`."""
    made = PerspectiveAPI(copydesk.api_key)
    made.api_client.url = base + "/{endpoint}"
    return made


@pytest.fixture
def pyperspective_key(copydesk: Copydesk, base: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Point the package `PyPerspective` here; return a key."""
    monkeypatch.setattr(PyPerspective.Perspective, "base_url", f"{base}/comments:analyze")
    return copydesk.api_key


def test_perspective_scores_and_suggests(perspective: PerspectiveAPI) -> None:
    scores = perspective.score(INSULT, tests=["TOXICITY", "INSULT"])
    assert set(scores) == {"TOXICITY", "INSULT"}
    assert scores["TOXICITY"] > 0.85
    answer = perspective.analyze_comment(
        INSULT,
        comment_type="PLAIN_TEXT",
        context=[{"text": "An article."}],
        requested_attributes={"TOXICITY": {"scoreType": "PROBABILITY", "scoreThreshold": 0.1}},
        span_annotations=True,
        languages=["en"],
        do_not_store=True,
        client_token="c",  # noqa: S106 - no password
        session_id="s",
        community_id="k",
    )
    assert (answer["clientToken"], answer["languages"]) == ("c", ["en"])
    suggested = {"TOXICITY": {"summaryScore": {"value": 1.0}}}
    suggestion = perspective.suggest_score(INSULT, suggested, languages=["en"])
    assert suggestion["requestedLanguages"] == ["en"]


def test_perspective_is_told_of_errors(perspective: PerspectiveAPI) -> None:
    with pytest.raises(HTTPError) as raised:
        perspective.score("")
    with raised.value as answer:
        assert answer.code == 400


def test_pyperspective_scores_and_finds_its_spans(pyperspective_key: str) -> None:
    client = PyPerspective.Perspective.Perspective(pyperspective_key)
    comment = client.get_score(INSULT, tests=["TOXICITY", "INSULT"])
    assert comment["TOXICITY"].score > 0.85
    # It asks for no spans, and breaks where there are none.
    assert str(comment["INSULT"][0]) == INSULT


@pytest.mark.usefixtures("pyperspective_key")
def test_pyperspective_knows_a_wrong_key() -> None:
    with pytest.raises(PyPerspective.Perspective.InvalidAuthKey):
        PyPerspective.Perspective.Perspective("wrong")
