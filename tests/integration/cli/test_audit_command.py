"""The audit, as an operator asks for it."""

import json

import pytest

from moderation.model.decisions import Action
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services.auditing import judge
from moderation.services.sites import find_site
from tests.auditing import sampled
from tests.commands import Copydesk
from tests.factories import Agora, make_agora


@pytest.fixture
def agora(cli_runtime: Runtime) -> Agora:
    return make_agora(cli_runtime)


def test_a_site_says_how_much_is_judged(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    copydesk("site", "add", "boule")
    assert "people judge 1 % of what automation approves" in copydesk("site", "audit", "boule").out
    assert "5 %" in copydesk("site", "audit", "boule", "--percent", "5").out
    assert find_site(cli_runtime, "boule").audit_share == 0.05
    assert "nothing" in copydesk("site", "audit", "boule", "--percent", "0").out
    assert copydesk("site", "audit", "boule", "--percent", "101").status == 1


def test_what_automation_misses_is_told(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora
) -> None:
    assert "Nothing was judged yet." in copydesk("audit", "show", "agora").out
    for action in [Action.APPROVE] * 9 + [Action.REJECT]:
        comment_id = sampled(cli_runtime, agora.site_id)
        words = Words("hate") if action is Action.REJECT else Words()
        judge(cli_runtime, agora.alice, comment_id, action, seen=1, words=words)
    shown = copydesk("audit", "show", "agora", "--days", "7").out
    assert "moderators would reject about 100 (between 17 and 405)" in shown
    assert "for identity_attack" in shown
    found = json.loads(copydesk("audit", "show", "agora", "--format", "json").out)
    assert (found["site"], found["days"], found["judged"], found["missed"]) == ("agora", 30, 10, 1)
    assert found["share"] == pytest.approx(0.1)
    assert found["by_label"]["identity_attack"]["missed"] == 1
    assert found["by_label"]["threat"]["share"] == 0.0
    assert found["without_label"]["missed"] == 0
    assert (found["open"], found["left_out"], found["judged_openly"]) == (0, 0, 10)
    [week] = found["by_week"].values()
    assert week["judged"] == 10


def test_days_are_days(copydesk: Copydesk, agora: Agora) -> None:
    assert agora.site_id
    assert copydesk("audit", "show", "agora", "--days", "0").status == 2
    assert copydesk("audit", "show", "nowhere").status == 1
