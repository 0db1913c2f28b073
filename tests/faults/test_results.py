"""Results of the matrix: what is added up, and what is taken up again."""

import argparse
import json
import subprocess
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest

from tests.faults.matrix import __main__ as command
from tests.faults.matrix.build import commit
from tests.faults.matrix.kinds import Kind
from tests.faults.matrix.plan import FULL, RECOVERY
from tests.faults.matrix.report import write_docs
from tests.faults.matrix.results import Result, together, with_recovery


def result(**values: Any) -> Result:  # noqa: ANN401 - fields of Result
    zeros: dict[str, Any] = {field.name: 0 for field in fields(Result)}
    return Result(**zeros | {"database": "sqlite", "commit": "abc", "recovery": {}} | values)


LOAD = result(accepted=1000, faults=61, seconds=10, rate=100, latency_p50_s=2.0, lost=1)
HEALED = {Kind.DATABASE: {"faults": 1, "median_s": 3.0, "max_s": 3.0}}
ALONE = result(accepted=50, faults=19, seconds=5, rate=10, lost=2, recovery=HEALED)


def test_both_parts_count_and_each_tells_its_own_times() -> None:
    both = with_recovery(LOAD, ALONE)
    assert (both.accepted, both.accepted_for_recovery) == (1050, 50)
    assert (both.faults, both.faults_for_recovery) == (80, 19)
    assert (both.lost, both.kept) == (3, False)
    assert (both.seconds, both.rate, both.latency_p50_s) == (10, 100, 2.0)
    assert both.recovery == HEALED
    assert together([both, both]).rate == 100


def test_every_kind_is_left_to_heal_alone_once() -> None:
    assert RECOVERY.counts == dict.fromkeys(Kind, 1)
    assert RECOVERY.calm > RECOVERY.redis_away
    assert set(FULL.counts) == set(Kind)


def test_the_table_says_what_was_hit_in_mid_batch_and_what_was_answered_oddly(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- make faults writes from here -->\n<!-- make faults writes to here -->\n")
    write_docs([result(aimed_at_mid_batch=5, hit_in_mid_batch=4, odd_answers=7)], page)
    assert "| hit in mid-batch, of those that were to | 4 of 5 |" in page.read_text()
    assert "| **answers that break the API's word** | 7 |" in page.read_text()


def test_a_build_is_told_from_another_commit_and_from_other_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert commit() == ""
    git("init", "--quiet")
    seen = []
    for name in ("first", "second"):
        (tmp_path / name).write_text(name)
        git("add", ".")
        git("commit", "--quiet", "--message", name)
        seen.append(commit())
    for changed in ("first", "new"):
        for text in ("one", "another"):
            (tmp_path / changed).write_text(text)
            seen.append(commit())
    assert len(set(seen)) == 6
    assert commit() == seen[-1]
    assert ["dirty" in build for build in seen] == [False] * 2 + [True] * 4


def git(*words: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *who, *words], check=True)  # noqa: S603, S607 - ours; from the PATH


@pytest.mark.parametrize(
    ("kept", "asked", "runs"),
    [("abc", "resume", 0), ("abc", "", 1), ("another", "resume", 1), (None, "resume", 1)],
)
def test_only_results_of_the_same_build_are_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str | None, asked: str, runs: int
) -> None:
    ran: list[Path] = []

    def run(_database: str, _plan: object, path: Path, build: str) -> None:
        ran.append(path)
        path.write_text(json.dumps(asdict(result(commit=build))))

    monkeypatch.setattr(command, "KEPT", tmp_path)
    monkeypatch.setattr(command, "commit", lambda: "abc")
    monkeypatch.setattr(command, "_run", run)
    values = asdict(LOAD) | {"commit": kept}
    if kept is None:
        # As results were kept before they said of which build they are.
        del values["commit"], values["hit_in_mid_batch"]
    (tmp_path / "sqlite.json").write_text(json.dumps(values))
    taken = command.part(argparse.Namespace(resume="resume" in asked), "sqlite", "", FULL)
    assert len(ran) == runs
    assert taken.commit == "abc"
