"""`copydesk thresholds carry`, as an operator types it."""

import re

import pytest

from classifiers import registry
from moderation.runtime import Runtime
from moderation.services.sites import policy_in_force
from tests.commands import Copydesk
from tests.factories import CLASSIFIER, NEXT, Agora, make_agora
from tests.integration.test_carrying import score_both


@pytest.fixture
def agora(cli_runtime: Runtime) -> Agora:
    return make_agora(cli_runtime)


def test_it_says_what_it_found_and_publishes_nothing(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora
) -> None:
    score_both(cli_runtime, agora.site_id, 400)
    said = copydesk("thresholds", "carry", "agora", "--from", CLASSIFIER, "--to", NEXT).out
    assert f"From {CLASSIFIER} to {NEXT}, on 400 comments:" in said
    assert re.search(r"insult +0\.8 +80 \(20\.00%\) +0\.64\d+ +0\.6\d+ to 0\.6\d+ +100\.0%", said)
    assert re.search(r"threat +0\.7 +0 \(0\.00%\)\* +0\.0001 +above 0\.000", said)
    assert f"toxicity has no threshold any more: {NEXT} does not score it." in said
    assert "* few comments" in said
    assert policy_in_force(cli_runtime, "agora", NEXT).classifier == CLASSIFIER


def test_it_publishes_where_it_is_asked_to(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora
) -> None:
    score_both(cli_runtime, agora.site_id, 400)
    said = copydesk("thresholds", "carry", "agora", "--to", NEXT, "--publish").out
    assert f"Policy 2 of site agora is in force for {NEXT}." in said
    assert policy_in_force(cli_runtime, "agora", NEXT).version == 2
    assert policy_in_force(cli_runtime, "agora", CLASSIFIER).version == 1


def test_it_refuses_to_publish_on_few_comments(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora
) -> None:
    score_both(cli_runtime, agora.site_id, 30)
    said = copydesk("thresholds", "carry", "agora", "--to", NEXT).out
    assert "too few to publish: 200 are needed" in said
    refused = copydesk("thresholds", "carry", "agora", "--to", NEXT, "--publish")
    assert refused.status == 1
    assert "Only 30 comments have scores by both" in refused.err


@pytest.mark.usefixtures("agora")
def test_without_options_it_is_for_the_classifier_that_is_configured(copydesk: Copydesk) -> None:
    refused = copydesk("thresholds", "carry", "agora")
    compact = registry.version("compact")
    assert f"No comment has scores by both {CLASSIFIER} and {compact}." in refused.err
