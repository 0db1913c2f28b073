"""`copydesk classify`, with the classifier that ships inside."""

import csv
import gzip
import io
import json
import lzma
import os
import pty
import subprocess
import sys
from pathlib import Path
from select import select

import pytest

from moderation.cli import score_output
from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.labels import OF_CLASSIFIERS, Label
from moderation.model.people import Role
from moderation.model.policy import Threshold
from moderation.runtime import Runtime
from moderation.services import tuning
from moderation.services.sites import find_site
from moderation.services.tuning import Draft
from tests.commands import Copydesk, Ended
from tests.factories import make_site, make_user

CIVIL = "I disagree, and here is why."
RUDE = "You are an idiot."
DEADLINE_SECONDS = 30.0
ROOT = Path(__file__).parents[3]
PROGRAM = "from moderation.cli import main; main()"


def objects(printed: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in printed.splitlines()]


def actions(result: Ended) -> list[tuple[object, object]]:
    return [(line["text"], line["action"]) for line in objects(result.out)]


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_text_is_scored_without_an_installation(without_installation: Copydesk) -> None:
    result = without_installation("classify", RUDE, CIVIL, "--format", "jsonl")
    assert (result.status, result.err) == (0, "")
    rude, civil = objects(result.out)
    assert list(rude) == ["text", "scores", "language", "action"]
    assert (rude["text"], rude["language"], rude["action"]) == (RUDE, None, "flag")
    assert (civil["text"], civil["action"]) == (CIVIL, "approve")
    assert set(rude["scores"]) == set(OF_CLASSIFIERS) - {Label.SEXUAL_EXPLICIT}


def test_a_language_that_the_classifier_does_not_know_is_named_and_flagged(
    without_installation: Copydesk,
) -> None:
    threat = "Te voy a matar, hijo de puta, ya sé dónde vives."
    [found] = objects(without_installation("classify", threat, "--format", "jsonl").out)
    assert (found["language"], found["action"]) == ("es", "flag")


def test_a_table_is_for_people(without_installation: Copydesk) -> None:
    result = without_installation("classify", "You are an idiot.\x1b[2J\nReally", CIVIL)
    head, labels, rude, civil = result.out.splitlines()
    assert head.split() == ["severe", "identity"]
    assert labels.split()[:4] == ["action", "toxicity", "toxicity", "obscene"]
    assert rude.startswith("flag ")
    assert rude.endswith("You are an idiot.<U+001B>[2J ⏎ Really")
    assert civil.startswith("approve ")
    assert labels.index("comment") == civil.index(CIVIL)


def test_a_table_fits_the_terminal(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_output.screen, "WIDE", 80)
    result = without_installation("classify", "好" * 100, "word " * 100)
    assert all(line.endswith("…") for line in result.out.splitlines()[2:])
    wide, narrow = result.out.splitlines()[2:]
    assert len(narrow) <= 80
    assert 75 <= len(wide) + wide.count("好") <= 80


def test_csv_has_a_column_for_each_label(without_installation: Copydesk) -> None:
    result = without_installation("classify", "an, idiot", "--format", "csv")
    head, row = csv.reader(io.StringIO(result.out))
    assert head[:4] == ["text", "action", "language", "toxicity"]
    assert row[0] == "an, idiot"
    assert len(row) == len(head)
    assert 0.0 <= float(row[3]) <= 1.0


def test_standard_input_is_one_comment_on_each_line(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, f"\ufeff{CIVIL}\r\n\n{RUDE}".encode())
    result = without_installation("classify", "--format", "jsonl")
    assert actions(result) == [(CIVIL, "approve"), (RUDE, "flag")]


def test_each_answer_comes_before_the_next_question() -> None:
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", PROGRAM, "classify", "--format", "jsonl"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for text in (CIVIL, RUDE):
            program.stdin.write(text.encode() + b"\n")
            program.stdin.flush()
            # Without an answer the next line would wait for ever.
            answered, _, _ = select([program.stdout], [], [], DEADLINE_SECONDS)
            if not answered:
                program.kill()
            assert json.loads(program.stdout.readline())["text"] == text
        program.stdin.close()
        assert program.stdout.read() == b""
    assert program.returncode == 0


def test_a_person_at_stderr_sees_a_bar_and_a_file_at_stdout_gets_the_answers(
    tmp_path: Path,
) -> None:
    (tmp_path / "comments.txt").write_text(f"{CIVIL}\n{RUDE}\n")
    ours, theirs = pty.openpty()
    words = ("classify", "--file", "comments.txt", "--format", "jsonl")
    with (tmp_path / "out.jsonl").open("wb") as out:
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", PROGRAM, *words],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"},
            stdout=out,
            stderr=theirs,
            check=False,
        )
    os.close(theirs)
    seen = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "2 comments" in seen
    assert [line["text"] for line in objects((tmp_path / "out.jsonl").read_text())] == [CIVIL, RUDE]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("comments.txt", f"{CIVIL}\n{RUDE}\n".encode()),
        ("comments.jsonl", f'{{"id": 1, "text": "{CIVIL}"}}\n{{"TEXT": "{RUDE}"}}\n'.encode()),
        ("comments.csv", f'id,comment_text\n1,"{CIVIL}"\n2,{RUDE}\n'.encode()),
        ("comments.csv.xz", lzma.compress(f'tweet\n"{CIVIL}"\n{RUDE}\n'.encode())),
        (
            "comments.JSONL.gz",
            gzip.compress(f'{{"body": "{CIVIL}"}}\n{{"text": "{RUDE}"}}'.encode(), mtime=0),
        ),
    ],
)
def test_files_are_read_by_the_endings_of_their_names(
    without_installation: Copydesk, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    result = without_installation("classify", "--file", name, "--format", "jsonl")
    assert (result.status, result.err) == (0, "")
    assert actions(result) == [(CIVIL, "approve"), (RUDE, "flag")]


def test_another_column_can_be_named(without_installation: Copydesk, tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_text(f"text,said\n{RUDE},thank you\n")
    words = ("classify", "--file", "comments.csv", "--format", "jsonl")
    assert actions(without_installation(*words, "--text", "said")) == [("thank you", "approve")]
    refused = without_installation(*words, "--text", "words")
    assert (refused.status, refused.out) == (1, "")
    assert "Line 1 names no column words; it names text, said." in refused.err


def test_lines_that_cannot_be_used_are_named_and_the_rest_goes_on(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    secret = "what Alice wrote"  # noqa: S105 - no password
    lines = [
        json.dumps({"text": CIVIL}).encode(),
        b'{"text": "' + secret.encode() + b' \xff"}',
        json.dumps({"text": (secret * 2_000)[: MAX_TEXT_LENGTH + 1]}).encode(),
        json.dumps({"words": secret}).encode(),
        json.dumps({"text": [secret]}).encode(),
        json.dumps({"text": RUDE}).encode(),
    ]
    (tmp_path / "comments.jsonl").write_bytes(b"\n".join(lines))
    result = without_installation("classify", "--file", "comments.jsonl", "--format", "jsonl")
    assert result.status == 1
    assert actions(result) == [(CIVIL, "approve"), (RUDE, "flag")]
    assert result.err.splitlines() == [
        "copydesk: line 2 is not JSON in UTF-8",
        "copydesk: line 3 has 20,001 characters, more than 20,000",
        "copydesk: line 4 has no text",
        "copydesk: line 5 has something else than text as its text",
        "copydesk: 4 lines were skipped",
    ]


@pytest.mark.parametrize("name", ["comments.txt", "comments.csv"])
def test_bytes_that_are_no_utf_8_are_no_comment(
    without_installation: Copydesk, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"text\nna\xefve\nfine\n")
    result = without_installation("classify", "--file", name, "--format", "csv")
    assert result.err.splitlines() == [
        "copydesk: line 2 is not UTF-8",
        "copydesk: 1 line was skipped",
    ]
    assert result.out.splitlines()[-1].startswith('"fine","approve"')


def test_a_file_in_another_encoding_is_not_a_flood(
    without_installation: Copydesk, tmp_path: Path
) -> None:
    (tmp_path / "comments.txt").write_bytes(b"na\xefve\n" * 1_000)
    result = without_installation("classify", "--file", "comments.txt")
    assert len(result.err.splitlines()) == 21
    assert "1,000 lines were skipped, 980 of them not named here" in result.err


def test_a_huge_line_is_passed_over(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, b"x" * 3_000_000 + b"\nfine\n")
    result = without_installation("classify", "--format", "jsonl")
    assert "line 1 is longer than 1048576 bytes" in result.err
    assert actions(result) == [("fine", "approve")]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("hello", "--file", "comments.txt"), "not both"),
        (("hello", "--classifier", "vader"), "there is no classifier 'vader'"),
        (("hello", "--classifier", "detoxify:original"), "copydesk"),
        (("--file", "wide.txt"), "UTF-16"),
        (("--file", "torn.csv.xz"), "damaged"),
        (("--file", "Book.XLSX"), "save it as CSV in UTF-8"),
        (("hello", "--site", "agora"), "There is no installation here"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    without_installation: Copydesk, tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    (tmp_path / "comments.txt").write_text(CIVIL)
    (tmp_path / "wide.txt").write_text(CIVIL, encoding="utf-16")
    (tmp_path / "Book.XLSX").write_bytes(b"PK\x03\x04\xff\n" * 99)
    (tmp_path / "torn.csv.xz").write_bytes(lzma.compress(b"text\n" + b"hello\n" * 9_999)[:60])
    result = without_installation("classify", *words)
    assert (result.status, result.err.count("\n")) == (1, 1)
    assert complaint in result.err


def test_a_terminal_without_a_text_is_told_what_to_give(
    without_installation: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert "Give texts" in without_installation("classify").err


def test_a_comment_in_another_script_is_left_to_a_person(without_installation: Copydesk) -> None:
    result = without_installation("classify", "你好世界", "--format", "jsonl")
    assert actions(result) == [("你好世界", "flag")]


def test_a_site_decides_by_its_own_thresholds(copydesk: Copydesk, cli_runtime: Runtime) -> None:
    copydesk("site", "add", "agora")
    words = ("classify", "--format", "jsonl", CIVIL, "--site")
    assert actions(copydesk(*words, "agora")) == [(CIVIL, "approve")]
    site_id = find_site(cli_runtime, "agora").id
    olga = make_user(cli_runtime, "Olga", Role.OPERATOR, site_id)
    strict = Draft({Label.TOXICITY: Threshold(flag=0.0001)}, "strict", seen=1)
    tuning.publish(cli_runtime, olga, site_id, strict)
    assert actions(copydesk(*words, "agora")) == [(CIVIL, "flag")]
    assert "no site named nowhere" in copydesk(*words, "nowhere").err


def test_thresholds_for_another_classifier_approve_nothing(
    copydesk: Copydesk, cli_runtime: Runtime
) -> None:
    make_site(cli_runtime, "agora")
    result = copydesk("classify", CIVIL, "--site", "agora", "--format", "jsonl")
    assert actions(result) == [(CIVIL, "flag")]
