"""Rules on the thresholds page: typing, trying, publishing and reading them."""

import html
import re

import pytest
from flask import Flask

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.model.measures import Limit, Measure
from moderation.model.policy import Policy
from moderation.model.presets import PRESETS, Preset
from moderation.model.word_lists import MOST_LISTS, WordList
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.services.tuning import read_tuning
from tests.factories import CLASSIFIER, Agora, classify_all, submit
from tests.integration.dashboard.conftest import Browser
from tests.integration.dashboard.test_thresholds import FORM
from tests.rules import RUDE, publish_rules, russian_lists

LINK = "See https://a.example and https://b.example!"
RULES = {"rules": "1", "seen": "1", "version": "1", "reason": "rules"}


@pytest.fixture(autouse=True)
def scored(runtime: Runtime, agora: Agora) -> None:
    """Six comments, of which two have links."""
    saw_classifier(runtime, CLASSIFIER, [label for label in Label if f"flag_{label}" in FORM])
    for n, text in enumerate([LINK, f"{LINK} Again.", "One", "Two", "Three", "A canary"]):
        submit(runtime, agora.site_id, f"c{n}", text=text)
    classify_all(runtime)


def in_force(runtime: Runtime, agora: Agora) -> Policy:
    return read_tuning(runtime, agora.olga, agora.site_id).current.policy


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_rules_are_published_with_thresholds_and_stand_in_the_list(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    typed = {
        "limit_links": "2",
        "limit_action_links": "reject",
        "limit_approvals": "1",
        "list_name_0": "Rude",
        "list_action_0": "flag",
        "list_entries_0": "canary\r\n\r\n  coal mine* \r\ncanary\r\n",
    }
    olga.post("/thresholds", do="publish", **FORM | RULES | typed)
    policy = in_force(runtime, agora)
    assert policy.limits == {
        Measure.LINKS: Limit(2, Action.REJECT),
        Measure.APPROVALS: Limit(1),
    }
    assert policy.word_lists == (RUDE,)
    page = html.unescape(olga.get("/thresholds").text)
    assert "Links to other sites, from 2: reject without a person" in page
    assert "Approved comments of the author, fewer than 1: flag for a person" in page
    assert "list “Rude”, 2 entries: flag for a person" in page
    assert value_of(page, "limit_links") == "2"
    assert "canary\ncoal mine*</textarea>" in page
    assert "Roll back to version 1" in page


def test_a_form_without_rules_leaves_them_as_they_are(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish_rules(runtime, agora, {Measure.LINKS: Limit(9)}, RUDE)
    olga.get("/thresholds")
    olga.post("/thresholds", do="publish", seen="2", reason="lower", **FORM)
    assert in_force(runtime, agora).limits == {Measure.LINKS: Limit(9)}
    assert in_force(runtime, agora).word_lists == (RUDE,)
    olga.post("/thresholds", do="publish", **FORM | RULES | {"seen": "3"})
    assert (in_force(runtime, agora).limits, in_force(runtime, agora).word_lists) == ({}, ())


def test_a_limit_is_tried_on_what_was_written(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    olga.get("/thresholds")
    page = olga.post("/thresholds", 200, do="preview", **FORM | RULES | {"limit_links": "2"}).text
    assert "Of all 6 comments, 2 would wait for a person instead of 0" in page
    assert page.count("a.example") >= 2, "those that flip are shown"
    assert in_force(runtime, agora).version == 1


def test_words_that_are_new_are_looked_for_in_the_newest_comments(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish_rules(runtime, agora, None, WordList("Old", Action.FLAG, ("one",)))
    submit(runtime, agora.site_id, "c6", text="One more")
    classify_all(runtime)
    olga.get("/thresholds")
    form = (
        FORM | RULES | {"seen": "2", "list_name_0": "New", "list_entries_0": "one\ncanary\nthree"}
    )
    for do in ("preview", "try"):
        page = " ".join(olga.post("/thresholds", 200, do=do, **form).text.split())
        assert "Of all 7 comments, 1 would wait for a person, as many as now." in page
        assert "They were looked for in the newest 7 comments." in page
        assert "Words that are new are in about 2 comments a day (fewer than 1 to 4)" in page
        assert "<strong>2</strong> of the newest 7 have a word that is new" in page
        assert "A canary" in page
    form["list_entries_0"] = "canary"
    page = " ".join(olga.post("/thresholds", 200, do="preview", **form).text.split())
    assert "Of all 7 comments, 0 would wait for a person instead of 1" in page
    form["list_entries_0"] = "one"
    assert "a word that is new" not in olga.post("/thresholds", 200, do="preview", **form).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"limit_links": "two"}, "Links to other sites, from: write a whole number such as 3"),
        ({"limit_links": "0"}, "a limit is a whole number from 1 on"),
        ({"limit_links": "101"}, "a limit must not be higher than is counted"),
        ({"limit_approvals": "11"}, "a limit must not be higher than is counted"),
        ({"list_entries_0": "/(a/"}, "Words: An entry of a word list cannot be used: /(a/: "),
        ({"list_entries_0": ""}, "Words: a word list has 1 to 1,000 entries"),
        ({"list_entries_0": "x" * 101}, "Words: an entry has 1 to 100 characters"),
        ({"list_name_0": ""}, "A word list: a word list has a name of 1 to 60 characters"),
        (
            {"list_name_1": "Words", "list_entries_1": "y"},
            "Words: two word lists have the same name",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_is_not_published(
    runtime: Runtime, agora: Agora, olga: Browser, typed: dict[str, str], said: str
) -> None:
    olga.get("/thresholds")
    form = FORM | RULES | {"list_name_0": "Words", "list_entries_0": "x"} | typed
    for do in ("publish", "preview"):
        page = html.unescape(olga.post("/thresholds", 422, do=do, **form).text)
        assert page.count(said) == 2, "at the top and at the field"
        assert 'aria-invalid="true"' in page
    assert said in html.unescape(olga.post("/thresholds", 422, do="try", **form).text)
    assert in_force(runtime, agora).version == 1


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_fills_the_limits_in_and_publishes_nothing(
    runtime: Runtime, agora: Agora, olga: Browser, preset: Preset
) -> None:
    olga.get("/thresholds")
    typed = {"limit_length": "7", "list_name_0": "Mine", "list_entries_0": "x"}
    page = olga.post("/thresholds", 200, do=f"fill-{preset}", **FORM | RULES | typed).text
    for measure in Measure:
        limit = PRESETS[preset].get(measure)
        assert value_of(page, f"limit_{measure}") == (str(limit.number) if limit else "")
    assert value_of(page, "list_name_0") == "Mine"
    assert value_of(page, "reason") == "rules"
    assert "would wait for a person" in page
    assert in_force(runtime, agora).version == 1


def test_there_is_room_for_so_many_lists(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    lists = [WordList(f"List {n}", Action.FLAG, ("x",)) for n in range(MOST_LISTS)]
    publish_rules(runtime, agora, None, *lists[:-1])
    assert olga.get("/thresholds").text.count("<textarea name=") == MOST_LISTS
    publish_rules(runtime, agora, None, *lists)
    assert olga.get("/thresholds").text.count("<textarea name=") == MOST_LISTS


def typed_lists(lists: tuple[WordList, ...]) -> dict[str, str]:
    """Return lists as browsers send them."""
    names = {f"list_name_{n}": one.name for n, one in enumerate(lists)}
    return names | {f"list_entries_{n}": "\r\n".join(one.entries) for n, one in enumerate(lists)}


@pytest.mark.parametrize(("lists", "letters"), [(5, 10), (MOST_LISTS, 60)])
def test_long_lists_in_letters_of_several_bytes_are_tried_and_published(
    runtime: Runtime, agora: Agora, olga: Browser, lists: int, letters: int
) -> None:
    long = russian_lists(lists, letters)
    olga.get("/thresholds")
    form = FORM | RULES | typed_lists(long)
    for do in ("preview", "try", f"fill-{next(iter(Preset))}"):
        olga.post("/thresholds", 200, do=do, **form)
    olga.post("/thresholds", do="shadow", **form)
    assert in_force(runtime, agora).version == 1
    olga.post("/thresholds", do="publish", **form)
    assert in_force(runtime, agora).word_lists == long


def test_only_the_form_of_operators_that_holds_lists_may_be_long(
    app: Flask, alice: Browser, olga: Browser
) -> None:
    long = {"list_entries_0": "x" * 300_000}
    for path in ("/reasons", "/thresholds/roll-back", "/shadow/earlier", "/sign-in"):
        olga.get("/thresholds")
        assert "Too much at once" in olga.post(path, 413, **long).text
    assert "Use at most" in olga.post("/thresholds", 422, **FORM | RULES | long).text
    olga.post("/thresholds", 413, x="x" * 4 * 1024 * 1024)
    assert "the role operator" in alice.post("/thresholds", 403, **long).text
    stranger = Browser(app)
    stranger.get("/sign-in")
    assert "/sign-in" in stranger.post("/thresholds", 303, **long).location
    stranger.post("/sign-in", 413, **long)


def test_the_queue_says_which_rule_and_finds_by_it(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish_rules(runtime, agora, {Measure.LINKS: Limit(2)}, RUDE)
    for external_id, text in (("l", LINK), ("w", "Your canary, mine")):
        submit(runtime, agora.site_id, external_id, text=text)
    classify_all(runtime)
    page = html.unescape(olga.get("/queue?reason=rule").text)
    assert "links to other sites: 2" in page
    assert "on the list “Rude”: canary" in page
    assert "a rule of the policy" in page


def test_rules_are_folded_until_there_are_some(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    folded = '<details class="fold">'
    assert folded in olga.get("/thresholds").text
    publish_rules(runtime, agora, {Measure.LINKS: Limit(2)})
    assert folded not in olga.get("/thresholds").text
