"""A site sends what Perspective said of a comment along with it."""

from typing import Any

from flask.testing import FlaskClient

from moderation.model.perspective import Attribute
from moderation.runtime import Runtime
from moderation.services.comparing import compare
from tests.factories import CLASSIFIER, Agora, classify_all

COMMENT: dict[str, Any] = {"external_id": "c1", "text": "Good morning."}


def recorded(runtime: Runtime) -> dict[Attribute, tuple[float, ...]]:
    classify_all(runtime)
    return {one.attribute: one.old for one in compare(runtime, "agora", CLASSIFIER).pairs}


def test_scores_come_with_a_comment_and_are_not_shown_again(
    client: FlaskClient, runtime: Runtime
) -> None:
    scores = {"TOXICITY": 0.93, "THREAT": 0, "PROFANITY": 1}
    answer = client.post("/v1/comments", json=COMMENT | {"perspective_scores": scores})
    assert answer.status_code == 202
    assert "perspective_scores" not in answer.json
    assert recorded(runtime) == {
        Attribute.TOXICITY: (0.93,),
        Attribute.PROFANITY: (1.0,),
        Attribute.THREAT: (0.0,),
    }


def test_in_a_batch_each_has_its_own(client: FlaskClient, runtime: Runtime, agora: Agora) -> None:
    del agora
    comments = [
        COMMENT | {"perspective_scores": {"TOXICITY": 0.1}},
        COMMENT | {"external_id": "c2", "perspective_scores": {"SPAM": 0.9}},
        COMMENT | {"external_id": "c3", "perspective_scores": {}},
        COMMENT | {"external_id": "c4", "perspective_scores": {"TOXICITY": 0.4}},
        COMMENT | {"perspective_scores": {"TOXICITY": 0.2}},
    ]
    answer = client.post("/v1/comments/batch", json={"comments": comments}).json
    assert [one["status"] for one in answer["results"]] == [202, 422, 202, 202, 200]
    [wrong] = answer["results"][1]["problem"]["errors"]
    assert wrong["pointer"] == "/perspective_scores/SPAM"
    assert "TOXICITY" in wrong["detail"]
    assert recorded(runtime) == {Attribute.TOXICITY: (0.4, 0.2)}
