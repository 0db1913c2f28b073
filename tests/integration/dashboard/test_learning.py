"""The page on which operators let a site learn, and switch on what it learnt."""

import re

import pytest

from classifiers.head.training import score_all, train
from moderation.model import head_trials
from moderation.model import learning as lessons
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.services.head_filling import fill_chunk
from moderation.services.head_training import train_next
from moderation.services.learning import Teacher, look_at
from tests.factories import CIVIL, CLASSIFIER, Agora
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_simulating import words
from tests.learning import decided_community

TEACHER = Teacher(train, score_all)


@pytest.fixture(autouse=True)
def _a_small_community_is_enough(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    saw_classifier(runtime, CLASSIFIER, sorted(CIVIL))
    monkeypatch.setattr(lessons, "FEWEST", 300)
    monkeypatch.setattr(head_trials, "MOST_LOST", 0.15)


def hidden(page: str) -> dict[str, str]:
    """Return what the form with the proposed thresholds holds."""
    form = page[: page.index("Try its thresholds")].rsplit("<form", 1)[1]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_it_says_what_is_missing(olga: Browser) -> None:
    page = olga.get("/learning").text
    assert "These are too few" in page
    assert "300 decisions are missing." in page
    assert "Train a version" not in page
    page = olga.post("/learning/train", 422).text
    assert "There are too few decisions to learn from." in page


def test_a_version_is_trained_tried_and_switched_on_and_off(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    decided_community(runtime, agora, 400)
    assert "Train a version" in olga.get("/learning").text
    olga.post("/learning/train", 303)
    assert "A version is being trained" in olga.get("/learning").text
    assert "already" in olga.post("/learning/train", 409).text
    assert train_next(runtime, TEACHER)
    page = olga.get("/learning").text
    assert "How version 1 did" in page
    assert "48 that people approved would not be flagged any more" in page
    olga.post("/learning/on", 303, number=1)
    assert "Comments of the past are getting it" in olga.get("/learning").text
    while fill_chunk(runtime, TEACHER):
        pass
    page = olga.get("/learning").text
    assert "Comments of the last 90 days have it too." in page
    assert look_at(runtime, agora.site_id).on is not None
    olga.post("/learning/off", 303)
    assert look_at(runtime, agora.site_id).on is None


def test_its_thresholds_are_filled_in_and_published_by_hand(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    decided_community(runtime, agora, 400)
    olga.post("/learning/train", 303)
    assert train_next(runtime, TEACHER)
    olga.post("/learning/on", 303, number=1)
    while fill_chunk(runtime, TEACHER):
        pass
    fields = hidden(olga.get("/learning").text) | {"do": "preview"}
    page = olga.post("/thresholds", 200, **fields).text
    assert "would wait for a person instead of 400" in page
    olga.post("/thresholds", 303, **fields | {"do": "publish"})
    page = olga.get("/learning").text
    assert "version 2 of the thresholds decides by it" in page
    assert "every comment is flagged" in olga.post("/learning/off", 409).text
    assert "Every comment is flagged" not in olga.get("/thresholds").text
    olga.post("/learning/off", 303, anyway="1")
    assert look_at(runtime, agora.site_id).on is None
    for path in ("/learning", "/thresholds"):
        said = words(olga.get(path).text)
        assert "Every comment is flagged for a person now. Version 2" in said
        assert "goes by “unwanted here”" in said


def test_what_is_not_offered_cannot_be_switched_on(
    runtime: Runtime, agora: Agora, olga: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided_community(runtime, agora, 400)
    olga.post("/learning/train", 303)
    assert train_next(runtime, TEACHER)
    monkeypatch.setattr(head_trials, "MOST_LOST", 0.01)
    page = olga.get("/learning").text
    assert "It is not offered: it may miss what is found now" in page
    assert "Switch on version 1" not in page
    assert "surely better" in olga.post("/learning/on", 422, number=1).text
