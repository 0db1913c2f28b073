"""Learning, as an operator asks for it."""

import json

import pytest

from moderation.model import head_trials
from moderation.model import learning as lessons
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.services.erasure import erase
from tests.commands import Copydesk
from tests.factories import CIVIL, CLASSIFIER, Agora, make_agora
from tests.learning import decided_community


@pytest.fixture
def agora(cli_runtime: Runtime) -> Agora:
    saw_classifier(cli_runtime, CLASSIFIER, sorted(CIVIL))
    return make_agora(cli_runtime)


@pytest.mark.usefixtures("agora")
def test_it_says_what_is_missing(copydesk: Copydesk) -> None:
    done = copydesk("learn", "train", "agora")
    assert done.status == 1
    missing = "500 decisions, 50 approvals, 50 rejections more are needed"
    assert missing in done.out
    assert missing in copydesk("learn", "show", "agora").out


def test_a_version_is_trained_switched_on_verified_and_switched_off(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons, "FEWEST", 300)
    monkeypatch.setattr(head_trials, "MOST_LOST", 0.15)
    decided = decided_community(cli_runtime, agora, 400)
    done = copydesk("learn", "train", "agora")
    assert "Of 48 that people approved, 48 are flagged now, 0 with it" in done.out
    assert "Version 1: better." in done.out
    assert "48 → 0 of 48" in copydesk("learn", "show", "agora").out
    assert "Version 1 is on." in copydesk("learn", "on", "agora", "1").out
    shown = json.loads(copydesk("learn", "show", "agora", "--format", "json").out)
    [version] = shown["versions"]
    assert (version["on"], version["finding"]) == (True, "better")
    assert copydesk("learn", "verify", "agora", "1").status == 0
    assert "Version 1 is off." in copydesk("learn", "off", "agora").out
    assert "None was on." in copydesk("learn", "off", "agora").out
    erase(cli_runtime, agora.site_id, decided[0])
    changed = copydesk("learn", "verify", "agora", "1")
    assert (changed.status, "cannot be made again" in changed.out) == (1, True)
