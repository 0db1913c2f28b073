"""Other thresholds in one place: chosen, tried, published, shown and given up on the page."""

import re
from html import unescape

import pytest

from moderation.model.comments import Thread
from moderation.model.errors import Conflict, Forbidden, InvalidInput, NotFound
from moderation.model.labels import Label
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import FIRST_THRESHOLDS, Override, Policy, Threshold
from moderation.runtime import Runtime
from moderation.services import tuning
from moderation.services.classifier_versions import saw_classifier
from moderation.services.tuning import Draft, Removal
from tests.evidence import write_policy
from tests.factories import CIVIL, CLASSIFIER, NEXT, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_simulating import words
from tests.integration.dashboard.test_thresholds import FORM, KNOWN

SPORT = Pattern(PlaceKind.SECTION, "Sport")
AT = "/thresholds?kind=section&pattern=Sport"
EMPTY = dict.fromkeys(FORM, "")
IN_SPORT = EMPTY | {"kind": "section", "pattern": "Sport", "seen": 1, "version": 1}


@pytest.fixture(autouse=True)
def scored(runtime: Runtime, agora: Agora) -> None:
    """Three comments in the sports, of which two are flagged, and one elsewhere that is."""
    saw_classifier(runtime, CLASSIFIER, KNOWN)
    for n, (section, insult) in enumerate(
        (("Sport", 0.85), ("Sport", 0.9), ("Sport", 0.1), ("News", 0.85))
    ):
        submit(
            runtime,
            agora.site_id,
            f"c{n}",
            text=f"Text {n}.",
            thread=Thread("t", None, None, section),
        )
        classify_all(runtime, CIVIL | {Label.INSULT: insult})


def in_force(runtime: Runtime, agora: Agora) -> Policy:
    return tuning.read_tuning(runtime, agora.olga, agora.site_id).current.policy


def publish(olga: Browser, **fields: str) -> None:
    olga.get(AT)
    olga.post("/thresholds", do="publish", **IN_SPORT | {"reason": "it is rough there"} | fields)


def field_of(page: str, name: str) -> str:
    found = re.search(rf'<input name="{name}"[^>]*>', page)
    assert found is not None
    return found[0]


def test_a_place_is_chosen_and_shows_what_counts_everywhere(olga: Browser) -> None:
    page = olga.get("/thresholds").text
    assert 'aria-current="true">Everywhere</a>' in page
    assert '<option value="Sport"></option>' in page
    page = olga.get(AT).text
    insult = field_of(page, "flag_insult")
    assert 'value=""' in insult
    assert 'placeholder="0.8"' in insult
    assert 'placeholder="never"' in field_of(page, "flag_obscene")
    assert "Section Sport : a number here counts instead" in words(page)
    assert 'name="other_languages"' not in page
    assert "as everywhere again" not in page


def test_a_draft_for_a_place_is_counted_there_alone(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get(AT)
    form = IN_SPORT | {"flag_insult": "0.88"}
    said = words(olga.post("/thresholds", 200, do="try", **form).text)
    assert "Of all 4 comments, 2 would wait for a person instead of 3" in said
    assert "1 wait for a person now, would be approved" in said
    assert "Text 0." in said
    assert re.search(r"Section Stopped now Would be Sport 2 1 News 1 1", said)
    page = olga.post("/thresholds", 200, do="preview", **form).text
    assert "2 would wait for a person instead of 3" in page
    assert 'value="0.88"' in field_of(page, "flag_insult")
    assert in_force(runtime, agora).overrides == ()


def test_what_is_published_for_a_place_decides_there(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish(olga, flag_insult="0,95")
    assert in_force(runtime, agora).overrides == (Override(SPORT, {Label.INSULT: Threshold(0.95)}),)
    page = olga.get("/thresholds").text
    assert "Section Sport : insult 0.95" in words(page)
    assert 'value="0.8"' in field_of(page, "flag_insult")
    page = olga.get(AT.replace("Sport", "SPORT")).text
    assert 'value="0.95"' in field_of(page, "flag_insult")
    assert page.count('aria-current="true">') == 1
    for n, section in enumerate(("Sport", "News")):
        submit(runtime, agora.site_id, f"new{n}", thread=Thread("t", None, None, section))
    classify_all(runtime, CIVIL | {Label.INSULT: 0.9, Label.THREAT: 0.71})
    cards = words(olga.get("/queue").text)
    assert cards.count("insult 0.90, flags from 0.80 ") == 2, (
        "elsewhere, and before it was published"
    )
    assert "policy 2 · Section Sport" in cards
    assert cards.count("policy 2") == 2


def test_what_is_empty_beside_a_number_is_as_everywhere_and_never_says_never(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    lines = {**FIRST_THRESHOLDS, Label.INSULT: Threshold(0.8, 0.97)}
    write_policy(runtime, agora.site_id, Policy(CLASSIFIER, lines))
    olga.get("/thresholds")
    rejecting = {"rejecting": "1", "seen": "2", "as_flag_insult": "0.8", "as_reject_insult": "0.97"}
    publish(olga, flag_insult="0.9", flag_threat="Never", as_flag_threat="0.5", **rejecting)
    [override] = in_force(runtime, agora).overrides
    assert override.thresholds == {
        Label.INSULT: Threshold(0.9, 0.97),
        Label.THREAT: Threshold(),
    }
    page = olga.get(AT).text
    assert 'value="never"' in field_of(page, "flag_threat")
    assert "threat never · insult 0.9 (rejects 0.97)" in words(page)
    assert 'name="as_reject_insult" value="0.97"' in page


def test_a_place_can_be_as_everywhere_again(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    publish(olga, flag_insult="0.95")
    page = olga.get(AT).text
    assert "Section Sport as everywhere again" in words(page)
    gone = {"kind": "section", "pattern": "sport", "classifier": CLASSIFIER}
    olga.post("/thresholds/remove-place", seen=2, **gone)
    assert in_force(runtime, agora).overrides == ()
    assert "As everywhere again: section sport." in olga.get("/thresholds").text
    olga.post("/thresholds/remove-place", 404, seen=3, **gone)
    assert "Roll back to version 2" in olga.get("/thresholds").text
    olga.post("/thresholds/roll-back", version=2, seen=3)
    assert in_force(runtime, agora).patterns == (SPORT,)


def test_numbers_of_everywhere_leave_places_as_they_are(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish(olga, flag_insult="0.95")
    olga.get("/thresholds")
    olga.post("/thresholds", do="publish", seen=2, reason="more", **FORM | {"flag_insult": "0.7"})
    policy = in_force(runtime, agora)
    assert policy.thresholds[Label.INSULT] == Threshold(0.7)
    assert policy.patterns == (SPORT,)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "A place needs a threshold of its own"),
        ({"flag_insult": "much"}, "Insult: write a number such as 0.8"),
        ({"flag_insult": "0.9", "pattern": "x" * 256}, "Use at most 255 characters here"),
        ({"flag_insult": "0.9", "kind": "author"}, "The form is incomplete"),
        ({"flag_sexual_explicit": "0.9"}, "gives no score for sexual_explicit"),
    ],
)
def test_what_cannot_be_in_a_place_is_said(
    runtime: Runtime, agora: Agora, olga: Browser, wrong: dict[str, str], said: str
) -> None:
    olga.get(AT)
    page = olga.post("/thresholds", 422, do="publish", **IN_SPORT | {"reason": "x"} | wrong).text
    assert said in unescape(page)
    assert in_force(runtime, agora).version == 1


def test_a_place_needs_thresholds_of_everywhere_for_its_classifier(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish(olga, flag_insult="0.95")
    saw_classifier(runtime, NEXT, KNOWN)
    page = olga.get("/thresholds").text
    assert "What it says of single places stays behind" in page
    assert "Add a place" not in page
    removal = Removal(SPORT, NEXT, 2)
    with pytest.raises(NotFound):
        tuning.remove_place(runtime, agora.olga, agora.site_id, removal)
    draft = Draft({Label.INSULT: Threshold(0.9)}, "x", 2, pattern=SPORT)
    with pytest.raises(InvalidInput, match="for everywhere first"):
        tuning.publish(runtime, agora.olga, agora.site_id, draft)
    tuning.publish(runtime, agora.olga, agora.site_id, Draft(FIRST_THRESHOLDS, "x", 2))
    assert in_force(runtime, agora).overrides == ()


def test_nobody_else_gives_a_place_up(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    publish(olga, flag_insult="0.95")
    for user, site_id, seen, error in (
        (agora.alice, agora.site_id, 2, Forbidden),
        (agora.mallory, agora.site_id, 2, NotFound),
        (agora.olga, agora.site_id, 1, Conflict),
    ):
        with pytest.raises(error):
            tuning.remove_place(runtime, user, site_id, Removal(SPORT, CLASSIFIER, seen))
