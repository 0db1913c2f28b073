"""`copydesk shadow`, as an operator types it."""

import json

import pytest

from classifiers import registry
from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.moderating import decide_comment
from moderation.services.sites import policy_in_force
from tests.commands import Copydesk
from tests.factories import CLASSIFIER, NEXT, Agora, make_agora
from tests.shadows import comment, publish_ahead, see_both


@pytest.fixture
def agora(cli_runtime: Runtime) -> Agora:
    made = make_agora(cli_runtime)
    see_both(cli_runtime)
    return made


def test_a_draft_is_started_shown_and_promoted(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora
) -> None:
    assert "No shadow runs at agora." in copydesk("shadow", "show", "agora").out
    assert copydesk("shadow", "show", "agora", "--format", "json").out == "null\n"
    lines = ("--flag", "insult=0.5", "--flag", "threat=never", "--reject", "toxicity=never")
    started = copydesk("shadow", "start", "agora", *lines, "--reason", "Too many insults.")
    assert f"A shadow runs at agora, by the scores of {CLASSIFIER}. It decides nothing." in (
        started.out
    )
    ids = [comment(cli_runtime, agora, f"c{n}", score, score) for n, score in enumerate((0.1, 0.6))]
    decide_comment(cli_runtime, agora.alice, ids[1], Action.REJECT, seen=1)
    shown = copydesk("shadow", "show", "agora").out
    assert "2 comments compared, 1 of them judged by people:" in shown
    assert "approve → flag" in shown
    assert "Not yet sure which is better." in shown
    assert "About 7 more are needed." in shown
    found = json.loads(copydesk("shadow", "show", "agora", "--format", "json").out)
    assert (found["compared"], found["judged"], found["finding"]) == (2, 1, "unsure")
    assert (found["shadow_right"], found["live_right"], found["mcnemar_p"]) == (1, 0, 1.0)
    assert (found["live"]["flag"], found["shadow"]["flag"]) == (0, 1)
    assert found["by_label"]["insult"]["shadow"]["stopped"] == 1
    assert found["differences"] == [
        {"live": "approve", "shadow": "flag", "comments": 1, "judged": 1, "rejected": 1}
    ]
    promoted = copydesk("shadow", "promote", "agora", "--reason", "It finds more.")
    assert promoted.out == f"Policy 2 of site agora is in force for {CLASSIFIER}.\n"
    thresholds = policy_in_force(cli_runtime, "agora", CLASSIFIER).thresholds
    assert thresholds[Label.INSULT].flag == 0.5
    assert thresholds[Label.THREAT].flag is None
    assert thresholds[Label.TOXICITY].reject is None


@pytest.mark.usefixtures("agora")
def test_it_is_stopped(copydesk: Copydesk) -> None:
    copydesk("shadow", "start", "agora", "--flag", "insult=0.5")
    assert copydesk("shadow", "stop", "agora").out == "The shadow of agora ended.\n"
    refused = copydesk("shadow", "stop", "agora")
    assert (refused.status, "No shadow runs at this site." in refused.err) == (1, True)


@pytest.mark.usefixtures("agora")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--flag", "insults=0.5"), "not such as insult=0.7"),
        (("--flag", "insult"), "not such as insult=0.7"),
        (("--flag", "insult=much"), "not such as insult=0.7"),
        (("--flag", "insult=2"), "lies above 0"),
        ((), "nothing to compare"),
        (("--classifier", NEXT), f"set COPYDESK_NEXT_CLASSIFIER={NEXT}"),
        (("--classifier", "compact"), "No thresholds for compact@"),
    ],
)
def test_what_cannot_shadow_is_refused(
    copydesk: Copydesk, words: tuple[str, ...], why: str
) -> None:
    refused = copydesk("shadow", "start", "agora", *words)
    assert refused.status == 1
    assert why in refused.err


def test_a_classifier_that_the_workers_have_shadows_with_its_own_thresholds(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_NEXT_CLASSIFIER", "compact")
    version = registry.version("compact")
    publish_ahead(cli_runtime, agora.site_id, classifier=version)
    started = copydesk("shadow", "start", "agora", "--classifier", "compact")
    assert f"by the scores of {version}." in started.out
    shown = copydesk("shadow", "show", "agora").out
    assert f"It judges the scores of {version}; {CLASSIFIER} decides." in shown
    assert "0 comments were decided since; 0 wait for its scores" in shown
    promoted = copydesk("shadow", "promote", "agora", "--reason", "Better.")
    assert "It decides from when COPYDESK_CLASSIFIER names that" in promoted.out
