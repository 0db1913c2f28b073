"""Asking for advice on the thresholds page, and what the audit corrects there."""

import re

import pytest
from sqlalchemy import update

from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.tuning import read_tuning
from moderation.storage.classifications import classifications
from tests.audited_site import TRUTH, Cell, fill
from tests.factories import Agora
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_simulating import words

FLAGS = {"do": "advise-flags", "amount_flags": "25", "seen": 1, "version": 1}


@pytest.fixture
def audited(runtime: Runtime, agora: Agora) -> None:
    fill(runtime, agora.site_id)


def filled(page: str, name: str) -> str:
    field = re.search(rf'<input name="{name}"[^>]*?value="([^"]*)"', page, re.DOTALL)
    assert field is not None
    return field[1]


@pytest.mark.usefixtures("audited")
def test_the_form_is_filled_in_with_thresholds_that_do_what_was_wished_for(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    page = olga.get("/thresholds").text
    assert "Now there are enough comments for advice." in page
    page = olga.post("/thresholds", 200, **FLAGS).text
    said = words(page)
    assert "With these thresholds 22 a day would wait for a person" in said
    assert "on 19 of 20 days between" in said
    assert "Counted on 3,360 comments. It holds as long as comments come as they did." in said
    assert "560 would wait for a person instead of 240" in said, "the preview"
    line = filled(page, "flag_insult")
    assert 0.1 < float(line) <= 0.6
    assert "Advised for at most 25 flags a day, on 3,360 comments." in page
    assert len(read_tuning(runtime, agora.olga, agora.site_id).history) == 1
    names = re.findall(r'<input name="((?:flag|reject)_\w+)"', page)
    form = {name: filled(page, name) for name in names}
    olga.post("/thresholds", do="publish", seen=1, reason="Advised.", **form)
    newest = read_tuning(runtime, agora.olga, agora.site_id).current.policy
    assert newest.thresholds[Label.INSULT].flag == float(line)
    assert "Now there are enough" not in olga.get("/thresholds").text


@pytest.mark.usefixtures("audited")
def test_a_promise_is_told_with_what_it_rests_on(olga: Browser) -> None:
    olga.get("/thresholds")
    asked = FLAGS | {"do": "advise-misses", "amount_misses": "50 "}
    page = olga.post("/thresholds", 200, **asked).text
    said = words(page)
    assert "At most 50 % of what moderators would reject is approved, with 95 % confidence." in said
    assert (
        "It rests on 312 samples of what automation approved, of which moderators would have "
        "rejected 6, and on 120 comments that they rejected." in said
    )
    assert "where one heated thread makes up much of what is bad, it is less sure" in said


@pytest.mark.usefixtures("audited")
@pytest.mark.parametrize(
    ("wish", "amount", "wrong"),
    [
        ("flags", "many", "Write a number, such as 5."),
        ("flags", "", "Write a number, such as 5."),
        ("hours", "0", "Take a number from 0.1 to 1,000."),
        ("misses", "95", "Take a number from 0.1 to 90."),
        ("misses", "10", "312 samples of the audit were judged, and about"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    olga: Browser, wish: str, amount: str, wrong: str
) -> None:
    olga.get("/thresholds")
    asked = FLAGS | {"do": f"advise-{wish}", f"amount_{wish}": amount}
    page = olga.post("/thresholds", 422, **asked).text
    form = re.search(
        rf'<div class="wish">(?:(?!</div>).)*value="advise-{wish}".*?</div>', page, re.DOTALL
    )
    assert form is not None
    assert wrong in words(form[0])
    assert f'aria-describedby="after-{wish} wrong-{wish}" aria-invalid="true"' in form[0]
    assert f'value="{amount}"' in form[0]
    assert page.count("aria-invalid") == 1


TYPED = {
    "rules": "1",
    "limit_links": "2",
    "limit_action_links": "reject",
    "list_name_0": "Rude",
    "list_entries_0": "canary",
    "other_languages": "approve",
}


def assert_kept(page: str) -> None:
    """Say that what was typed beside the thresholds stands in the form."""
    assert re.search(r'name="limit_links"[^>]*value="2"', page)
    chosen = re.search(r'name="limit_action_links".*?</select>', page, re.DOTALL)
    assert chosen is not None
    assert '<option value="reject" selected>' in chosen[0]
    assert re.search(r">\s*canary</textarea>", page)
    assert '<option value="approve" selected>' in page


@pytest.mark.usefixtures("audited")
def test_what_was_typed_beside_thresholds_stays(olga: Browser) -> None:
    olga.get("/thresholds")
    assert_kept(olga.post("/thresholds", 200, **FLAGS | TYPED).text)
    assert_kept(olga.post("/thresholds", 422, **FLAGS | TYPED | {"amount_flags": ""}).text)
    wrong = olga.post("/thresholds", 422, **FLAGS | TYPED | {"limit_pace": "many"}).text
    assert_kept(wrong)
    assert "write a whole number such as 3, or nothing." in wrong


@pytest.mark.usefixtures("audited")
def test_rules_that_are_typed_count_for_the_advice(runtime: Runtime, olga: Browser) -> None:
    with runtime.transaction() as connection:
        connection.execute(update(classifications).values(length=80))
    olga.get("/thresholds")
    every = {"rules": "1", "limit_length": "1", "limit_action_length": "flag"}
    page = olga.post("/thresholds", 422, **FLAGS | every).text
    assert "comments a day wait for other reasons than their scores" in words(page)


def test_before_a_thousand_comments_there_is_no_advice(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    fill(runtime, agora.site_id, [Cell(0.1, 240, 24, 0)])
    page = olga.get("/thresholds").text
    assert "given from 1,000 comments on; there are 240 in this time" in words(page)
    assert 'class="wish"' not in page


@pytest.mark.usefixtures("audited")
def test_advice_is_for_operators_of_the_site(alice: Browser, mallory: Browser) -> None:
    alice.get("/queue")
    alice.post("/thresholds", 403, **FLAGS)
    mallory.get("/queue")
    mallory.post("/thresholds?site=agora", 403, **FLAGS)


@pytest.mark.usefixtures("audited")
def test_what_the_audit_corrects_is_told_of_both_policies(olga: Browser) -> None:
    said = words(olga.get("/thresholds").text)
    assert re.search(
        r"Of all 3,360 comments, moderators would reject about 180 \(\d+ to \d+\) if they saw", said
    )
    page = olga.post("/thresholds", 200, **FLAGS).text
    corrected = re.search(r'<section class="corrected".*?</section>', page, re.DOTALL)
    assert corrected is not None
    said = words(corrected[0])
    assert re.search(
        r"it stops 67 % \(\d+ % to \d+ %\) 89 % \(\d+ % to \d+ %\) It misses, of 1,000 comments "
        r"18 \(\d+(\.\d)? to \d+\) 6\.0 \(\d+(\.\d)? to \d+\)",
        said,
    ), said
    assert "It rests on 312 samples of what was approved" in said


def test_too_few_samples_say_how_many_more(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    fill(runtime, agora.site_id, [Cell(0.1, 1_000, 10, 1), *TRUTH[2:]])
    said = words(olga.get("/thresholds").text)
    assert "10 of its samples from this time were judged, and 40 more are needed" in said
