"""Thresholds for another classifier than the one that decides: in force for that one alone."""

import re

import pytest

from moderation.model.classification import Facts, Outcome
from moderation.model.jobs import Lane
from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS
from moderation.runtime import Runtime
from moderation.services import tuning
from moderation.services.claiming import claim_batch
from moderation.services.classifier_versions import saw_classifier
from moderation.services.recording import record
from moderation.services.tuning import Draft
from tests.factories import (
    CIVIL,
    CLASSIFIER,
    LEASE,
    NEXT,
    Agora,
    classify_all,
    queue_rescoring,
    submit,
)
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_advice import TYPED, assert_kept
from tests.integration.dashboard.test_thresholds import FORM, KNOWN
from tests.integration.test_carrying import score_both

AT_NEXT = f"/thresholds?classifier={NEXT}"


@pytest.fixture(autouse=True)
def scored(runtime: Runtime, agora: Agora) -> None:
    """Four comments: decided by one version, and scored by the next, which finds more."""
    saw_classifier(runtime, CLASSIFIER, KNOWN)
    saw_classifier(runtime, NEXT, list(Label), decides=False)
    ids = [submit(runtime, agora.site_id, f"c{n}").comment_id for n in range(4)]
    classify_all(runtime)
    job_ids = [queue_rescoring(runtime, comment_id) for comment_id in ids]
    held = claim_batch(runtime, Lane.BULK, job_ids, 4, LEASE).jobs
    record(runtime, [Outcome(job, Facts(NEXT, CIVIL | {Label.INSULT: 0.7})) for job in held])


def in_force(runtime: Runtime, agora: Agora) -> dict[str, int]:
    found = tuning.read_tuning(runtime, agora.olga, agora.site_id)
    of_each = [found.standing(one.policy) for one in found.history]
    return {policy.classifier: policy.version for policy in of_each}


def test_the_page_begins_with_the_one_that_decides_and_leads_to_the_other(olga: Browser) -> None:
    page = olga.get("/thresholds").text
    assert f"<code>{CLASSIFIER}</code>, which decides now" in page
    assert f'href="/thresholds?classifier={NEXT}"' in page.replace("%40", "@")
    assert "for another classifier" not in page
    page = olga.get(AT_NEXT).text
    assert f"<code>{NEXT}</code>, which does not decide now" in page
    assert "if it decided now, every comment would be flagged" in page
    assert "Of all 4 comments, 4 wait for a person" in page
    assert "flag_sexual_explicit" in page


def test_what_is_published_for_the_other_changes_nothing_for_the_one_that_decides(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get(AT_NEXT)
    form = FORM | {"classifier": NEXT, "flag_insult": "0.65"}
    page = olga.post("/thresholds", 200, do="preview", seen=1, **form).text
    assert "Of all 4 comments, 4 would wait for a person, as many as now" in page
    answer = olga.post("/thresholds", do="publish", seen=1, reason="ahead", **form)
    assert answer.location.replace("%40", "@") == AT_NEXT
    assert in_force(runtime, agora) == {CLASSIFIER: 1, NEXT: 2}
    page = olga.get(AT_NEXT).text
    assert f"Version 2 is in force for {NEXT}" in page
    assert "for another classifier" not in page
    assert page.count(">in force<") == 2
    assert "Publish version 3" in olga.get("/thresholds").text


def test_going_back_keeps_each_version_for_the_classifier_that_it_was_for(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    for seen, classifier in enumerate((CLASSIFIER, NEXT), 1):
        thresholds = {**FIRST_THRESHOLDS, Label.OBSCENE: FIRST_THRESHOLDS[Label.THREAT]}
        draft = Draft(thresholds, "try", seen, classifier=classifier)
        tuning.publish(runtime, agora.olga, agora.site_id, draft)
    page = olga.get(AT_NEXT).text
    assert re.findall(r"Roll back to version (\d)", page) == ["1"]
    olga.post("/thresholds/roll-back", version=1, seen=3, classifier=NEXT)
    assert in_force(runtime, agora) == {CLASSIFIER: 4, NEXT: 3}


def test_a_page_that_was_open_while_the_classifier_changed_publishes_for_what_it_showed(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    saw_classifier(runtime, NEXT, list(Label))
    form = FORM | {"classifier": CLASSIFIER, "reason": "typed before"}
    olga.post("/thresholds", do="publish", seen=1, **form)
    assert in_force(runtime, agora) == {CLASSIFIER: 2}


def test_a_classifier_without_scores_has_no_page(olga: Browser) -> None:
    olga.get("/thresholds?classifier=vader@1", 404)
    olga.post("/thresholds", 404, do="publish", seen=1, reason="x", classifier="vader@1", **FORM)
    olga.get(f"/thresholds?classifier={'x' * 101}", 422)


def test_a_button_fills_in_what_stands_for_the_thresholds_of_another(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    score_both(runtime, agora.site_id, 400)
    assert "what stands for the thresholds" not in olga.get("/thresholds").text
    page = olga.get(AT_NEXT).text
    assert f"Fill in what stands for the thresholds of {CLASSIFIER}" in page
    page = olga.post("/thresholds", 200, do="carry", seen=1, classifier=NEXT, **FORM).text
    filled = re.search(r'name="flag_insult"[^>]*value="([0-9.]+)"', " ".join(page.split()))
    assert filled is not None
    assert float(filled[1]) == pytest.approx(0.65, abs=0.02)
    assert f'value="Carried over from {CLASSIFIER}, on 404 comments."' in page
    carrying = FORM | TYPED | {"do": "carry", "seen": 1, "classifier": NEXT}
    assert_kept(olga.post("/thresholds", 200, **carrying).text)
    assert "What you typed" in page
    assert in_force(runtime, agora) == {CLASSIFIER: 1}


def test_the_button_fills_nothing_in_on_few_comments(olga: Browser) -> None:
    olga.get(AT_NEXT)
    page = olga.post("/thresholds", 422, do="carry", seen=1, classifier=NEXT).text
    assert "Only 4 comments have scores by both classifiers" in page
