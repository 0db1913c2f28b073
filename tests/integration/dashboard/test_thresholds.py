"""Thresholds: what they would do, publishing them, going back."""

import html
import re

import pytest
from sqlalchemy import update

from moderation.model.errors import Conflict, Forbidden, InvalidInput, NotFound
from moderation.model.labels import OF_CLASSIFIERS, Label
from moderation.model.policy import FIRST_THRESHOLDS, OtherLanguages, Policy, Threshold
from moderation.runtime import Runtime
from moderation.services import tuning
from moderation.services.classifier_versions import saw_classifier
from moderation.services.publishing import set_other_languages
from moderation.services.tuning import Draft
from moderation.storage.classifications import classifications
from tests.evidence import NEARLY_ALWAYS, decided
from tests.factories import CIVIL, CLASSIFIER, HOSTILE, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser

KNOWN = [label for label in OF_CLASSIFIERS if label is not Label.SEXUAL_EXPLICIT]
FORM = {
    "flag_toxicity": "0.8",
    "flag_severe_toxicity": "0.5",
    "flag_obscene": "",
    "flag_threat": "0.5",
    "flag_insult": "0.8",
    "flag_identity_attack": "0.6",
}


@pytest.fixture(autouse=True)
def scored(runtime: Runtime, agora: Agora) -> None:
    """Ten comments: one hostile, two in between, seven civil."""
    saw_classifier(runtime, CLASSIFIER, KNOWN)
    between = CIVIL | {Label.INSULT: 0.6}
    for n, scores in enumerate([HOSTILE, between, between, *[CIVIL] * 7]):
        submit(runtime, agora.site_id, f"c{n}")
        classify_all(runtime, scores)


def published(runtime: Runtime, agora: Agora) -> list[tuple[int, str, float | None]]:
    history = tuning.read_tuning(runtime, agora.olga, agora.site_id).history
    return [
        (one.policy.version, one.reason, one.policy.thresholds[Label.INSULT].flag)
        for one in history
    ]


def test_the_page_shows_what_the_numbers_in_force_do(olga: Browser) -> None:
    page = olga.get("/thresholds").text
    assert (
        "Of all 10 comments, 1 waits for a person: 1 a day, less than a minute of reading" in page
    )
    assert page.count('class="histogram"') == len(KNOWN)
    assert page.count("<td>0.0 to 0.1</td><td>") == len(KNOWN)
    assert "flag_sexual_explicit" not in page
    assert "nothing is rejected without a person" in page


def test_a_preview_counts_and_publishes_nothing(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    page = olga.post("/thresholds", 200, do="preview", seen=1, **FORM | {"flag_insult": "0,5"}).text
    assert "Of all 10 comments, 3 would wait for a person instead of 1" in page
    assert 'value="0,5"' in page
    assert len(published(runtime, agora)) == 1


def test_publishing_makes_a_new_version_with_its_reason(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    form = FORM | {"flag_insult": "0.5", "reason": " fewer <i>insults</i> "}
    olga.post("/thresholds", do="publish", seen=1, **form)
    assert published(runtime, agora)[0] == (2, "fewer <i>insults</i>", 0.5)
    page = olga.get("/thresholds").text
    assert "Version 2 is in force" in page
    assert "fewer &lt;i&gt;insults" in page
    assert "by Olga" in page
    submit(runtime, agora.site_id, "new")
    classify_all(runtime, CIVIL | {Label.INSULT: 0.6})
    assert "insult 0.60, flags from 0.50" in olga.get("/queue").text


def test_rolling_back_publishes_the_old_numbers_again(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    olga.post("/thresholds", do="publish", seen=1, reason="try", **FORM | {"flag_insult": "0.5"})
    assert "Roll back to version 1" in olga.get("/thresholds").text
    olga.post("/thresholds/roll-back", version=1, seen=2)
    assert [version for version, *_ in published(runtime, agora)] == [3, 2, 1]
    assert published(runtime, agora)[0] == (3, "Back to version 1.", 0.8)
    offered = re.findall(r"Roll back to version (\d)", olga.get("/thresholds").text)
    assert offered == ["2"], "version 1 has the numbers in force"
    olga.post("/thresholds/roll-back", 404, version=9, seen=3)


def test_what_somebody_else_published_meanwhile_is_not_overwritten(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    tuning.publish(runtime, agora.olga, agora.site_id, Draft(FIRST_THRESHOLDS, "mine", 1))
    page = olga.post("/thresholds", 409, do="publish", seen=1, reason="mine too", **FORM).text
    assert "Olga published version 2 meanwhile" in page
    assert 'value="mine too"' in page
    olga.post("/thresholds/roll-back", 409, version=1, seen=1)
    assert len(published(runtime, agora)) == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("flag_insult", "1.5"), "a threshold lies above 0 and is at most 1"),
        (("flag_insult", "0"), "a threshold lies above 0 and is at most 1"),
        (("flag_insult", "-0.5"), "a threshold lies above 0 and is at most 1"),
        (("flag_insult", "nan"), "a threshold lies above 0 and is at most 1"),
        (("flag_insult", "much"), "write a number such as 0.8, or nothing"),
        (("reject_insult", "0.5"), "must not reject below the score at which it flags"),
    ],
)
def test_a_number_that_cannot_be_is_named(
    runtime: Runtime, agora: Agora, olga: Browser, wrong: tuple[str, str], said: str
) -> None:
    olga.get("/thresholds")
    form = FORM | {wrong[0]: wrong[1], "rejecting": "1", "reason": "x"}
    page = olga.post("/thresholds", 422, do="publish", seen=1, **form).text
    assert "Insult: " in page
    assert said in page
    assert f'value="{wrong[1]}"' in page
    assert len(published(runtime, agora)) == 1


def test_no_reason_no_version(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    olga.get("/thresholds")
    page = olga.post("/thresholds", 422, do="publish", seen=1, reason="  ", **FORM).text
    assert "why you change them" in page
    assert len(published(runtime, agora)) == 1


def test_what_becomes_of_other_languages_is_part_of_the_policy(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    page = olga.get("/thresholds").text
    assert '<option value="flag" selected>' in page
    assert 'value="route"' not in page
    form = FORM | {"other_languages": "approve", "reason": "half of us speak French"}
    olga.post("/thresholds", do="publish", seen=1, **form)
    olga.post("/thresholds", do="publish", seen=2, **FORM | {"reason": "the same but for numbers"})
    history = tuning.read_tuning(runtime, agora.olga, agora.site_id).history
    assert [one.policy.other_languages for one in history] == ["approve", "approve", "flag"]
    page = olga.get("/thresholds").text
    assert '<option value="approve" selected>' in page
    olga.post("/thresholds/roll-back", version=1, seen=3)
    current = tuning.read_tuning(runtime, agora.olga, agora.site_id).current
    assert current.policy.other_languages == "flag"


def test_a_route_is_kept_and_cannot_be_made_here(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    form = FORM | {"other_languages": "route", "reason": "x"}
    olga.post("/thresholds", 422, do="publish", seen=1, **form)
    route = Policy("seven@1", FIRST_THRESHOLDS)
    set_other_languages(runtime, "agora", OtherLanguages.ROUTE, route)
    assert '<option value="route" selected>' in olga.get("/thresholds").text
    olga.post("/thresholds", do="publish", seen=2, **form)
    current = tuning.read_tuning(runtime, agora.olga, agora.site_id).current
    assert (current.policy.version, current.policy.route) == (3, route)


def test_what_was_typed_stays_where_a_route_was_removed_meanwhile(olga: Browser) -> None:
    olga.get("/thresholds")
    form = FORM | {"other_languages": "route", "reason": "as it was"}
    page = olga.post("/thresholds", 422, do="preview", seen=1, **form).text
    assert "is made by `copydesk site set`" in html.unescape(page)
    assert 'value="as it was"' in page


def test_a_route_to_the_classifier_of_the_policy_is_refused(runtime: Runtime, agora: Agora) -> None:
    current = tuning.read_tuning(runtime, agora.olga, agora.site_id).current.policy
    route = Policy(current.classifier, FIRST_THRESHOLDS)
    with pytest.raises(InvalidInput, match="already"):
        set_other_languages(runtime, "agora", OtherLanguages.ROUTE, route)


def test_a_preview_counts_other_languages_as_the_policy_would(
    runtime: Runtime, olga: Browser
) -> None:
    with runtime.transaction() as connection:
        spanish = {"language": "es", "supported": False, "highest": 1.0}
        connection.execute(update(classifications).values(**spanish))
    olga.get("/thresholds")
    form = FORM | {"other_languages": "approve"}
    page = olga.post("/thresholds", 200, do="preview", seen=1, **form).text
    assert "Of all 10 comments, 1 would wait for a person instead of 10" in page


def test_rejecting_by_itself_needs_its_checkbox(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    decided(runtime, agora.alice, *NEARLY_ALWAYS)
    form = FORM | {"reject_insult": "0.95", "reason": "x"}
    olga.post("/thresholds", do="publish", seen=1, **form)
    olga.post("/thresholds", do="publish", seen=2, rejecting="1", **form)
    history = tuning.read_tuning(runtime, agora.olga, agora.site_id).history
    rejecting = [one.policy.thresholds[Label.INSULT].reject for one in history]
    assert rejecting == [0.95, None, None]


def test_thresholds_for_another_classifier_are_pointed_out_and_bound_anew(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    saw_classifier(runtime, "compact@next", KNOWN)
    page = olga.get("/thresholds").text
    assert "These thresholds are for another classifier" in page
    assert "no scores yet" in page
    olga.post("/thresholds", do="publish", seen=1, reason="new model", **FORM)
    current = tuning.read_tuning(runtime, agora.olga, agora.site_id).current
    assert current.policy.classifier == "compact@next"
    assert "another classifier" not in olga.get("/thresholds").text


def test_a_label_that_nobody_scores_cannot_get_a_threshold(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    form = FORM | {"flag_sexual_explicit": "0.5", "reason": "x"}
    page = olga.post("/thresholds", 422, do="publish", seen=1, **form).text
    assert "gives no score for sexual_explicit" in page
    assert len(published(runtime, agora)) == 1


def test_two_who_publish_at_once_get_one_version(runtime: Runtime, agora: Agora) -> None:
    found = tuning.read_tuning(runtime, agora.olga, agora.site_id)
    draft = Draft({Label.INSULT: Threshold(flag=0.7)}, "x", found.current.policy.version)
    tuning.publish(runtime, agora.olga, agora.site_id, draft)
    with pytest.raises(Conflict):
        tuning.publish(runtime, agora.olga, agora.site_id, draft)


def test_a_moderator_cannot_publish_past_the_pages(runtime: Runtime, agora: Agora) -> None:
    draft = Draft(FIRST_THRESHOLDS, "x", 1)
    with pytest.raises(Forbidden):
        tuning.publish(runtime, agora.alice, agora.site_id, draft)
    with pytest.raises(NotFound):
        tuning.publish(runtime, agora.olga, agora.other_site_id, draft)
