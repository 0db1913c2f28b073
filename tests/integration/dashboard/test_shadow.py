"""The page of a shadow: begun from the thresholds page, watched, promoted or stopped."""

import re

import pytest

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment
from moderation.services.publishing import history_of
from tests.factories import CLASSIFIER, NEXT, Agora, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_thresholds import FORM
from tests.shadows import (
    comment,
    decide_live,
    publish_ahead,
    see_both,
    shadow_of_a_draft,
    shadow_of_the_next,
)

TYPED = FORM | {"flag_insult": "0.5", "reason": "Too many insults."}


def said(page: str) -> str:
    """Return the words of a page on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture(autouse=True)
def _known(runtime: Runtime) -> None:
    see_both(runtime)


def versions(runtime: Runtime, agora: Agora) -> list[tuple[int, str]]:
    with runtime.reading() as connection:
        return [
            (one.policy.version, one.policy.classifier)
            for one in history_of(connection, agora.site_id)
        ]


def form_of(page: str, what: str) -> str:
    found = re.search(rf'action="(/shadow/[0-9a-f-]+/{what}[^"]*)"', page)
    assert found is not None
    return found[1]


def test_what_was_typed_on_the_thresholds_page_runs_and_publishes_nothing(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    assert "No shadow runs" in olga.get("/shadow").text
    assert 'href="/shadow"' in olga.get("/thresholds").text
    answer = olga.post("/thresholds", do="shadow", seen=1, **TYPED)
    assert answer.location == "/shadow"
    page = said(olga.get("/shadow").text)
    assert "The shadow runs. It decides nothing" in page
    assert "Started by Olga" in page
    assert "Too many insults." in page
    assert "insult 0.5" in page
    assert "no comment was written and decided since it began" in page
    assert versions(runtime, agora) == [(1, CLASSIFIER)]
    refused = olga.post("/thresholds", 409, do="shadow", seen=1, **TYPED)
    assert "A shadow runs at this site already" in refused.text
    assert 'value="Too many insults."' in refused.text


def test_a_version_from_before_runs_beside_what_came_after_it(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    olga.post("/thresholds", 303, do="publish", seen=1, **TYPED)
    page = olga.get("/thresholds").text
    assert re.findall(r"Run version (\d) in shadow", page) == ["1"]
    answer = olga.post("/shadow/earlier", 303, version=1)
    assert answer.location == "/shadow"
    page = said(olga.get("/shadow").text)
    assert "Version 1, beside what came after it." in page
    assert f"insult {FIRST_THRESHOLDS[Label.INSULT].flag:g}" in page
    assert versions(runtime, agora) == [(2, CLASSIFIER), (1, CLASSIFIER)]
    assert "A shadow runs at this site already" in olga.post("/shadow/earlier", 409, version=1).text
    assert "says the same as the shadow" not in page
    assert "A shadow runs. Whatever you publish" in said(olga.get("/thresholds").text)
    olga.post("/thresholds/roll-back", 303, version=1, seen=2)
    page = said(olga.get("/shadow").text)
    assert "Version 3, which is in force, says the same as the shadow now" in page


def test_what_is_in_force_does_not_run_beside_itself(olga: Browser) -> None:
    olga.get("/thresholds")
    assert "nothing to compare" in olga.post("/shadow/earlier", 422, version=1).text


def test_without_a_reason_or_a_difference_none_begins(olga: Browser) -> None:
    olga.get("/thresholds")
    refused = olga.post("/thresholds", 422, do="shadow", seen=1, **TYPED | {"reason": ""})
    assert "why you change them" in refused.text
    same = {f"flag_{label}": one.flag or "" for label, one in FIRST_THRESHOLDS.items()}
    refused = olga.post("/thresholds", 422, do="shadow", seen=1, reason="x", **same)
    assert "there is nothing to compare" in refused.text


def test_the_report_says_what_both_do_and_who_was_right(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    shadow_of_a_draft(runtime, agora)
    ids = [
        comment(runtime, agora, f"c{n}", score, score) for n, score in enumerate([0.1, 0.6, 0.6])
    ]
    page = said(olga.get("/shadow").text)
    assert "Of the 3 comments since it began, 2 would wait for a person instead of 0" in page
    assert "On 33.3 % both decide the same." in page
    assert "Not yet sure which is better. People judged none of the comments" in page
    assert "at least 8 are needed" in page
    assert "the shadow alone would stop 2, and they judged 0" in page
    assert "2 approved now, would wait for a person" in page
    assert "Nobody has judged" in page
    decide_comment(runtime, agora.alice, ids[1], Action.REJECT, seen=1)
    page = said(olga.get("/shadow").text)
    assert "the shadow was right about 1 and version 1 about 0" in page
    assert "about 7 more judged differences will tell" in page
    assert "People rejected" in page
    assert "gives p = 1.000." in page


def test_a_shadow_is_promoted_with_a_reason(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    shadow_of_a_draft(runtime, agora)
    page = olga.get("/shadow").text
    at = form_of(page, "promote")
    refused = olga.post(at, 422, seen=1, reason="")
    assert "why you change them" in refused.text
    olga.post(at, seen=1, reason="It finds more.")
    page = said(olga.get("/shadow").text)
    assert f"Version 2 is in force for {CLASSIFIER}." in page
    assert "Published as version 2" in page
    assert versions(runtime, agora)[0] == (2, CLASSIFIER)
    assert "No shadow runs at this site" in olga.post(at, 404, seen=2, reason="Twice.").text


def test_who_looked_before_others_published_is_told(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    shadow_of_a_draft(runtime, agora)
    at = form_of(olga.get("/shadow").text, "promote")
    publish_ahead(runtime, agora.site_id)
    refused = olga.post(at, 409, seen=1, reason="It finds more.")
    assert "version 2 meanwhile" in refused.text
    assert 'value="It finds more."' in refused.text


def test_a_shadow_is_stopped(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    shadow_of_a_draft(runtime, agora)
    at = form_of(olga.get("/shadow").text, "stop")
    olga.post(at)
    page = said(olga.get("/shadow").text)
    assert "The shadow ended. Nothing else changed." in page
    assert "Stopped by Olga" in page
    shadow_of_a_draft(runtime, agora, {Label.INSULT: 0.4})
    assert "ended that shadow meanwhile" in olga.post(at, 409).text


def test_another_classifier_is_tried_with_what_was_published_ahead_for_it(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish_ahead(runtime, agora.site_id)
    page = olga.get("/shadow").text
    assert f'<option value="{NEXT}">' in page
    olga.post("/shadow", classifier=NEXT, reason="Is it better?")
    page = olga.get("/shadow").text
    assert f"beside {CLASSIFIER} , which decides" in said(page)
    olga.post(form_of(page, "promote"), seen=2, reason="Yes.")
    assert "from when COPYDESK_CLASSIFIER names that classifier" in olga.get("/shadow").text
    assert versions(runtime, agora)[0] == (3, NEXT)


def test_what_is_wrong_with_the_form_for_another_is_said(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish_ahead(runtime, agora.site_id)
    olga.get("/shadow")
    refused = olga.post("/shadow", 422, classifier=NEXT, reason="")
    assert "why you change them" in refused.text
    olga.post("/shadow", 422, classifier="vader@1", reason="x")


def test_how_the_other_classifier_gets_on_is_said(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    shadow_of_the_next(runtime, agora)
    comment(runtime, agora, "both", 0.9, 0.1)
    submit(runtime, agora.site_id, "waits")
    decide_live(runtime)
    page = said(olga.get("/shadow").text)
    assert "1 of 2 comments have scores by both and are compared; 1 still wait" in page
    assert "No worker has this classifier" not in page
    assert "wait for a person now, would be approved" in page


def test_it_is_for_one_site(runtime: Runtime, agora: Agora, ines: Browser) -> None:
    shadow_of_a_draft(runtime, agora)
    assert "Started by Olga" in said(ines.get("/shadow?site=agora").text)
    assert "No shadow runs" in ines.get("/shadow?site=boule").text


def test_all_that_its_policy_says_is_on_the_page(olga: Browser) -> None:
    rules = {"rules": "1", "limit_links": "3", "list_name_0": "Birds", "list_entries_0": "canary"}
    olga.post("/thresholds", do="shadow", seen=1, **TYPED, **rules)
    page = said(olga.get("/shadow").text)
    assert "list “Birds”, 1 entry: flag" in page
    olga.post(form_of(olga.get("/shadow").text, "stop"))
    place = {"kind": "section", "pattern": "sport"}
    olga.post("/thresholds", do="shadow", seen=1, reason="x", flag_insult="0.3", **place)
    assert "Section sport : insult 0.3" in said(olga.get("/shadow").text)
