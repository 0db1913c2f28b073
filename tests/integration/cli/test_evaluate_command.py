"""`copydesk evaluate`, from a labelled file to figures and a report."""

import csv
import lzma
import re
from pathlib import Path

import pytest

from classifiers.evaluation.wording import NOTHING
from moderation.cli import collecting, score_files
from tests.commands import Copydesk, Ended

CANARY = "what Alice wrote"
ROWS = [
    ("You are an idiot.", "1", "1", "rude"),
    ("I disagree, and here is why.", "0", "0", "civil"),
    ("Thank you for the bridge.", "0", "0", "civil"),
    ("Shut up, you stupid liar.", "1", "", "rude"),
    (f"{CANARY}, idiot", "0", "0", "rude"),
    ("Go away, you moron.", "1", "1", "rude"),
]
HEAD = ("comment_text", "toxicity", "insult", "kind")


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.csv"
    write(path, HEAD, ROWS)
    return path


def write(path: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])


def numbers(scores: Path) -> list[str]:
    """Return the numbers of the lines that were scored."""
    return [line.partition(",")[0] for line in scores.read_text().splitlines()[1:]]


def figures(result: Ended, label: str) -> list[str]:
    """Return the cells of a label's first row."""
    (row, *_) = re.findall(rf"^ *{label} .*$", result.out, re.MULTILINE)
    return re.split(r" {2,}", row.strip())


def test_every_label_of_the_file_is_measured(
    without_installation: Copydesk, labelled: Path
) -> None:
    result = without_installation("evaluate", str(labelled))
    assert (result.status, result.err) == (0, "")
    assert "6 comments, scored by compact@" in result.out
    label, comments, positives, auc, precision, *_ = figures(result, "toxicity")
    assert (label, comments, positives) == ("toxicity", "6", "3")
    assert re.fullmatch(r"\d\.\d{3} \(\d\.\d{3} to \d\.\d{3}\)", auc)
    assert float(precision[:5]) > 0.5
    assert figures(result, "insult")[1:3] == ["5", "2"]
    assert "threat" not in result.out
    assert re.search(r"toxicity +0\.\d+ +\d+ % \(", result.out)
    assert re.search(r"toxicity +any label +\d+ % \(", result.out)


def test_the_report_is_one_page_without_anybodys_words(
    without_installation: Copydesk, labelled: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    result = without_installation("evaluate", str(labelled), "--report", str(page))
    assert f"The report is in {page}" in result.out
    written = page.read_text(encoding="utf-8")
    assert written.startswith("<!doctype html>")
    assert written.count('role="img"') == 8
    assert CANARY not in written + result.out
    without_installation("evaluate", str(labelled), "--report", str(page), "--examples")
    assert CANARY in page.read_text(encoding="utf-8")


def test_groups_are_measured_by_themselves(without_installation: Copydesk, labelled: Path) -> None:
    result = without_installation("evaluate", str(labelled), "--by", "kind")
    assert re.search(r"^ *civil +2 +0 +0\.\d{3} +0 % \(0 to 66\)", result.out, re.MULTILINE)
    assert re.search(r"^ *rude +4 +3 +0\.\d{3} ", result.out, re.MULTILINE)


def test_groups_need_no_label(without_installation: Copydesk, tmp_path: Path) -> None:
    write(tmp_path / "madlibs.csv", ("Text", "Template"), [("hug a nurse", "verb_noun")])
    result = without_installation("evaluate", "madlibs.csv", "--by", "Template")
    assert re.search(r"toxicity by Template +comments", result.out)
    assert re.search(rf"verb_noun +1 +{NOTHING} +0\.\d{{3}}", result.out)


def test_a_column_of_words_is_understood_once_it_is_explained(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    rows = [("I hate women.", "hateful"), ("I like women.", "non-hateful")]
    write(tmp_path / "check.csv", ("test_case", "label_gold"), rows)
    words = ("evaluate", "check.csv", "--text", "test_case")
    explained = "--label", "identity_attack=label_gold=hateful"
    assert figures(without_installation(*words, *explained), "identity_attack")[1:3] == ["2", "1"]
    refused = without_installation(*words, "--label", "identity_attack=label_gold")
    assert "line 2 has no 0 or 1 in label_gold" in refused.err
    assert "hateful" not in refused.err
    assert refused.status == 1


def test_scores_are_written_and_taken_again(
    without_installation: Copydesk, labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = tmp_path / "scores.csv"
    first = without_installation("evaluate", str(labelled), "--scores", str(scores))
    assert CANARY not in scores.read_text()
    # Whoever loads a classifier now fails.
    monkeypatch.setattr(score_files, "score_each", None)
    monkeypatch.setenv("COPYDESK_CLASSIFIER", "nowhere")
    again = without_installation("evaluate", str(labelled), "--from-scores", str(scores))
    assert again == first
    assert "nowhere" in without_installation("evaluate", str(labelled)).err


def test_scores_of_another_file_are_noticed(
    without_installation: Copydesk, labelled: Path, tmp_path: Path
) -> None:
    scores = tmp_path / "scores.csv"
    without_installation("evaluate", str(labelled), "--scores", str(scores))
    write(labelled, HEAD, [(f"{text}!", *others) for text, *others in ROWS])
    refused = without_installation("evaluate", str(labelled), "--from-scores", str(scores))
    assert (refused.status, refused.out) == (1, "")
    assert "Line 2 holds another text than when it was scored" in refused.err
    wrong = without_installation("evaluate", str(labelled), "--from-scores", str(labelled))
    assert "is no file that --scores wrote" in wrong.err


def test_a_limit_draws_comments_and_scores_no_others(
    without_installation: Copydesk, labelled: Path, tmp_path: Path
) -> None:
    scores = tmp_path / "scores.csv"
    words = ("evaluate", str(labelled), "--limit", "4")
    result = without_installation(*words, "--scores", str(scores))
    assert "4 comments, scored by" in result.out
    lines = numbers(scores)
    assert len(lines) == 4
    again = without_installation("evaluate", str(labelled), "--from-scores", str(scores))
    assert again.out == result.out
    other = tmp_path / "other.csv"
    without_installation(*words, "--seed", "2", "--scores", str(other))
    assert numbers(other) != lines


def test_lines_that_cannot_be_used_are_named_and_the_rest_is_measured(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    bad = [("", "1", "", ""), ("x" * 20_001, "1", "", ""), (CANARY, "7", "", "")]
    path = tmp_path / "labelled.csv.xz"
    write(tmp_path / "plain.csv", HEAD, [*ROWS, *bad])
    path.write_bytes(lzma.compress((tmp_path / "plain.csv").read_bytes()))
    page = tmp_path / "report.html"
    result = without_installation("evaluate", str(path), "--report", str(page))
    assert result.status == 1
    assert "6 comments, scored by" in result.out
    assert result.err.splitlines() == [
        "copydesk: line 8 has no text",
        "copydesk: line 9 has 20,001 characters, more than 20,000",
        "copydesk: line 10 has no 0 or 1 in toxicity",
        "copydesk: 3 lines were skipped",
    ]
    assert "<dd>3</dd>" in page.read_text()


def test_comments_in_another_script_are_counted(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    (tmp_path / "labelled.jsonl").write_text(
        '{"text": "你好世界", "toxicity": 0}\n{"text": "idiot", "toxicity": 1}\n'
    )
    result = without_installation("evaluate", "labelled.jsonl")
    assert "1 of them in a script that it has not learnt" in result.out
    # A person gets it: the policy flags it, the threshold does not.
    assert re.search(r"toxicity +any label .* 100 % \(21 to 100\)", result.out)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("labelled.csv", "--label", "toxicity=hate"), "There is no column hate; there are"),
        (("labelled.csv", "--by", "who"), "There is no column who; there are comment_text, "),
        (("labelled.csv", "--text", "words"), "Line 1 names no column words"),
        (("labelled.csv", "--label", "sexual_explicit=insult"), "does not score sexual_explicit"),
        (("unlabelled.csv",), "No column is named as a label; there are text, likes."),
        (("empty.csv",), "There is no comment that can be evaluated"),
        (("lines.txt",), "No column is named as a label"),
        (("labelled.csv", "--site", "agora"), "There is no installation here"),
        (("labelled.csv", "--from-scores", "empty.csv", "--scores", "s"), "leave --classifier"),
        (("labelled.csv", "--from-scores", "none.csv"), "holds no scores"),
        (("labelled.csv", "--from-scores", "empty.csv"), "is no file that --scores wrote"),
        (("labelled.csv", "--scores", "labelled.csv"), "would be overwritten"),
        (("labelled.csv", "--report", "nowhere/report.html"), "There is no folder nowhere"),
        (("labelled.csv", "--report", "same", "--scores", "same"), "name the same file"),
    ],
)
def test_what_cannot_be_evaluated_is_one_line(
    without_installation: Copydesk,
    labelled: Path,
    tmp_path: Path,
    words: tuple[str, ...],
    complaint: str,
) -> None:
    del labelled
    write(tmp_path / "unlabelled.csv", ("text", "likes"), [("hello", "3")])
    write(tmp_path / "empty.csv", ("text", "toxicity"), [])
    write(tmp_path / "none.csv", (*score_files.HEAD, "toxicity"), [])
    (tmp_path / "lines.txt").write_text("hello\n")
    result = without_installation("evaluate", *words)
    assert (result.status, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert complaint in result.err


def test_a_column_of_ids_names_no_groups(
    without_installation: Copydesk, labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MOST_GROUPS", 3)
    result = without_installation("evaluate", str(labelled), "--by", "comment_text")
    assert "has more than 3 values" in result.err


def test_a_site_is_measured_by_its_own_thresholds(copydesk: Copydesk, tmp_path: Path) -> None:
    write(tmp_path / "labelled.csv", HEAD, ROWS)
    copydesk("site", "add", "agora")
    result = copydesk("evaluate", str(tmp_path / "labelled.csv"), "--site", "agora")
    assert "What the thresholds do (of agora, version 1)" in result.out
