"""The thresholds page says how far each label is from rejecting by itself."""

import pytest

from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from tests.evidence import NEARLY_ALWAYS, decided
from tests.factories import CLASSIFIER, Agora
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_thresholds import FORM, KNOWN, published

REJECTING = FORM | {"reject_insult": "0.95", "rejecting": "1", "reason": "let it"}


@pytest.fixture(autouse=True)
def seen(runtime: Runtime) -> None:
    saw_classifier(runtime, CLASSIFIER, KNOWN)


def test_what_is_missing_is_said_where_somebody_publishes(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    decided(runtime, agora.alice, 143, 0)
    olga.get("/thresholds")
    page = olga.post("/thresholds", 422, do="publish", seen=1, **REJECTING).text
    assert "insult from 0.95: 143 decided comments, 200 are needed." in page
    assert 'value="let it"' in page, "what was typed stays"
    assert len(published(runtime, agora)) == 1


def test_the_page_says_how_far_each_label_is(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    page = olga.get("/thresholds").text
    once = "Where nothing stands under a field, people have decided on no such comment yet."
    assert "none decided" not in page, "while nothing rejects it is of no use"
    assert page.count(once) == 1
    form = REJECTING | {"do": "preview", "seen": 1}
    page = olga.post("/thresholds", 200, **form).text
    assert page.count("From 0.5 on: none decided; it takes 200.") == 2
    assert once not in page
    assert page.count('class="evidence hint"') == len(KNOWN)
    decided(runtime, agora.alice, *NEARLY_ALWAYS)
    page = olga.get("/thresholds").text
    said = "From 0.8 on: 200 decided, 99.0 % rejected (96.4 to 99.7): enough."
    assert f'id="evidence-{Label.INSULT}">{said}<' in page, "its flags count where none is rejected"
    for do in ("preview", "try"):
        page = olga.post("/thresholds", 200, do=do, seen=1, version=1, **REJECTING).text
        assert said.replace("0.8", "0.95") in page
    form = REJECTING | {"reject_insult": "0.98"}
    page = olga.post("/thresholds", 200, do="try", seen=1, version=1, **form).text
    assert "From 0.98 on: none decided" in page
    decided(runtime, agora.alice, 0, 10)
    page = olga.post("/thresholds", 200, do="preview", seen=1, **REJECTING).text
    assert "94.3 % rejected (90.2 to 96.7); it takes 95 % for sure." in page
