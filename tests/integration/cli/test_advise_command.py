"""`copydesk advise`, as an operator types it."""

import json
import re

import pytest

from moderation.runtime import Runtime
from moderation.services.sites import policy_in_force
from tests.audited_site import fill
from tests.commands import Copydesk
from tests.factories import CLASSIFIER, Agora, make_agora


@pytest.fixture(autouse=True)
def agora(cli_runtime: Runtime) -> Agora:
    made = make_agora(cli_runtime)
    fill(cli_runtime, made.site_id)
    return made


def test_it_says_which_thresholds_flag_so_many(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    said = copydesk("advise", "agora", "--flags-a-day", "25").out
    assert "Advised for at most 25 flags a day, on 3,360 comments." in said
    assert "About 22 comments a day would wait for a person, 0.1 hours of reading." in said
    assert "On 19 of 20 days these would be between" in said
    assert re.search(r"insult +0\.\d+ +never", said)
    assert "Nothing is published" in said
    assert policy_in_force(cli_runtime, "agora", CLASSIFIER).version == 1


def test_a_promise_says_what_it_rests_on(copydesk: Copydesk) -> None:
    said = copydesk("advise", "agora", "--miss-at-most", "0.5", "--days", "0").out
    assert "At most 50.0% of what moderators would reject is approved, with 95 % confidence" in said
    assert re.search(r"312 samples of \d weeks were judged, of which 6 were bad", said)
    refused = copydesk("advise", "agora", "--miss-at-most", "0.1")
    assert refused.status == 1
    assert "more are needed" in refused.err


def test_programs_get_everything(copydesk: Copydesk) -> None:
    said = copydesk("advise", "agora", "--miss-at-most", "0.5", "--format", "json").out
    found = json.loads(said)
    assert (found["site"], found["classifier"]) == ("agora", CLASSIFIER)
    assert found["wish"] == {"misses": 0.5}
    assert 0.5 < found["thresholds"]["insult"]["flag"] <= 0.6
    assert found["promise"]["confidence"] == 0.95
    assert found["promise"]["rejected"] == 120
    hours = copydesk("advise", "agora", "--hours", "0.1", "--format", "json").out
    assert json.loads(hours)["promise"] is None


@pytest.mark.parametrize("options", [(), ("--hours", "1", "--flags-a-day", "10")])
def test_one_wish_is_granted_at_a_time(copydesk: Copydesk, options: tuple[str, ...]) -> None:
    assert copydesk("advise", "agora", *options).status == 2


def test_what_means_nothing_is_refused(copydesk: Copydesk) -> None:
    refused = copydesk("advise", "agora", "--miss-at-most", "10")
    assert (refused.status, "Take a number from 0.1 to 90" in refused.err) == (1, True)
    assert copydesk("advise", "nowhere", "--hours", "1").status == 1
    other = copydesk("advise", "agora", "--hours", "1", "--classifier", "compact@other")
    assert "There are no scores by compact@other yet." in other.err
