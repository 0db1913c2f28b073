"""`copydesk export`, as an operator types it, and the same from the page."""

import json

from moderation.model.decisions import Action
from moderation.runtime import Runtime
from tests.commands import Copydesk
from tests.complaining import decide
from tests.factories import flagged_comment, make_agora


def test_disagreements_are_written_line_by_line(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    agora = make_agora(cli_runtime)
    assert copydesk("export", "disagreements", "agora").out == ""
    decide(cli_runtime, agora.alice, flagged_comment(cli_runtime, agora.site_id), Action.APPROVE)
    ended = copydesk("export", "disagreements", "agora", "--since", "2026-01-01")
    assert [json.loads(line)["person"] for line in ended.out.splitlines()] == ["approve"]
    assert copydesk("export", "disagreements", "agora", "--since", "2126-01-01").out == ""
    as_csv = copydesk("export", "disagreements", "agora", "--format", "csv").out
    assert as_csv.startswith('"external_id","decided_at","automation"')
    assert '"You are an idiot."' in as_csv
    assert "no site named nowhere" in copydesk("export", "disagreements", "nowhere").err
