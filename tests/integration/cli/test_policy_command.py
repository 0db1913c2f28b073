"""`copydesk policy`, as an operator types it, and as CI does."""

import io
import json
import sys
from pathlib import Path

import pytest

from moderation.model.decisions import Action
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.classifier_versions import saw_classifier
from moderation.services.moderating import decide_comment
from moderation.services.sites import policy_in_force
from tests.commands import Copydesk
from tests.factories import CIVIL, CLASSIFIER, NEXT, Agora, classify_all, make_agora, submit


@pytest.fixture(autouse=True)
def agora(cli_runtime: Runtime) -> Agora:
    made = make_agora(cli_runtime)
    saw_classifier(cli_runtime, CLASSIFIER, [label for label in Label if label in CIVIL])
    return made


@pytest.fixture
def strict(copydesk: Copydesk, tmp_path: Path) -> str:
    """Return the name of a file: the policy in force, but for insults."""
    path = tmp_path / "agora.yaml"
    shown = copydesk("policy", "show", "agora").out
    path.write_text(shown.replace("insult:\n    flag: 0.8", "insult:\n    flag: 0.5"))
    return str(path)


@pytest.fixture
def scored(cli_runtime: Runtime, agora: Agora) -> None:
    for n, score in enumerate([0.1] * 7 + [0.6] * 3):
        submit(cli_runtime, agora.site_id, f"c{n}")
        classify_all(cli_runtime, CIVIL | {Label.INSULT: score})


def test_what_is_shown_can_be_published_and_taken_back(
    copydesk: Copydesk, cli_runtime: Runtime, strict: str
) -> None:
    assert copydesk("policy", "diff", "agora", strict).status == 1
    published = copydesk("policy", "publish", "agora", strict, "--reason", "fewer insults")
    assert published.status == 0
    assert published.out.splitlines() == [
        "thresholds.insult.flag: 0.8 → 0.5",
        f"Policy 2 of site agora is in force for {CLASSIFIER}.",
    ]
    assert policy_in_force(cli_runtime, "agora", CLASSIFIER).version == 2
    again = copydesk("policy", "publish", "agora", strict, "--reason", "again")
    assert again.out == "Nothing was published: policy 2 of site agora says the same.\n"
    assert copydesk("policy", "diff", "agora", strict).status == 0
    back = copydesk("policy", "rollback", "agora", "1")
    assert "Policy 3 of site agora is in force" in back.out
    listed = copydesk("policy", "versions", "agora").out
    assert "thresholds.insult.flag: 0.8 → 0.5" in listed
    assert "Back to version 1." in listed
    assert "the installation" in listed


def test_a_policy_is_shown_for_people_and_for_programs(copydesk: Copydesk, strict: str) -> None:
    copydesk("policy", "publish", "agora", strict, "--reason", "fewer insults")
    shown = copydesk("policy", "show", "agora").out
    assert shown.startswith("# The policy of agora, version 2\n# Published ")
    assert "# Why: fewer insults" in shown
    found = json.loads(copydesk("policy", "show", "agora", "--format", "json").out)
    assert (found["version"], found["policy"]["thresholds"]["insult"]) == (2, {"flag": 0.5})
    first = copydesk("policy", "show", "agora", "--version", "1").out
    assert "version 1\n" in first
    assert copydesk("policy", "show", "agora", "--classifier", CLASSIFIER).out == shown
    assert copydesk("policy", "show", "agora", "--classifier", NEXT).status == 1
    assert copydesk("policy", "show", "agora", "--version", "9").status == 1
    assert copydesk("policy", "show", "nowhere").status == 1


def test_versions_and_files_and_standard_input_are_compared(
    copydesk: Copydesk, strict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copydesk("policy", "publish", "agora", strict, "--reason", "fewer insults")
    forth = copydesk("policy", "diff", "agora", "1", "2")
    assert (forth.status, forth.out) == (1, "thresholds.insult.flag: 0.8 → 0.5\n")
    assert copydesk("policy", "diff", "agora", "2", "1").out == (
        "thresholds.insult.flag: 0.5 → 0.8\n"
    )
    same = copydesk("policy", "diff", "agora", "2", strict)
    assert (same.status, same.out) == (0, "")
    piped = io.TextIOWrapper(io.BytesIO(Path(strict).read_bytes()))
    monkeypatch.setattr(sys, "stdin", piped)
    assert copydesk("policy", "diff", "agora", "-", "2").status == 0


@pytest.mark.parametrize("other", ["9", "no-such-file.yaml"])
def test_what_cannot_be_compared_is_not_taken_for_a_difference(
    copydesk: Copydesk, other: str
) -> None:
    ended = copydesk("policy", "diff", "agora", other)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("copydesk: ")


def test_what_was_published_meanwhile_is_not_overwritten(copydesk: Copydesk, strict: str) -> None:
    copydesk("policy", "publish", "agora", strict, "--reason", "mine")
    Path(strict).write_text(Path(strict).read_text().replace("0.85", "0.9"))
    options = ("--reason", "mine too", "--seen")
    refused = copydesk("policy", "publish", "agora", strict, *options, "1")
    assert refused.status == 1
    assert "Somebody published version 2 meanwhile." in refused.err
    assert copydesk("policy", "rollback", "agora", "1", "--seen", "1").status == 1
    assert copydesk("policy", "publish", "agora", strict, *options, "2").status == 0


def test_a_policy_for_another_classifier_changes_nothing_yet(
    copydesk: Copydesk, cli_runtime: Runtime, strict: str
) -> None:
    Path(strict).write_text(Path(strict).read_text().replace(CLASSIFIER, NEXT))
    refused = copydesk("policy", "publish", "agora", strict, "--reason", "x")
    assert refused.status == 1
    assert f"No worker has run {NEXT}" in refused.err
    saw_classifier(cli_runtime, NEXT, [label for label in Label if label in CIVIL], decides=False)
    said = copydesk("policy", "publish", "agora", strict, "--reason", "x").out
    assert f"Policy 2 of site agora is in force for {NEXT}." in said
    assert f"{CLASSIFIER} decides now" in said


def test_files_are_checked_without_an_installation(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("classifier: compact@1\nthresholds:\n  insult:\n    flag: 0.8\n")
    bad.write_text("classifier: compact@1\nthresholds:\n  insult:\n    flg: 0.8\n")
    passed = without_installation("policy", "check", str(good))
    assert (passed.status, passed.out) == (0, f"{good}: a policy for compact@1\n")
    failed = without_installation("policy", "check", str(bad), str(good), str(tmp_path / "none"))
    assert failed.status == 1
    first, second, third = failed.out.splitlines()
    assert first.startswith(f"{bad}:4: thresholds.insult.flg: there is no such field")
    assert second == f"{good}: a policy for compact@1"
    assert third == f"{tmp_path / 'none'}: No such file or directory"
    assert without_installation("policy", "check").status == 2
    assert without_installation("policy", "check", str(good), "--most-missed", "1").status == 2


def test_a_file_that_is_wrong_is_told_line_by_line(copydesk: Copydesk, strict: str) -> None:
    Path(strict).write_text(Path(strict).read_text().replace("action: flag", "acton: flag"))
    refused = copydesk("policy", "publish", "agora", strict, "--reason", "x")
    assert refused.status == 1
    assert f"{strict}:19: other_languages.acton: there is no such field" in refused.err
    assert f"{strict}:18: other_languages.action: " in refused.err


@pytest.mark.usefixtures("scored")
def test_a_policy_is_tried_before_it_is_published(copydesk: Copydesk, strict: str) -> None:
    said = " ".join(copydesk("policy", "simulate", "agora", strict).out.split())
    assert f"10 comments of all the time, by scores of {CLASSIFIER}:" in said
    assert "wait for a person 0 3" in said
    assert "over a line of insult 0 3" in said
    assert "approve flag 3 0" in said
    assert "too few to tell (0)" in said
    same = copydesk("policy", "simulate", "agora", strict, "--days", "7").out
    assert "10 comments of the last 7 days" in same
    found = json.loads(copydesk("policy", "simulate", "agora", strict, "--format", "json").out)
    assert (found["in_force"]["flagged"], found["draft"]["flagged"]) == (0, 3)
    assert copydesk("policy", "versions", "agora").out.count("yes") == 1


def test_words_that_are_new_are_told_beside_the_figures(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora, strict: str
) -> None:
    for n in range(20):
        submit(cli_runtime, agora.site_id, f"w{n}", text="A canary." if n < 2 else "Nothing.")
    classify_all(cli_runtime)
    lists = "word_lists:\n- name: Rude\n  action: flag\n  entries: [canary]\n"
    Path(strict).write_text(Path(strict).read_text() + lists)
    said = " ".join(copydesk("policy", "simulate", "agora", strict).out.split())
    assert "2 of the newest 20 comments have one, about 2 (1 to 6) a day." in said


def test_without_comments_nothing_is_told(copydesk: Copydesk, strict: str) -> None:
    said = copydesk("policy", "simulate", "agora", strict).out
    assert said == f"0 comments of the last 30 days, by scores of {CLASSIFIER}:\n"


def test_ci_can_refuse_a_policy_that_misses_what_people_rejected(
    copydesk: Copydesk, cli_runtime: Runtime, agora: Agora, strict: str
) -> None:
    comment_id = submit(cli_runtime, agora.site_id).comment_id
    classify_all(cli_runtime)
    decide_comment(cli_runtime, agora.alice, comment_id, Action.REJECT, seen=1)
    check = ("policy", "check", strict, "--against", "agora", "--most-missed")
    assert copydesk(*check, "1").status == 0
    refused = copydesk(*check, "0")
    assert refused.status == 1
    assert "approve 1 of 1 that people rejected (too many), on 1 comments" in refused.out


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize(
    ("limits", "status"),
    [
        ((), 0),
        (("--most-flags-a-day", "3"), 0),
        (("--most-flags-a-day", "2.9"), 1),
        (("--most-missed", "0"), 0),
        (("--most-missed", "0", "--most-flags-a-day", "2"), 1),
    ],
)
def test_ci_can_refuse_a_policy_that_flags_too_much(
    copydesk: Copydesk, strict: str, limits: tuple[str, ...], status: int
) -> None:
    ended = copydesk("policy", "check", strict, "--against", "agora", *limits)
    assert ended.status == status
    assert "would flag 3.0 a day" in ended.out
    assert ("(too many)" in ended.out) == (status == 1)
