"""`copydesk translate`, from another classifier's scores to thresholds and a report."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from classifiers.evaluation.wording import NOTHING
from moderation.cli import score_files
from tests.commands import Copydesk, Ended

CANARY = "what Alice wrote"
HEAD = ("comment_text", "perspective", "insult")
ROWS = [
    ("You are an idiot.", "0.91", "0.8"),
    ("I disagree, and here is why.", "0.05", "0.1"),
    ("Thank you for the bridge.", "0.02", ""),
    ("Shut up, you stupid liar.", "0.88", "0.7"),
    (f"{CANARY}, thank you", "0.11", "0.1"),
    ("Go away, you moron.", "0.83", "0.9"),
]
FROM = ("--from", "toxicity=perspective")


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    path = tmp_path / "scored.csv"
    write(path, HEAD, ROWS)
    return path


@pytest.fixture
def columns(tmp_path: Path) -> Path:
    """A hundred comments without a text; the new score is half of the old one."""
    path = tmp_path / "columns.csv"
    rows = [(f"{at / 100}", f"{at / 200}") for at in range(100)]
    write(path, ("before", "after"), rows)
    return path


def write(path: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])


def objects(result: Ended) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.out.splitlines()]


def test_the_classifier_scores_what_another_has_scored(
    without_installation: Copydesk, scored: Path
) -> None:
    words = ("translate", str(scored), *FROM, "--at", "0.8", "--format", "jsonl")
    result = without_installation(*words)
    assert (result.status, result.err) == (0, "")
    [row] = objects(result)
    assert (row["label"], row["from"], row["comments"], row["flagged"]) == (
        "toxicity",
        "perspective",
        6,
        3,
    )
    assert str(row["to"]).startswith("compact@")
    # Three insults stand above three civil comments for both.
    assert (row["same_share_agreement"], row["same_share_only_new"]) == (1.0, 0)
    assert 0.1 < float(str(row["same_share"])) == row["best"]
    assert row["few"] is True
    assert 0.5 < float(str(row["rank_correlation"])) <= 1


def test_two_columns_need_no_classifier_and_no_text(
    without_installation: Copydesk, columns: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_CLASSIFIER", "nowhere")
    result = without_installation(
        "translate", str(columns), "--from", "threat=before", "--to", "threat=after"
    )
    assert (result.status, result.err) == (0, "")
    assert "threat: from before to after" in result.out
    assert "100 comments, rank correlation 1.000" in result.out
    half = r"^ *0\.5 +50 \(50 %\) +0\.250 \(0\.220 to 0\.275\) +50 +100 % +0 +0 +0\.250 "
    assert re.search(half, result.out, re.MULTILINE)
    assert len(re.findall(r"^ *0\.\d+ +\d+ \(", result.out, re.MULTILINE)) == 19
    few = ", ".join(f"{step / 20:g}" for step in range(11, 20))
    assert f"are flagged for threat at {few}: fewer than 50." in result.out


def test_a_threshold_that_flags_nothing_says_what_is_known(
    without_installation: Copydesk, columns: Path
) -> None:
    words = ("translate", str(columns), "--from", "threat=before", "--to", "threat=after")
    printed = without_installation(*words, "--at", "1").out
    row = rf"^ *1 +0 \(0 %\) +above 0\.470 +0 +100 % +0 +0 +{NOTHING} "
    assert re.search(row, printed, re.MULTILINE)
    [row] = objects(without_installation(*words, "--at", "1", "--format", "jsonl"))
    assert (row["same_share"], row["same_share_low"], row["best"]) == (None, 0.47, None)


def test_csv_has_a_row_for_each_label_and_threshold(
    without_installation: Copydesk, scored: Path
) -> None:
    words = ("translate", str(scored), *FROM, "--from", "insult=insult", "--format", "csv")
    printed = without_installation(*words, "--at", ".8", "--at", ".6", "--at", ".8").out
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert [(row["label"], row["old_threshold"], row["comments"]) for row in rows] == [
        ("toxicity", "0.6", "6"),
        ("toxicity", "0.8", "6"),
        ("insult", "0.6", "5"),
        ("insult", "0.8", "5"),
    ]


def test_what_classify_has_written_is_translated(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    words = ("classify", *(text for text, _, _ in ROWS), "--format", "csv")
    (tmp_path / "old.csv").write_text(without_installation(*words).out)
    words = ("translate", "old.csv", "--at", ".5", "--format", "jsonl")
    rows = objects(without_installation(*words))
    assert len(rows) == 6
    # By the classifier that scored them before.
    assert {row["same_share_agreement"] for row in rows} == {1.0}


def test_columns_named_as_labels_and_fields_within_fields_are_found(
    without_installation: Copydesk, scored: Path, tmp_path: Path
) -> None:
    [row] = objects(
        without_installation("translate", str(scored), "--at", ".5", "--format", "jsonl")
    )
    assert (row["label"], row["from"]) == ("insult", "insult")
    nested = {"text": CANARY, "scores": {"toxicity": 0.25}, "attributes": {"TOXICITY": 0.75}}
    (tmp_path / "nested.jsonl").write_text(f"{json.dumps(nested)}\n" * 3)
    words = ("--from", "toxicity=attributes.TOXICITY", "--to", "toxicity=scores.toxicity")
    printed = without_installation("translate", "nested.jsonl", *words, "--at", ".75").out
    assert re.search(r"0\.75 +3 \(100 %\) +0\.250 ", printed)


def test_the_report_is_one_page_without_anybodys_words(
    without_installation: Copydesk, scored: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    result = without_installation("translate", str(scored), *FROM, "--report", str(page))
    assert f"The report is in {page}" in result.out
    written = page.read_text(encoding="utf-8")
    assert written.startswith("<!doctype html>")
    assert written.count('role="img"') == 2
    assert "fewer than 50" in written
    assert CANARY not in written + result.out


def test_scores_are_written_and_taken_again(
    without_installation: Copydesk, scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = str(tmp_path / "kept.csv")
    first = without_installation("translate", str(scored), *FROM, "--scores", kept)
    monkeypatch.setattr(score_files, "score_each", None)
    again = without_installation("translate", str(scored), *FROM, "--from-scores", kept)
    assert again == first


def test_a_limit_draws_comments(without_installation: Copydesk, columns: Path) -> None:
    words = ("--from", "threat=before", "--to", "threat=after", "--limit", "10")
    assert "10 comments," in without_installation("translate", str(columns), *words).out


def test_lines_that_cannot_be_used_are_named_and_the_rest_is_translated(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    bad = [(CANARY, "high", ""), (CANARY, "87", ""), ("", "0.5", ""), (CANARY, "", "")]
    write(tmp_path / "scored.csv", HEAD, [*ROWS, *bad])
    result = without_installation("translate", "scored.csv", *FROM)
    assert result.status == 1
    assert "6 comments," in result.out
    assert result.err.splitlines() == [
        "copydesk: line 8 has no score from 0 to 1 in perspective",
        "copydesk: line 9 has no score from 0 to 1 in perspective",
        "copydesk: line 10 has no text",
        "copydesk: 3 lines were skipped",
    ]


def test_bad_new_scores_are_named_like_old_ones(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    write(tmp_path / "two.csv", ("before", "after"), [("0.5", "0.4"), ("0.5", "x"), ("0.1", "")])
    words = ("--from", "threat=before", "--to", "threat=after")
    result = without_installation("translate", "two.csv", *words)
    assert "1 comments," in result.out
    assert "line 3 has no score from 0 to 1 in after" in result.err


def test_a_table_as_spreadsheets_write_it_is_understood(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    rows = "".join(f'"{text}";{old.replace(".", ",")}\r\n' for text, old, _ in ROWS)
    (tmp_path / "excel.csv").write_text(f"Comment;Perspective\r\n{rows}", encoding="utf-8-sig")
    words = ("--from", "toxicity=Perspective", "--at", ".8")
    result = without_installation("translate", "excel.csv", *words)
    assert (result.status, result.err) == (0, "")
    assert re.search(r"0\.8 +3 \(50 %\) ", result.out)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("scored.csv", "--from", "toxicity=score"), "There is no column score; there are"),
        (("scored.csv", "--from", "perspective"), "--from is LABEL=COLUMN"),
        (("scored.csv", "--from", "toxicity=insult=yes"), "--from is LABEL=COLUMN"),
        (("scored.csv", *FROM, "--to", "insult=insult"), "does not score toxicity"),
        (("scored.csv", *FROM, "--to", "toxicity=new"), "There is no column new; there are"),
        (("scored.csv", *FROM, "--to", "toxicity=insult", "--classifier", "x"), "leave --class"),
        (("scored.csv", *FROM, "--at", "80"), "--at is a score from 0 to 1"),
        (("scored.csv", *FROM, "--at", "nan"), "--at is a score from 0 to 1"),
        (("scored.csv", *FROM, "--text", "words"), "Line 1 names no column words"),
        (("scored.csv", *FROM, "--report", "scored.csv"), "would be overwritten"),
        (("unscored.csv",), "No column is named as a label; there are text, likes."),
        (("empty.csv",), "There is no comment that both have scored"),
        (("lines.txt", *FROM, "--to", "toxicity=b"), "is a .csv or .jsonl file"),
    ],
)
def test_what_cannot_be_translated_is_one_line(
    without_installation: Copydesk,
    scored: Path,
    tmp_path: Path,
    words: tuple[str, ...],
    complaint: str,
) -> None:
    del scored
    write(tmp_path / "unscored.csv", ("text", "likes"), [("hello", "3")])
    write(tmp_path / "empty.csv", ("text", "toxicity"), [])
    (tmp_path / "lines.txt").write_text("hello\n")
    result = without_installation("translate", *words)
    assert (result.status, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert complaint in result.err
