"""`copydesk import`, from a file on the disk to what is stored and what is said."""

import csv
import json
from pathlib import Path

import pytest

from moderation.model.comments import Status
from moderation.model.errors import NotFound
from moderation.runtime import Runtime
from moderation.services.reading import CommentView, get_comment_by_external_id
from moderation.services.sites import find_site
from tests.commands import Copydesk

CANARY = "what Alice wrote"


@pytest.fixture(autouse=True)
def _agora(copydesk: Copydesk) -> None:
    copydesk("site", "add", "agora")


def look(runtime: Runtime, external_id: str) -> CommentView:
    return get_comment_by_external_id(runtime, find_site(runtime, "agora").id, external_id)


def written(folder: Path, *lines: object) -> str:
    path = folder / "export.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def rejected(folder: Path, name: str = "export.jsonl.rejected.csv") -> list[list[str]]:
    with (folder / name).open(newline="") as file:
        return list(csv.reader(file))[1:]


def test_comments_and_past_decisions_are_imported(
    copydesk: Copydesk, cli_runtime: Runtime, tmp_path: Path
) -> None:
    file = written(
        tmp_path,
        {"external_id": "1", "text": CANARY, "author": {"name": "Alice"}, "karma": 7},
        {"external_id": "2", "text": CANARY, "decision": "reject", "decided_by": "Bob"},
    )
    result = copydesk("import", file, "--site", "agora")
    assert result.status == 0
    assert result.out.split()[:3] == ["Imported.", "1", "with"]
    assert "ignored: karma" in result.out
    assert look(cli_runtime, "1").comment.status is Status.PENDING
    assert look(cli_runtime, "2").comment.status is Status.REJECTED
    assert not (tmp_path / "export.jsonl.rejected.csv").exists()


def test_a_dry_run_says_the_same_and_stores_nothing(
    copydesk: Copydesk, cli_runtime: Runtime, tmp_path: Path
) -> None:
    file = written(tmp_path, {"external_id": "1", "text": "x"}, {"external_id": "2"})
    result = copydesk("import", file, "--site", "agora", "--dry-run")
    assert "this is what would happen" in result.out
    assert rejected(tmp_path) == [["2", "text is missing"]]
    with pytest.raises(NotFound):
        look(cli_runtime, "1")


def test_bad_lines_are_listed_by_number_and_quoted_nowhere(
    copydesk: Copydesk, cli_runtime: Runtime, tmp_path: Path
) -> None:
    file = tmp_path / "export.jsonl"
    good = [json.dumps({"external_id": str(n), "text": "x"}).encode() for n in (1, 2)]
    bad = [
        json.dumps({"external_id": "3", "text": CANARY + "\x00"}).encode(),
        b'{"external_id": "4", "text": "\xff' + CANARY.encode() + b'"}',
        CANARY.encode(),
        json.dumps({"external_id": "5", "text": CANARY, "decision": CANARY}).encode(),
    ]
    file.write_bytes(b"\n".join([good[0], *bad, good[1]]))
    result = copydesk("import", str(file), "--site", "agora")
    assert result.status == 1
    assert [line for line, _ in rejected(tmp_path)] == ["2", "3", "4", "5"]
    assert "4  lines that cannot be used" in result.out
    assert CANARY not in (tmp_path / "export.jsonl.rejected.csv").read_text()
    assert CANARY not in result.out + result.err
    assert look(cli_runtime, "2").comment.text == "x"


def test_a_table_is_imported_and_again_changes_nothing(
    copydesk: Copydesk, cli_runtime: Runtime, tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    file.write_text('external_id;text;author_name;decision\n7;"Hello;\nAda";Ada;approve\n8;Hi;;\n')
    for first in (True, False):
        result = copydesk("import", str(file), "--site", "agora")
        assert result.status == 0
        assert (" 2  known" in result.out) is not first
    view = look(cli_runtime, "7")
    assert (view.comment.text, view.comment.author.name) == ("Hello;\nAda", "Ada")


def test_a_long_file_is_stored_in_several_batches(
    copydesk: Copydesk, cli_runtime: Runtime, tmp_path: Path
) -> None:
    lines = [{"external_id": str(n), "text": "x", "decision": "approve"} for n in range(1201)]
    result = copydesk("import", written(tmp_path, *lines), "--site", "agora")
    assert "1,201  with a past decision" in result.out
    assert look(cli_runtime, "1200").comment.status is Status.APPROVED


def test_the_report_goes_where_it_is_wanted(copydesk: Copydesk, tmp_path: Path) -> None:
    report = tmp_path / "elsewhere.csv"
    copydesk("import", written(tmp_path, {}), "--site", "agora", "--rejected", str(report))
    assert [line for line, _ in rejected(tmp_path, report.name)] == ["1"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("nothing.jsonl", "--site", "agora"), "does not exist"),
        (("export.txt", "--site", "agora"), "--format"),
        (("export.csv", "--site", "agora"), "these are missing: external_id, text"),
        (("export.jsonl", "--site", "nowhere"), "no site named nowhere"),
    ],
)
def test_what_cannot_be_imported_is_said_at_once(
    copydesk: Copydesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("export.txt", "export.csv", "export.jsonl"):
        (tmp_path / name).write_text("name,body\n1,2\n")
    result = copydesk("import", *words)
    assert result.status in (1, 2)
    assert complaint in " ".join(result.err.replace("│", " ").split())


def test_a_disabled_site_takes_nothing(copydesk: Copydesk, tmp_path: Path) -> None:
    copydesk("site", "disable", "agora")
    result = copydesk("import", written(tmp_path, {}), "--site", "agora")
    assert "is disabled" in result.err
