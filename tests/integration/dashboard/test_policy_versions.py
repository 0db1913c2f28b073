"""The versions of a policy: what each changed, and files of them."""

from moderation.model.labels import Label
from moderation.model.policy import FIRST_THRESHOLDS, Threshold
from moderation.policy_files import read_policy
from moderation.runtime import Runtime
from moderation.services.policy_versions import read_versions
from moderation.services.tuning import Draft, publish
from tests.factories import Agora
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
