"""Disagreements: what is exported where a person decided otherwise than automation."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from moderation.model.decisions import Action
from moderation.model.disagreements import Disagreement, ExportFormat, written
from moderation.model.labels import Label
from moderation.model.words_of_decisions import Words
from moderation.runtime import Runtime
from moderation.services import disagreements
from moderation.services.disagreements import all_disagreements
from moderation.services.erasure import erase
from moderation.services.moderating import undo
from tests.complaining import approved_comment, decide
from tests.factories import CLASSIFIER, Agora, classify_all, flagged_comment, submit

EVER = datetime(2026, 1, 1, tzinfo=UTC)


def found(runtime: Runtime, agora: Agora, since: datetime = EVER) -> list[Disagreement]:
    return list(all_disagreements(runtime, agora.site_id, since))


def test_what_a_person_saw_differently_is_exported_with_all_that_is_known(
    runtime: Runtime, agora: Agora
) -> None:
    flagged = flagged_comment(runtime, agora.site_id, "flagged")
    decide(runtime, agora.alice, flagged, Action.APPROVE)
    passed = approved_comment(runtime, agora.site_id, "passed")
    decide(runtime, agora.alice, passed, Action.REJECT, words=Words("spam", note="Again"))
    first, second = found(runtime, agora)
    assert (first.external_id, first.automation, first.person) == ("flagged", "flag", "approve")
    assert (first.text, first.classifier, first.policy_version) == (
        "You are an idiot.",
        CLASSIFIER,
        1,
    )
    assert first.scores[Label.TOXICITY] == pytest.approx(0.95)
    assert first.fields["automation_reasons"] == ["toxicity", "insult"]
    assert (second.external_id, second.automation, second.person) == ("passed", "approve", "reject")
    assert second.fields["person_reasons"] == ["Spam or advertising: Again"]


def test_where_they_agree_or_nothing_stands_nothing_is_exported(
    runtime: Runtime, agora: Agora
) -> None:
    ids = {name: flagged_comment(runtime, agora.site_id, name) for name in "abcd"}
    decide(runtime, agora.alice, ids["a"], Action.REJECT)
    undo(runtime, agora.alice, decide(runtime, agora.alice, ids["b"], Action.APPROVE).id)
    decide(runtime, agora.alice, ids["c"], Action.APPROVE)
    erase(runtime, agora.site_id, ids["c"])
    decide(runtime, agora.alice, ids["d"], Action.APPROVE)
    submit(runtime, agora.site_id, "d", text="Something else.")
    classify_all(runtime)
    flagged = flagged_comment(runtime, agora.other_site_id)
    decide(runtime, agora.mallory, flagged, Action.APPROVE)
    assert found(runtime, agora) == []


def test_many_are_read_some_at_a_time_and_none_twice(
    runtime: Runtime, agora: Agora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disagreements, "TOGETHER", 2)
    for n in range(5):
        decide(
            runtime, agora.alice, flagged_comment(runtime, agora.site_id, f"c{n}"), Action.APPROVE
        )
    made = found(runtime, agora)
    assert [one.external_id for one in made] == [f"c{n}" for n in range(5)]
    since = made[3].decided_at
    assert [one.external_id for one in found(runtime, agora, since)] == ["c3", "c4"]
    assert found(runtime, agora, made[4].decided_at + timedelta(seconds=1)) == []


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1", "\r=1"])
def test_no_cell_begins_as_a_formula(runtime: Runtime, agora: Agora, begins: str) -> None:
    comment_id = submit(runtime, agora.site_id, begins, text=f'{begins}",=2\n=3').comment_id
    classify_all(runtime)
    decide(runtime, agora.alice, comment_id, Action.REJECT, words=Words(note=begins))
    [one] = found(runtime, agora)
    head, row = csv.reader(StringIO("".join(written([one], ExportFormat.CSV)), newline=""))
    cells = dict(zip(head, row, strict=True))
    assert cells["text"] == f"'{one.text}"
    assert cells["external_id"] == f"'{begins}"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d")) for cell in row)
    [line] = written([one], ExportFormat.JSONL)
    assert json.loads(line)["text"] == one.text
