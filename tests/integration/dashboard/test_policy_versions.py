"""The versions of a policy: what each changed, and files of them."""

from html import unescape

from api.dashboard.stored_reasons import ours
from moderation.model.labels import Label
from moderation.model.places import Pattern, PlaceKind
from moderation.model.policy import FIRST_THRESHOLDS, OtherLanguages, Threshold
from moderation.policy_files import read_policy
from moderation.runtime import Runtime
from moderation.services.policy_versions import read_versions
from moderation.services.publishing import set_other_languages
from moderation.services.tuning import Draft, Removal, publish, remove_place, roll_back
from tests.factories import CLASSIFIER, Agora
from tests.integration.dashboard.conftest import Browser


def publish_strict(runtime: Runtime, agora: Agora) -> None:
    strict = {**FIRST_THRESHOLDS, Label.INSULT: Threshold(flag=0.5)}
    publish(runtime, agora.olga, agora.site_id, Draft(strict, "fewer\ninsults", 1))


def test_each_version_says_what_it_changed_before_all_its_numbers(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    publish_strict(runtime, agora)
    page = olga.get("/thresholds").text
    newest, first = page.split('<li id="version-')[1:]
    assert "insult flags from 0.5 instead of 0.8" in newest
    assert "toxicity" not in newest.partition("<details>")[0]
    assert "The first for this classifier." in first
    assert "toxicity 0.85" in first.partition("<details>")[2]


def test_a_version_can_be_saved_as_a_file(runtime: Runtime, agora: Agora, olga: Browser) -> None:
    publish_strict(runtime, agora)
    assert "/thresholds/versions/2.yaml" in olga.get("/thresholds").text
    saved = olga.get("/thresholds/versions/2.yaml")
    assert saved.content_type == "application/yaml; charset=utf-8"
    assert saved.headers["Content-Disposition"] == 'attachment; filename="policy-agora-2.yaml"'
    assert "# Why: fewer insults\n" in saved.text
    kept = read_versions(runtime, agora.site_id).numbered(2).policy
    assert read_policy(saved.data).thresholds == kept.thresholds
    olga.get("/thresholds/versions/3.yaml", 404)


def test_only_operators_of_the_site_save_its_policy(
    runtime: Runtime, agora: Agora, alice: Browser, mallory: Browser, olga: Browser
) -> None:
    publish_strict(runtime, agora)
    alice.get("/thresholds/versions/2.yaml", 403)
    mallory.get("/thresholds/versions/2.yaml?site=agora", 403)
    olga.get("/thresholds/versions/2.yaml?site=boule", 404)


def test_the_reasons_of_ours_are_told_in_the_language_of_the_reader(
    runtime: Runtime, agora: Agora, olga: Browser
) -> None:
    sport = Pattern(PlaceKind.SECTION, "sport")
    draft = Draft({Label.INSULT: Threshold(0.9)}, "ours", 1, pattern=sport)
    publish(runtime, agora.olga, agora.site_id, draft)
    remove_place(runtime, agora.olga, agora.site_id, Removal(sport, CLASSIFIER, 2))
    set_other_languages(runtime, "agora", OtherLanguages.APPROVE)
    roll_back(runtime, agora.olga, agora.site_id, version=2, seen=4)
    kept = [one.reason for one in read_versions(runtime, agora.site_id).history]
    assert [ours(one) is not None for one in kept[:4]] == [True, True, True, False]
    page = unescape(olga.get("/thresholds").text)
    assert "As everywhere again: section sport." in page
    assert "Comments in other languages: Judge by the scores all the same." in page
