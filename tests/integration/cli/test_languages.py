"""A site's languages, as an operator types them."""

import re
from pathlib import Path

import pytest

from classifiers.detoxify.manifest import EXACT_FILES, Manifest, folder_of
from classifiers.second_view import versioned
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.sites import find_site
from moderation.storage import policies
from tests.commands import Copydesk

SHA256 = "0123456789abcdef" * 4


def test_a_site_states_its_languages(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    added = copydesk("site", "add", "agora", "--language", "en", "--language", "fr-CA")
    assert added.status == 0
    assert find_site(cli_runtime, "agora").languages == ("en", "fr")
    assert re.search(r"agora +agora +en fr +hold", copydesk("site", "list").out)


def test_languages_that_the_classifier_does_not_know_are_told(copydesk: Copydesk) -> None:
    added = copydesk("site", "add", "agora", "--language", "en", "--language", "fr").out
    assert "Not supported: compact does not know French." in added
    assert "detoxify:multilingual knows French" in added
    assert "too short" not in added
    polish = copydesk("site", "set", "agora", "--language", "pl").out
    assert "compact does not know Polish" in polish
    assert "too short to tell: they count as Polish" in polish
    assert "multilingual" not in polish
    assert "Not supported" not in copydesk("site", "set", "agora", "--language", "en").out


def test_a_language_that_nobody_can_tell_is_refused(copydesk: Copydesk) -> None:
    refused = copydesk("site", "add", "agora", "--language", "klingon")
    assert refused.status == 1
    assert "We cannot tell the language 'klingon'" in refused.err


def test_what_becomes_of_other_languages_is_a_new_policy(
    copydesk: Copydesk, cli_runtime: Runtime
) -> None:
    copydesk("site", "add", "agora")
    changed = copydesk("site", "set", "agora", "--other-languages", "approve").out
    assert re.match(r"Policy 2 of site agora: .* approve\.\n$", changed)
    site_id = find_site(cli_runtime, "agora").id
    with cli_runtime.reading() as connection:
        newest, first = (one.policy for one in policies.history(connection, site_id))
    assert (newest.other_languages, first.other_languages) == ("approve", "flag")
    assert newest.thresholds == first.thresholds
    refused = copydesk("site", "set", "agora", "--other-languages", "reject")
    assert "`flag`, `approve` or `route:NAME`" in refused.err


def test_a_route_leads_to_a_classifier_that_the_workers_have(
    copydesk: Copydesk, cli_runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copydesk("site", "add", "agora")
    route = ("site", "set", "agora", "--other-languages", "route:detoxify:multilingual")
    assert "COPYDESK_OTHER_CLASSIFIER=detoxify:multilingual" in copydesk(*route).err
    monkeypatch.setenv("COPYDESK_OTHER_CLASSIFIER", "detoxify:multilingual")
    monkeypatch.setenv("COPYDESK_MODELS", str(tmp_path))
    assert "copydesk classifiers fetch detoxify:multilingual" in copydesk(*route).err
    folder = folder_of("detoxify:multilingual", tmp_path)
    folder.mkdir()
    files = dict.fromkeys(EXACT_FILES, SHA256)
    Manifest("detoxify:multilingual", folder, (Label.TOXICITY,), files, {}).write()
    version = versioned("detoxify:multilingual@0123456789ab")
    assert f"route to {version}." in copydesk(*route).out
    site_id = find_site(cli_runtime, "agora").id
    with cli_runtime.reading() as connection:
        policy = policies.history(connection, site_id)[0].policy
    assert policy.route is not None
    assert policy.route.classifier == version
    assert "there is no classifier" in copydesk(*route[:-1], "route:vader").err
