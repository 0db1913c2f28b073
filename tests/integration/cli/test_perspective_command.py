"""`copydesk perspective`."""

import json
from pathlib import Path

from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.sites import add_site
from moderation.services.suggesting import Suggestion, suggest
from tests.commands import Copydesk
from tests.factories import submit

INSULT, GREETING = "You are a stupid idiot, \u202eand\nwrong.", "Good morning."


def test_suggested_labels_can_be_evaluated(
    copydesk: Copydesk, cli_runtime: Runtime, tmp_path: Path
) -> None:
    agora = add_site(cli_runtime, "agora", "compact@1").id
    for text, score in ((INSULT, 1.0), (GREETING, 0.0)):
        submit(cli_runtime, agora, text, text=text)
        scores = {Label.TOXICITY: score, Label.INSULT: score}
        suggest(cli_runtime, agora, Suggestion(text, scores))
    printed = copydesk("perspective", "labels", "agora")
    assert printed.status == 0
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert lines[:2] == [
        {"external_id": INSULT, "text": INSULT, "insult": 1.0},
        {"external_id": INSULT, "text": INSULT, "toxicity": 1.0},
    ]
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text(printed.out)
    assert copydesk("evaluate", str(labelled)).status == 0


def test_a_site_that_is_not_there_is_named(copydesk: Copydesk) -> None:
    refused = copydesk("perspective", "labels", "nowhere")
    assert (refused.status, refused.out) == (1, "")
    assert "no site named nowhere" in refused.err
